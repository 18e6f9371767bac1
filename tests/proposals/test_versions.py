"""Pages of versions: read, compare, write, be overtaken, bring back, and what supporters are asked."""

from __future__ import annotations

import pytest

from feedback.notices.fanout import plan, spread
from feedback.notices.models import Notice
from groundwork.journal.models import Entry
from proposals import actions
from proposals.models import Support, TextDraft

pytestmark = pytest.mark.django_db

WRITE = {"sec-fetch-site": "same-origin"}
HTMX = WRITE | {"hx-request": "true"}


def wording(proposal, body: str) -> actions.Wording:
    return actions.Wording(proposal.title, proposal.summary, body)


def revise(world, body: str, seen: int = 1, substantive: bool = False, days: int = 0):
    from tests.world import DAY

    return actions.revise_proposal(
        proposal=world.fountain, wording=wording(world.fountain, body), by=world.amina,
        at=world.now + days * DAY, seen=seen, note="Klarer", is_substantive=substantive,
    )  # fmt: skip


def sent(world, body: str, seen: int = 1, **more) -> dict[str, str]:
    return {
        "title": world.fountain.title, "summary": world.fountain.summary, "body": body, "note": "Klarer",
        "seen": str(seen), "act": "publish", **more,
    }  # fmt: skip


