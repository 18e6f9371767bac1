"""Writing together without JavaScript, and what stands around it."""

from __future__ import annotations

import base64
import html
import re

import pytest

from proposals.actions import Wording, revise_proposal
from proposals.cowriting import actions, live, texts
from proposals.cowriting.models import SharedDraft
from tests.proposals.cowriting.conftest import body_of

pytestmark = pytest.mark.django_db
WRITE = {"sec-fetch-site": "same-origin"}


def at(proposal, page="", language="en"):
    return f"/{language}/proposals/{proposal.receipt}/draft/{page}"


def fields(page: str) -> dict[str, str]:
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    body = re.search(r"<textarea[^>]*>\r?\n?(.*?)</textarea>", page, re.S)
    found = {name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("title", "summary")}
    return {
        name: html.unescape(match[1])
        for name, match in (found | {"seen": seen, "body": body}).items()
        if match
    }


def test_a_form_saves_what_was_changed_and_keeps_what_others_wrote_meanwhile(world, together, sign_in):
    amina, jonas = sign_in(world.amina), sign_in(world.jonas)
    hers, his = (fields(client.get(at(world.fountain)).content.decode()) for client in (amina, jonas))
    assert hers["body"] == body_of(together)
    jonas.post(at(world.fountain), his | {"body": his["body"] + "\r\n\r\nUnd leise."}, headers=WRITE)
    answer = amina.post(at(world.fountain), hers | {"title": "Trinkbrunnen für alle"}, headers=WRITE)
    assert answer.status_code == 302
    words = actions.words_of(together)
    assert words.title == "Trinkbrunnen für alle"
    assert words.body == his["body"] + "\n\nUnd leise."


def test_a_form_of_another_draft_or_a_forged_one_is_not_saved(world, together, sign_in):
    amina = sign_in(world.amina)
    mine = fields(amina.get(at(world.fountain)).content.decode())
    before = body_of(together)
    for seen in ("", "x", mine["seen"][:-3] + "abc"):
        answer = amina.post(at(world.fountain), mine | {"seen": seen, "body": "Mine."}, headers=WRITE)
        assert answer.status_code == 422
        assert "Mine." in answer.content.decode()  # what was written is not lost
    assert body_of(together) == before


def test_what_the_script_could_not_send_comes_with_the_form(world, together, sign_in):
    update = texts.rewritten(actions.state_of(together), Wording("New title", "Short.", "All of it."))
    sent = {"update": base64.b64encode(update).decode()}
    assert sign_in(world.jonas).post(at(world.fountain), sent, headers=WRITE).status_code == 302
    assert body_of(together) == "All of it."
    assert sign_in(world.jonas).post(at(world.fountain), {"update": "!!!"}, headers=WRITE).status_code == 403
    assert (
        sign_in(world.jonas).post(at(world.fountain), {"update": "AAECAw=="}, headers=WRITE).status_code
        == 403
    )
    assert body_of(together) == "All of it."


def test_publishing_shows_what_is_new_first(world, together, sign_in):
    client = sign_in(world.amina)
    page = client.get(at(world.fountain, "publish/")).content.decode()
    assert re.search(r"<ins>[^<]*heiß[^<]*</ins>", page)
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1]
    answer = client.post(at(world.fountain, "publish/"), {"seen": seen, "note": "Hitze."}, headers=WRITE)
    assert answer.headers["Location"] == f"/en/proposals/{world.fountain.receipt}/"
    assert world.fountain.revisions.latest("number").note == "Hitze."


def test_what_changed_under_the_hands_is_shown_before_it_is_published(world, together, sign_in):
    client = sign_in(world.amina)
    answer = client.post(at(world.fountain, "publish/"), {"seen": "0" * 16}, headers=WRITE)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Please read it once more" in page
    assert actions.mark(actions.words_of(together)) in page
    assert world.fountain.revisions.count() == 1


def test_what_is_too_long_or_empty_is_named_before_publishing(world, together, sign_in):
    actions.write_words(
        draft=together,
        seen=actions.state_of(together),
        words=Wording("x" * 130, "", "Body."),
        by=world.amina,
        at=world.now,
    )
    page = sign_in(world.amina).get(at(world.fountain, "publish/")).content.decode()
    assert "10 characters too many" in page
    assert "please write something" in page
    assert "Publish this version" not in page


def test_an_overtaken_draft_shows_both_and_brings_them_together(world, together, sign_in):
    base = world.fountain.revisions.get()
    revise_proposal(
        proposal=world.fountain,
        wording=Wording("Ein neuer Titel", base.summary, base.body),
        by=world.jonas,
        at=world.now,
        seen=1,
    )
    client = sign_in(world.amina)
    assert "Meanwhile version 2 was published" in client.get(at(world.fountain)).content.decode()
    page = client.get(at(world.fountain, "publish/")).content.decode()
    assert "What version 2 changed" in page
    assert "What your draft changes" in page
    client.post(at(world.fountain, "carry-over/"), headers=WRITE)
    words = actions.words_of(together)
    assert words.title == "Ein neuer Titel"
    assert "heiß" in words.body
    assert "Publish this version" in client.get(at(world.fountain, "publish/")).content.decode()


def test_discard_and_bring_back(world, together, sign_in):
    client = sign_in(world.amina)
    client.post(at(world.fountain, "discard/"), headers=WRITE)
    page = client.get(at(world.fountain)).content.decode()
    assert "Bring the draft back" in page
    client.post(at(world.fountain, "restore/"), headers=WRITE)
    assert SharedDraft.objects.open().get(proposal=world.fountain) == together


@pytest.mark.parametrize("who", [None, "ines", "mo", "ada"])
def test_others_learn_nothing_of_a_draft(world, together, sign_in, who):
    client = sign_in(world.people[who] if who else None)
    assert "hared draft" not in client.get(f"/en/proposals/{world.fountain.receipt}/").content.decode()
    there, not_there = (client.get(at(proposal)) for proposal in (world.fountain, world.to_assess))
    assert there.status_code == not_there.status_code == 403
    assert "heiß" not in there.content.decode()


def test_the_writers_see_who_is_writing(world, together, sign_in):
    client, page = sign_in(world.amina), f"/en/proposals/{world.fountain.receipt}/"
    assert "To the shared draft" in client.get(page).content.decode()
    live.is_there(together.key, world.jonas.pk)
    live.is_there(together.key, world.amina.pk)
    live.is_there(together.key, world.ines.pk)  # not a writer: never counted
    assert "2 people are writing now" in client.get(page).content.decode()


def allowed(answer) -> list[str]:
    return [part.strip() for part in answer.headers["Content-Security-Policy"].split(";")]


def test_the_page_allows_its_own_live_server_and_no_other(world, together, sign_in, settings):
    client = sign_in(world.amina)
    answer = client.get(at(world.fountain))
    assert "connect-src 'self'" in allowed(answer)
    assert f'data-socket="ws://testserver/ws/drafts/{together.key}/"' in answer.content.decode()
    settings.LIVE_PORT = 8099
    answer = client.get(at(world.fountain))
    assert "connect-src 'self' ws://testserver:8099" in allowed(answer)
    assert f'data-socket="ws://testserver:8099/ws/drafts/{together.key}/"' in answer.content.decode()
    assert (
        "ws:" not in client.get(f"/en/proposals/{world.fountain.receipt}/").headers["Content-Security-Policy"]
    )
