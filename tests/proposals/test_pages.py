"""The page of a proposal, its receipt and what readers do there."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import close_account
from accounts.models import Person
from cocreation.models import Follow, PendingAct
from proposals import actions
from proposals.models import Proposal, Support
from proposals.panels import Panel, proposal_panels
from tests.visits import forget

pytestmark = pytest.mark.django_db

WRITE = {"sec-fetch-site": "same-origin"}
HTMX = WRITE | {"hx-request": "true"}


def page_of(client, proposal: Proposal, language: str = "en", query: str = "") -> str:
    response = client.get(f"/{language}/proposals/{proposal.receipt}/{query}")
    assert response.status_code == 200
    return response.content.decode()


# --- who sees what ---


@pytest.mark.parametrize("which", ["hidden", "withdrawn", "erased", "draft", "planned"])
@pytest.mark.parametrize("who", [None, "amina", "ines", "olga", "clara"])
def test_what_is_not_public_has_no_page_for_others(world, sign_in, which, who):
    client = sign_in(world.people[who] if who else None)
    assert client.get(f"/de/proposals/{world.proposals[which].receipt}/").status_code == 404


def test_the_author_reads_rule_and_reason_above_a_hidden_proposal(world, sign_in):
    page = page_of(sign_in(world.jonas), world.hidden)
    assert "Beleidigt einen Menschen." in page and "Respekt" in page
    assert "aria-pressed" not in page.partition('id="support"')[2].partition("</section>")[0]


def test_the_author_of_a_withdrawn_proposal_reads_that_it_is(world, sign_in):
    assert "This proposal was withdrawn." in page_of(sign_in(world.jonas), world.withdrawn)


@pytest.mark.parametrize("which", ["hidden", "withdrawn", "erased"])
@pytest.mark.parametrize("who", [None, "amina", "jonas", "mo"])
def test_the_receipt_of_what_is_gone_says_only_that(world, sign_in, which, who):
    proposal = world.proposals[which]
    response = sign_in(world.people[who] if who else None).get(f"/en/r/{proposal.receipt}/")
    assert response.status_code == 200
    page = response.content.decode()
    main = page.partition("<main")[2].partition("</main>")[0]
    assert {"withdrawn": "was withdrawn by its author", "hidden": "Moderation took", "erased": "was erased"}[
        which
    ] in page
    assert "Geheimnis" not in page and "Secret" not in page and "Jonas" not in main


@pytest.mark.parametrize("which", ["draft", "planned"])
def test_what_was_never_public_has_no_receipt(world, sign_in, which):
    assert sign_in(None).get(f"/de/r/{world.proposals[which].receipt}/").status_code == 404


def test_an_erased_author_leaves_no_name(world, sign_in):
    close_account(person=world.amina, at=world.now)
    page = page_of(sign_in(None), world.fountain)
    assert "Amina" not in page and "Someone from here" in page
    assert "Amina" not in sign_in(None).get(f"/en/r/{world.fountain.receipt}/").content.decode()


# --- the text ---


def test_a_translation_says_that_it_is_one_and_leads_to_the_original(world, sign_in):
    client = sign_in(None)
    english = page_of(client, world.fountain)
    assert "Drinking fountain on the village square, because it is missing." in english
    assert "Translated from German." in english
    original = page_of(client, world.fountain, query="?original=1")
    assert 'lang="de"' in original and "weil es fehlt" in original
    german = page_of(client, world.fountain, "de")
    assert "?original=1" not in german


def test_an_untranslated_text_carries_its_language(world, sign_in):
    text = actions.ProposalText("Nur Deutsch", "Kurz.", "Lang.", "de", "green", world.village)
    proposal = actions.publish_proposal(process=world.collecting, text=text, by=world.jonas, at=world.now)
    page = page_of(sign_in(None), proposal)
    assert '<h1 lang="de">Nur Deutsch</h1>' in page
    assert "Translated" not in page


def test_markup_of_residents_stays_text(world, sign_in):
    evil = "<script>alert(1)</script>"
    text = actions.ProposalText(
        f"Ein {evil}",
        evil,
        f"{evil}\n\n[x](javascript:alert(1))",
        "en",
        "green",
        world.village,
        location=evil,
    )
    proposal = actions.publish_proposal(process=world.collecting, text=text, by=world.jonas, at=world.now)
    for address in [f"/en/proposals/{proposal.receipt}/", "/en/proposals/", "/en/proposals/?view=map", f"/en/r/{proposal.receipt}/",
                    "/en/processes/collecting/proposals/feed/", "/en/processes/collecting/propose/similar/?title=alert"]:  # fmt: skip
        page = sign_in(None).get(address).content.decode()
        assert "<script>alert" not in page and 'href="javascript:' not in page, address


# --- support ---


def support(client, proposal: Proposal, way: str = "", headers=WRITE):
    return client.post(f"/en/proposals/{proposal.receipt}/support/{way}", headers=headers)


def test_supporting_and_taking_it_back(world, sign_in):
    client = sign_in(world.jonas)
    response = support(client, world.fountain)
    assert (response.status_code, response["Location"]) == (
        302,
        f"/en/proposals/{world.fountain.receipt}/#support",
    )
    assert 'aria-pressed="true"' in page_of(client, world.fountain)
    assert support(client, world.fountain, "withdraw/").status_code == 302
    assert 'aria-pressed="true"' not in page_of(client, world.fountain).partition('id="follow"')[0]
    assert Support.objects.count() == 0


def test_htmx_gets_the_box_with_the_new_number(world, sign_in):
    box = support(sign_in(world.jonas), world.fountain, headers=HTMX)
    assert box.status_code == 200
    page = box.content.decode()
    assert page.startswith("<section") and "1 person supports this" in page and 'aria-pressed="true"' in page


def test_a_second_support_is_refused_in_words(world, sign_in):
    client = sign_in(world.jonas)
    support(client, world.fountain)
    response = support(client, world.fountain)
    assert response.status_code == 403
    assert "You support this proposal already." in response.content.decode()
    assert Support.objects.count() == 1


def test_a_closed_phase_disables_the_button_with_its_sentence(world, sign_in):
    page = page_of(sign_in(world.jonas), world.answering0)
    box = page.partition('id="support"')[2].partition("</section>")[0]
    assert "disabled" in box and "closed on" in box and "<form" not in box
    assert support(sign_in(world.jonas), world.answering0).status_code == 403
    assert not Support.objects.filter(proposal=world.answering0).exists()


def test_a_visitors_support_waits_and_counts_after_the_log_in(world, sign_in):
    response = support(sign_in(None), world.fountain)
    assert response.status_code == 302
    waiting = response["Location"]
    assert "/waiting/" in waiting and not response.cookies
    assert Support.objects.count() == 0
    done = sign_in(world.jonas).post(waiting, headers=WRITE)
    assert done.status_code == 302 and world.fountain.receipt in done["Location"]
    assert [row.person for row in Support.objects.all()] == [world.jonas]
    # Somebody who supported it all along gets there too, and nothing is counted twice.
    again = support(sign_in(None), world.fountain)["Location"]
    assert sign_in(world.jonas).post(again, headers=WRITE).status_code == 302
    world.fountain.refresh_from_db()
    assert Support.objects.count() == world.fountain.supports == 1


def test_a_visitor_cannot_support_what_is_not_public(world, sign_in):
    before = PendingAct.objects.count()
    assert support(sign_in(None), world.hidden).status_code == 404
    assert support(sign_in(None), world.answering0).status_code == 403
    assert PendingAct.objects.count() == before


# --- follow and withdraw ---


def test_following_and_not_following(world, sign_in):
    client = sign_in(world.jonas)
    address = f"/en/proposals/{world.fountain.receipt}/"
    assert client.post(f"{address}follow/", headers=WRITE).status_code == 302
    assert Follow.objects.filter(person=world.jonas, contribution=world.fountain.pk).count() == 1
    assert "No more messages about this" in page_of(client, world.fountain)
    assert client.post(f"{address}unfollow/", headers=WRITE).status_code == 302
    assert not Follow.objects.filter(person=world.jonas, contribution=world.fountain.pk).exists()
    assert "/waiting/" in sign_in(None).post(f"{address}follow/", headers=WRITE)["Location"]


def test_the_author_withdraws_after_a_page_that_says_what_it_means(world, sign_in):
    client = sign_in(world.amina)
    address = f"/en/proposals/{world.fountain.receipt}/withdraw/"
    assert "You cannot undo this." in client.get(address).content.decode()
    world.fountain.refresh_from_db()
    assert world.fountain.is_public
    assert client.post(address, {"reason": "Schon gebaut"}, headers=WRITE)["Location"].endswith(
        f"/r/{world.fountain.receipt}/"
    )
    assert sign_in(None).get(f"/en/proposals/{world.fountain.receipt}/").status_code == 404


def test_only_the_author_gets_the_withdraw_page(world, sign_in):
    for who in ["jonas", "mo", "ada"]:
        assert (
            sign_in(world.people[who]).get(f"/en/proposals/{world.fountain.receipt}/withdraw/").status_code
            == 403
        )


# --- receipt ---


def test_the_receipt_tells_what_happened_who_when_why_and_what_comes(world, sign_in):
    page = sign_in(None).get(f"/en/r/{world.voting0.receipt}/").content.decode()
    for words in [
        "Received",
        "Amina",
        "Feasible",
        world.parks.name_en,
        "That works.",
        "€12,000",
        "Answer",
        "by ",
    ]:
        assert words in page, words
    assert page.index("Received") < page.rindex("That works.")
    assert "<svg" in page and "style=" not in page


def test_a_contribution_leads_to_its_receipt(world):
    assert world.fountain.contribution.get_absolute_url() == f"/de/r/{world.fountain.receipt}/"


# --- panels of rooms above ---


def test_rooms_add_panels_and_none_leaves_them_out(world, sign_in):
    asked = []

    def context(proposal, person, at):
        asked.append((proposal.pk, person))
        return {"summary": "PANEL HERE"} if person else None

    with proposal_panels.temporarily("test", Panel("test", "500.html", context, where="top", order=1)):
        page_of(sign_in(None), world.fountain)
        page_of(sign_in(world.jonas), world.fountain)
        sign_in(world.jonas).get(f"/en/proposals/{world.hidden.receipt}/")
    assert asked == [(world.fountain.pk, None), (world.fountain.pk, Person.objects.get(pk=world.jonas.pk))]


@pytest.mark.parametrize("who", [None, "amina"])
@pytest.mark.parametrize("which", ["fountain", "voting0"])
def test_the_page_stays_within_its_queries(world, sign_in, who, which):
    client = sign_in(world.people[who] if who else None)
    address = f"/de/proposals/{world.proposals[which].receipt}/"
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    # Signed in: one more for whether there is a discussion; where it goes on, also what is said and for whom they may write.
    most = 9 if who is None else 12 if which == "fountain" else 10
    assert len(asked) <= most, "\n".join(query["sql"][:120] for query in asked)


def test_supporters_do_not_make_the_page_dearer(world, sign_in):
    from quartier.builders import make_person

    client = sign_in(world.jonas)
    address = f"/de/proposals/{world.fountain.receipt}/"
    forget()  # what is the same for everybody is kept until something happens
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for n in range(30):
        actions.support_proposal(proposal=world.fountain, by=make_person(f"s{n}", f"S {n}"), at=world.now)
    forget()
    with CaptureQueriesContext(connection) as lots:
        client.get(address)
    assert len(few) == len(lots)


def test_every_page_has_one_h1_and_a_share_title(world, sign_in):
    for address in [
        f"/en/proposals/{world.fountain.receipt}/",
        "/en/proposals/",
        "/en/processes/collecting/propose/",
        f"/en/r/{world.fountain.receipt}/",
    ]:
        page = sign_in(None).get(address).content.decode()
        assert len(re.findall(r"<h1[ >]", page)) == 1, address
        assert 'property="og:title"' in page and not re.search(r"<title>\s*·", page)