def page(client, world, rest: str = "", language: str = "en") -> str:
    answer = client.get(f"/{language}/proposals/{world.fountain.receipt}/{rest}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_two_versions_are_compared_in_words_for_eyes_and_ears(world, sign_in):
    revise(world, "Am Brunnen trinken alle.")
    revise(world, "Am Brunnen trinken alle Kinder.", seen=2)
    found = page(sign_in(None), world, "versions/?from=2&to=3")
    assert '<ins><span class="vh">added: </span>' in found and " Kinder<span" in found
    assert "1 word added in 1 paragraph." in found
    assert "view=sides" in found and 'role="table"' not in found
    assert 'role="table"' in page(sign_in(None), world, "versions/?from=2&to=3&view=sides")


def test_one_version_says_that_nothing_has_changed_and_nonsense_in_the_address_is_no_error(world, sign_in):
    assert "The text has not changed" in page(sign_in(None), world, "versions/")
    revise(world, "Neu.")
    assert "compared" in page(sign_in(None), world, "versions/?from=x&to=99999999999999&view=<b>")


def test_an_older_version_says_so_and_what_stands_now(world, sign_in):
    revise(world, "Neu.")
    assert "This is an older version" in page(sign_in(None), world, "versions/1/")
    assert "This is the text as it stands." in page(sign_in(None), world, "versions/2/")
    assert sign_in(None).get(f"/en/proposals/{world.fountain.receipt}/versions/3/").status_code == 404


def test_the_page_says_when_it_was_changed(world, sign_in):
    assert "Changed on" not in page(sign_in(None), world)
    revise(world, "Neu.")
    found = page(sign_in(None), world)
    assert "Changed on" in found and "Versions (2)" in found


# --- writing ---


def test_a_writer_publishes_a_new_version_and_the_draft_goes(world, sign_in):
    client, address = sign_in(world.amina), f"/en/proposals/{world.fountain.receipt}/edit/"
    kept = client.post(f"{address}draft/", sent(world, "Halb fer"), headers=WRITE)
    assert kept.status_code == 200 and "Halb fer" in page(client, world, "edit/")
    assert client.post(address, sent(world, "Fertig.\r\n\r\nZwei."), headers=WRITE).status_code == 302
    newest = world.fountain.revisions.latest("number")
    assert (newest.number, newest.body, newest.note, newest.by) == (
        2,
        "Fertig.\n\nZwei.",
        "Klarer",
        world.amina,
    )
    assert not TextDraft.objects.exists()


def test_a_preview_publishes_nothing(world, sign_in):
    client = sign_in(world.amina)
    answer = client.post(
        f"/en/proposals/{world.fountain.receipt}/edit/", sent(world, "**Fett**", act="preview"), headers=WRITE
    )
    assert answer.status_code == 200 and "<strong>Fett</strong>" in answer.content.decode()
    assert world.fountain.revisions.count() == 1


def test_who_was_overtaken_sees_both_texts_loses_nothing_and_goes_on(world, sign_in):
    client, address = sign_in(world.amina), f"/en/proposals/{world.fountain.receipt}/edit/"
    revise(world, "Ihr Text.")
    answer = client.post(address, sent(world, "Mein Text."), headers=WRITE)
    found = answer.content.decode()
    assert answer.status_code == 422 and "Nothing is lost." in found
    assert "Mein Text." in found and "Ihr" in found and 'name="seen" value="2"' in found
    assert TextDraft.objects.get().body == "Mein Text." and world.fountain.revisions.count() == 2
    assert "Mein Text." in page(client, world, "edit/")
    anew = client.post(address, sent(world, "Mein Text.", act="newest"), headers=WRITE).content.decode()
    assert "Your text, to copy from" in anew and "Mein Text." in anew
    assert client.post(address, sent(world, "Mein Text.", seen=2), headers=WRITE).status_code == 302
    assert world.fountain.revisions.latest("number").body == "Mein Text."


def test_the_same_text_is_refused_beside_the_form(world, sign_in):
    body = world.fountain.newest.body
    answer = sign_in(world.amina).post(
        f"/en/proposals/{world.fountain.receipt}/edit/", sent(world, body), headers=WRITE
    )
    assert answer.status_code == 422 and "Nothing was changed." in answer.content.decode()


def test_an_old_text_comes_back_as_a_new_version(world, sign_in):
    old = world.fountain.newest.body
    revise(world, "Schlechter.")
    address = f"/en/proposals/{world.fountain.receipt}/versions/1/restore/"
    assert "What would change" in sign_in(world.amina).get(address).content.decode()
    answer = sign_in(world.amina).post(address, {"note": "Zurück", "seen": "2"}, headers=WRITE)
    assert answer.status_code == 302
    assert [each.body for each in world.fountain.revisions.order_by("number")] == [old, "Schlechter.", old]
    assert sign_in(world.jonas).get(address).status_code == 403


# --- supporters ---


@pytest.fixture
def supported(world):
    actions.support_proposal(proposal=world.fountain, by=world.jonas, at=world.now)
    return world


def test_supporters_are_asked_only_after_a_substantive_change_and_only_once(supported, sign_in):
    world, client = supported, sign_in(supported.jonas)
    revise(world, "Kleiner.", days=1)
    assert "The text has changed since" not in page(client, world)
    revise(world, "Ganz anders.", seen=2, substantive=True, days=2)
    assert "The text has changed since" in page(client, world)
    assert "The text has changed since" not in page(sign_in(world.ines), world)
    assert "Ganz anders" in page(client, world, "versions/?since=support")
    from groundwork import clock
    from tests.world import DAY

    answer_at = world.now + 3 * DAY
    actions.renew_support(proposal=world.fountain, by=world.jonas, at=answer_at)
    assert answer_at > clock.now() - DAY
    assert "The text has changed since" not in page(client, world)
    world.fountain.refresh_from_db()
    assert world.fountain.supports == 1


def test_renewing_works_with_and_without_htmx_and_only_for_supporters(supported, sign_in):
    world, address = supported, f"/en/proposals/{supported.fountain.receipt}/support/renew/"
    Support.objects.update(at=world.now.replace(year=2020))
    actions.revise_proposal(
        proposal=world.fountain, wording=wording(world.fountain, "Anders."), by=world.amina, at=world.now, seen=1,
        is_substantive=True,
    )  # fmt: skip
    client = sign_in(world.jonas)
    part = client.post(address, headers=HTMX).content.decode()
    assert part.startswith('<section class="panel') and "The text has changed" not in part
    assert client.post(address, headers=WRITE).status_code == 302
    assert Support.objects.get().renewed_at is not None
    assert sign_in(world.ines).post(address, headers=WRITE).status_code == 403


@pytest.mark.parametrize("substantive, told", [(True, {"jonas", "ines"}), (False, set())])
def test_supporters_hear_of_what_changes_the_proposal_and_not_of_commas(supported, substantive, told):
    world = supported
    revise(world, "Neu.", substantive=substantive)
    plan(list(Entry.objects.filter(verb="proposal.revised", subject_key=str(world.fountain.pk))))
    spread(world.now)
    people = {
        notice.person.public_name.split()[0].lower()
        for notice in Notice.objects.filter(verb="proposal.revised")
    }
    assert people == told
