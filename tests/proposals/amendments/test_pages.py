"""The pages: with and without scripts to the same form, the preview, the decision, and what visitors never see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cocreation.models import PendingAct
from proposals.actions import Wording, revise_proposal, support_proposal
from proposals.amendments import actions
from proposals.amendments.models import Amendment, Decision
from proposals.models import Proposal
from tests.world import DAY
from tests.worlds.amendments import suggest

pytestmark = pytest.mark.django_db
HERE: dict[str, Any] = {"HTTP_SEC_FETCH_SITE": "same-origin"}


def text(response) -> str:
    return response.content.decode()


def amend_url(world) -> str:
    return f"/de/proposals/{world.fountain.receipt}/amend/"


def decide(world, client, amendment, **data):
    return client.post(f"/de/amendments/{amendment.receipt}/decide/", data, **HERE)


@pytest.fixture
def suggested(world):
    return suggest(world, world.fountain, by="jonas", old="weil es fehlt", new="weil Wasser fehlt")


# --- suggest ---


def test_a_paragraph_or_a_marked_passage_leads_to_the_same_form(world, sign_in):
    client = sign_in(world.jonas)
    assert 'value="body-0-' in text(client.get(amend_url(world)))
    body = world.fountain.newest.body
    start = body.index("weil es")
    chosen = client.get(amend_url(world), {"passage": f"body-{start}-{start + 7}"})
    marked = client.get(
        amend_url(world),
        {"field": "body", "head": "weil es", "tail": "weil es", "length": 7, "before": "Dorfplatz, "},
    )
    assert chosen.status_code == marked.status_code == 200
    assert f'value="body-{start}-{start + 7}"' in text(chosen)
    assert text(chosen).count("weil es") == text(marked).count("weil es")


def test_what_was_marked_over_several_parts_is_chosen_from_the_list(world, sign_in):
    client = sign_in(world.jonas)
    page = client.get(
        amend_url(world), {"field": "body", "head": "gibt es nicht", "tail": "nicht", "length": 13}
    )
    assert page.status_code == 200 and "mehrere" in text(page)


def test_a_preview_shows_the_change_and_sends_nothing(world, sign_in):
    client, before = sign_in(world.jonas), Amendment.objects.count()
    sent = {"passage": "title-0-12", "revision": 1, "new": "Zierbrunnen", "reason": "", "act": "preview"}
    page = client.post(amend_url(world), sent, **HERE)
    assert page.status_code == 200
    assert "Zierbrunnen</ins>" in text(page) and "Trinkbrunnen</del>" in text(page)
    part = client.post(amend_url(world), sent, HTTP_HX_REQUEST="true", **HERE)
    assert text(part).lstrip().startswith("<section") and "Zierbrunnen</ins>" in text(part)
    assert Amendment.objects.count() == before


def test_errors_stand_beside_their_fields_and_the_words_stay(world, sign_in):
    page = sign_in(world.jonas).post(
        amend_url(world), {"passage": "title-0-12", "revision": 1, "new": "Zierbrunnen", "reason": ""}, **HERE
    )
    assert page.status_code == 422
    assert "Zierbrunnen" in text(page) and 'href="#id_reason"' in text(page)


def test_sending_leads_to_the_page_of_the_suggestion(world, sign_in):
    client = sign_in(world.jonas)
    sent = {"passage": "title-0-12", "revision": 1, "new": "Zierbrunnen", "reason": "Schöner.", "named": "on"}
    there = client.post(amend_url(world), sent, **HERE)["Location"]
    made = Amendment.objects.get(new="Zierbrunnen")
    assert there == f"/de/amendments/{made.receipt}/?new=1"
    assert "Vielen Dank" in text(client.get(there))
    record = client.get(f"/r/{made.receipt}", follow=True)
    assert record.redirect_chain[-1][0] == f"/de/r/{made.receipt}/"
    assert made.get_absolute_url() in record.content.decode()


def test_what_a_visitor_suggests_waits_and_is_found_in_a_newer_text(world):
    sent = {"passage": "title-0-12", "revision": 1, "new": "Zierbrunnen", "reason": "Schöner."}
    answer = Client().post(amend_url(world), sent, **HERE)
    assert "/waiting/" in answer["Location"] and not answer.cookies
    kept = PendingAct.objects.get(act="amend")
    first = world.fountain.newest
    revise_proposal(
        proposal=world.fountain, wording=Wording(first.title, "Neu gesagt.", first.body), by=world.amina, at=world.now,
        seen=1,
    )  # fmt: skip
    from cocreation import pending

    url = pending.complete(kept.token, by=world.jonas, at=timezone.now())
    made = Amendment.objects.get(new="Zierbrunnen")
    assert url == made.get_absolute_url() and made.revision.number == 1


def test_writers_are_told_to_write(world, sign_in):
    page = sign_in(world.amina).get(amend_url(world))
    assert "selbst" in text(page) and 'name="new"' not in text(page)


# --- the panel and the list ---


def test_the_proposal_says_how_many_are_open_and_nothing_of_hidden_ones(world):
    page = text(Client().get(f"/de/proposals/{world.to_assess.receipt}/"))
    assert "2 offen" in page and "1 angenommen" in page
    listed = text(Client().get(f"/de/proposals/{world.to_assess.receipt}/amendments/"))
    assert "Geheimnis" not in listed
    assert world.amendments["hidden"].receipt not in listed
    assert listed.count('class="panel suggestion"') == 4


def test_hidden_and_withdrawn_ones_are_nowhere(world):
    for name in ("hidden", "withdrawn"):
        assert Client().get(f"/de/amendments/{world.amendments[name].receipt}/").status_code == 404


# --- decide ---


def test_a_writer_accepts_and_everybody_reads_the_new_text(world, sign_in, suggested):
    client = sign_in(world.amina)
    assert decide(world, client, suggested, act="accept", seen=1, reason="Danke!").status_code == 302
    page = text(Client().get(f"/de/proposals/{world.fountain.receipt}/"))
    assert "weil Wasser fehlt" in page and "Jonas Petersen" in page
    assert "Danke!" in text(Client().get(f"/de/amendments/{suggested.receipt}/"))


def test_a_writer_who_is_overtaken_keeps_their_words(world, sign_in, suggested):
    first = world.fountain.newest
    client = sign_in(world.amina)
    revise_proposal(
        proposal=world.fountain, wording=Wording(first.title, "Neu gesagt.", first.body), by=world.amina, at=world.now,
        seen=1,
    )  # fmt: skip
    page = decide(world, client, suggested, act="reword", seen=1, wording="weil Wasser und Schatten fehlen")
    assert page.status_code == 422
    assert "weil Wasser und Schatten fehlen" in text(page) and 'name="seen" value="2"' in text(page)
    assert not Decision.objects.filter(amendment=suggested).exists()


def test_declining_without_a_reason_says_so_beside_the_field(world, sign_in, suggested):
    page = decide(world, sign_in(world.amina), suggested, act="decline", reason="")
    assert page.status_code == 422 and 'href="#id_decline_reason"' in text(page)
    assert not Decision.objects.filter(amendment=suggested).exists()


def test_a_conflict_shows_three_texts_and_the_way_on(world, sign_in, suggested):
    other = suggest(world, world.fountain, by="ines", old="weil es fehlt", new="weil Schatten fehlt")
    actions.accept_amendment(amendment=suggested, by=world.amina, at=world.now, seen=1)
    url = f"/de/amendments/{other.receipt}/"
    for person in (None, world.ines, world.amina):
        page = text(sign_in(person).get(url))
        for words in ("weil es fehlt", "Wasser", "weil Schatten fehlt"):
            assert words in page
    assert "instead=" in text(sign_in(world.ines).get(url))
    assert "instead=" not in text(sign_in(world.jonas).get(url))
    form = text(sign_in(world.ines).get(f"{amend_url(world)}?instead={other.receipt}"))
    assert "weil Schatten fehlt" in form and 'name="instead"' in form


def test_supporters_are_asked_and_answer_on_the_page(world, sign_in, suggested):
    support_proposal(proposal=world.fountain, by=world.clara, at=world.now)
    ends = (timezone.localdate(world.now) + timedelta(days=2)).isoformat()
    assert decide(world, sign_in(world.amina), suggested, act="ask", ends=ends).status_code == 302
    late = (world.now + 300 * DAY).date().isoformat()
    other = suggest(world, world.fountain, by="ines", old="weil es fehlt", new="weil Schatten fehlt")
    assert decide(world, sign_in(world.amina), other, act="ask", ends=late).status_code == 422
    url = f"/de/amendments/{suggested.receipt}/"
    clara = sign_in(world.clara)
    assert 'name="value"' in text(clara.get(url))
    assert 'name="value"' not in text(sign_in(world.ines).get(url))
    assert clara.post(f"{url}answer/", {"value": "yes"}, **HERE).status_code == 302
    assert 'name="value"' not in text(clara.get(url))
    assert clara.post(f"{url}answer/", {"value": "no"}, **HERE).status_code == 403


def test_a_visitor_pays_no_query_for_the_panel(world, django_assert_max_num_queries):
    client, url = Client(), f"/de/proposals/{world.to_assess.receipt}/"
    client.get(url)
    with django_assert_max_num_queries(9):
        client.get(url)
    found = Proposal.objects.with_story().get(pk=world.to_assess.pk)
    assert vars(found)["story_amendments"] == {
        "total": 4, "open": 2, "accepted": 1,
    }  # fmt: skip
