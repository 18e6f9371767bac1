"""The web socket of a shared draft: who comes in, what is heard, what is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from django.test import Client

from accounts.models import Person
from cocreation.actions import hide_contribution
from proposals.actions import Wording, withdraw_proposal
from proposals.cowriting import actions, consumers, protocol, texts
from proposals.cowriting.models import DraftUpdate, SharedDraft
from proposals.models import Authorship, Proposal, Stage
from tests.proposals.cowriting.conftest import body_of

pytestmark = pytest.mark.django_db
NOT_ALLOWED, NOT_THERE = consumers.NOT_ALLOWED, consumers.NOT_THERE


@pytest.fixture(autouse=True)
def one_process(settings, monkeypatch):
    """Everything in this process, and in the transaction of the test: its connection must not be tidied away."""
    monkeypatch.setattr("channels.db.close_old_connections", lambda: None)
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}


def headers_of(
    person: Person | None, *, host: str = "testserver", origin: str = "http://testserver"
) -> list[tuple[bytes, bytes]]:
    found = [(b"host", host.encode())] + ([(b"origin", origin.encode())] if origin else [])
    if person is not None:
        client = Client()
        client.force_login(person)
        found.append((b"cookie", f"session={client.cookies['session'].value}".encode()))
    return found


class Window(ApplicationCommunicator):
    """A browser's end of a web socket."""

    def __init__(self, path: str, headers: list[tuple[bytes, bytes]]) -> None:
        from quartier.asgi import application

        super().__init__(
            application, {"type": "websocket", "path": path, "query_string": b"", "headers": headers}
        )

    async def connect(self, timeout: float = 5) -> tuple[bool, int]:
        await self.send_input({"type": "websocket.connect"})
        event = await self.receive_output(timeout)
        return event["type"] == "websocket.accept", event.get("code", 0)

    async def send_to(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        said = {"text": text_data} if text_data is not None else {"bytes": bytes_data}
        await self.send_input({"type": "websocket.receive"} | said)

    async def receive_from(self, timeout: float = 5) -> bytes:
        event = await self.receive_output(timeout)
        assert event["type"] == "websocket.send", event
        return bytes(event["bytes"])

    async def disconnect(self) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait(5)


def window(key: str, headers: list[tuple[bytes, bytes]]) -> Window:
    return Window(f"/ws/drafts/{key}/", headers)


def knock(key: str, person: Person | None, **more: Any) -> int:
    """0 when the door opens, else the code it closes with."""
    headers = headers_of(person, **more)

    async def try_it() -> int:
        there = window(key, headers)
        opened, code = await there.connect(timeout=5)
        if opened:
            await there.disconnect()
        return 0 if opened else code

    return async_to_sync(try_it)()


def talk(draft: SharedDraft, *people: Person, do: Callable[..., Awaitable[None]]) -> None:
    """Windows of these people on the draft, each past the first greeting."""
    headers = [headers_of(person) for person in people]

    async def run() -> None:
        windows = []
        for each in headers:
            there = window(draft.key, each)
            assert (await there.connect(timeout=5))[0]
            greeting = protocol.read(await there.receive_from(timeout=5))
            assert (greeting.kind, greeting.sync) == (protocol.SYNC, protocol.HAVE)
            windows.append(there)
        try:
            await do(*windows)
        finally:
            for there in windows:
                await there.disconnect()

    async_to_sync(run)()


def change(draft: SharedDraft, body: str) -> bytes:
    state = actions.state_of(draft)
    words = texts.words_of(texts.opened([state]))
    return texts.rewritten(state, Wording(words.title, words.summary, body))


def wrote(update: bytes) -> bytes:
    return protocol.sync(protocol.WROTE, update)


async def code_of(there: Window) -> int:
    """The code with which it is closed, whatever is said before."""
    while True:
        event = await there.receive_output(timeout=5)
        if event["type"] == "websocket.close":
            return int(event["code"])


# --- the door ---


@pytest.mark.parametrize(
    ("who", "code"),
    [(None, NOT_ALLOWED), ("amina", 0), ("jonas", 0), ("ines", NOT_THERE), ("olga", NOT_THERE), ("mo", NOT_THERE),
     ("clara", NOT_THERE), ("ada", NOT_THERE)],
)  # fmt: skip
def test_only_the_writers_come_in(world, together, who, code):
    assert knock(together.key, world.people[who] if who else None) == code


@pytest.mark.parametrize("who", [None, "ines", "mo"])
def test_a_draft_of_others_looks_like_one_that_does_not_exist(world, together, who):
    person = world.people[who] if who else None
    ended = SharedDraft.objects.get(discarded_at__isnull=False)  # of ines
    keys = [together.key, "no-such-draft"] + ([ended.key] if who != "ines" else [])
    assert len({knock(key, person) for key in keys}) == 1


def test_a_key_of_one_draft_does_not_open_another(world, together):
    theirs = actions.open_draft(proposal=world.trees, by=world.ines, at=world.now)
    assert knock(theirs.key, world.ines) == 0
    assert knock(theirs.key, world.amina) == knock(together.key, world.ines) == NOT_THERE


def test_guests_contributors_and_those_who_left_stay_outside(world, together):
    hand = Authorship.objects.get(proposal=world.fountain, person=world.jonas)
    Authorship.objects.filter(pk=hand.pk).update(role="contributor")
    assert knock(together.key, world.jonas) == NOT_THERE
    Authorship.objects.filter(pk=hand.pk).update(role="author", left_at=world.now)
    assert knock(together.key, world.jonas) == NOT_THERE
    Authorship.objects.filter(pk=hand.pk).update(left_at=None, accepted_at=None)
    assert knock(together.key, world.jonas) == NOT_THERE
    Authorship.objects.filter(pk=hand.pk).update(accepted_at=world.now)
    Person.objects.filter(pk=world.jonas.pk).update(is_guest=True)
    assert knock(together.key, world.jonas) == NOT_ALLOWED


@pytest.mark.parametrize("state", ["hidden", "withdrawn", "on the ballot", "stopped"])
def test_nobody_writes_on_what_may_not_change(world, together, state):
    if state == "hidden":
        hide_contribution(
            contribution=world.fountain.contribution, by=world.mo, at=world.now, rule="r", reason="r"
        )
    elif state == "withdrawn":
        withdraw_proposal(proposal=world.fountain, by=world.amina, at=world.now)
    elif state == "on the ballot":
        Proposal.objects.filter(pk=world.fountain.pk).update(stage=Stage.ON_BALLOT)
    else:
        world.collecting.__class__.objects.filter(pk=world.collecting.pk).update(
            stopped_at=world.now - timedelta(days=1), stop_reason_de="Kein Geld.", stop_reason_en="No money."
        )
    assert knock(together.key, world.amina) == knock(together.key, world.jonas) == NOT_ALLOWED
    assert knock(together.key, world.ines) == NOT_THERE


@pytest.mark.parametrize(
    "more",
    [{"origin": "https://evil.example"}, {"origin": ""}, {"origin": "null"}, {"origin": "http://testserver.evil.example"},
     {"origin": "http://testserver:81"}, {"host": "evil.example", "origin": "http://evil.example"}, {"host": ""}],
)  # fmt: skip
def test_a_page_of_another_site_opens_no_window(world, together, more):
    assert knock(together.key, world.amina, **more) == NOT_ALLOWED


def test_with_a_port_of_its_own_the_name_of_the_host_counts(world, together, settings):
    settings.LIVE_PORT = 8099
    assert knock(together.key, world.amina, host="testserver:8099", origin="http://testserver:8000") == 0
    assert (
        knock(together.key, world.amina, host="testserver:8099", origin="http://evil.example:8099")
        == NOT_ALLOWED
    )


def test_another_address_is_refused():
    async def try_it() -> tuple[bool, int]:
        return await Window("/ws/other/", headers_of(None)).connect()

    assert async_to_sync(try_it)() == (False, NOT_ALLOWED)


# --- writing ---


def test_what_one_writes_the_other_reads_after_it_is_in_the_database(world, together):
    update = change(together, "Für alle.")

    async def do(amina, jonas):
        await amina.send_to(bytes_data=wrote(update))
        heard = protocol.read(await jonas.receive_from(timeout=5))
        assert (heard.sync, heard.data) == (protocol.WROTE, update)
        assert await amina.receive_from(timeout=5) == protocol.saved(1)
        assert await amina.receive_nothing()

    talk(together, world.amina, world.jonas, do=do)
    assert body_of(together) == "Für alle."
    assert DraftUpdate.objects.latest("pk").by == world.amina


def test_nothing_is_told_that_could_not_be_stored(world, together, monkeypatch):
    update = change(together, "Für alle.")

    def broken(**kwargs: Any) -> bool:
        raise OSError("the database is away")

    async def do(amina, jonas):
        monkeypatch.setattr(actions, "take_update", broken)
        await amina.send_to(bytes_data=wrote(update))
        with pytest.raises(OSError):
            await amina.receive_output(timeout=2)
        assert await jonas.receive_nothing()

    with pytest.raises(OSError):
        talk(together, world.amina, world.jonas, do=do)
    assert body_of(together) != "Für alle."


def test_who_comes_back_gets_what_is_missing_and_gives_what_others_lack(world, together):
    mine = texts.opened([actions.state_of(together)])
    actions.take_update(draft=together, update=change(together, "Eins."), by=world.amina, at=world.now)

    async def do(jonas):
        await jonas.send_to(bytes_data=protocol.sync(protocol.HAVE, bytes(mine.get_state())))
        lacks = protocol.read(await jonas.receive_from(timeout=5))
        assert lacks.sync == protocol.LACK
        mine.apply_update(lacks.data)
        assert texts.words_of(mine).body == "Eins."
        offline = texts.rewritten(
            bytes(mine.get_update()), Wording(*(texts.words_of(mine).title, "Kurz.", "Eins. Zwei."))
        )
        await jonas.send_to(bytes_data=protocol.sync(protocol.LACK, offline))
        assert await jonas.receive_from(timeout=5) == protocol.saved(1)
        await jonas.send_to(bytes_data=protocol.sync(protocol.LACK, texts.EMPTY))
        assert await jonas.receive_from(timeout=5) == protocol.saved(2)

    talk(together, world.jonas, do=do)
    assert body_of(together) == "Eins. Zwei."


@pytest.mark.parametrize(
    ("sent", "code"),
    [(b"", 4400), (b"\xff" * 30, 4400), (protocol.sync(protocol.WROTE, b"\x01\x02\x03"), 4400), ("text", 4400),
     (protocol.sync(protocol.HAVE, b"\xff\xff"), 4400), (wrote(b"\x00" * 300_000), 4413), (protocol.saved(3), 4400),
     (protocol.presence([protocol.Present(1, 1, {"x": "y" * 5000})]), 4400)],
)  # fmt: skip
def test_malformed_and_oversized_messages_end_the_connection_and_change_nothing(world, together, sent, code):
    before, rows = body_of(together), DraftUpdate.objects.count()

    async def do(amina, jonas):
        if isinstance(sent, str):
            await amina.send_to(text_data=sent)
        else:
            await amina.send_to(bytes_data=sent)
        assert await code_of(amina) == code
        assert await jonas.receive_nothing()

    talk(together, world.amina, world.jonas, do=do)
    assert (body_of(together), DraftUpdate.objects.count()) == (before, rows)


def test_a_flood_ends_the_connection(world, together, monkeypatch):
    monkeypatch.setattr(consumers, "BURST", 5)
    monkeypatch.setattr(consumers, "RATE", 0.01)

    async def do(amina):
        for _ in range(6):
            await amina.send_to(bytes_data=protocol.who())
        assert await code_of(amina) == 4429

    talk(together, world.amina, do=do)


def test_nobody_opens_windows_without_end(world, together, monkeypatch):
    monkeypatch.setattr(consumers, "MOST_WINDOWS", 1)
    headers = headers_of(world.amina)

    async def do(first):
        assert await window(together.key, headers).connect(timeout=5) == (False, 4429)

    talk(together, world.amina, do=do)
    assert not consumers.windows
    assert knock(together.key, world.amina) == 0


# --- presence ---


def test_presence_carries_the_true_name_and_is_never_stored(world, together):
    rows = DraftUpdate.objects.count()

    async def do(amina, jonas):
        claim = {"name": "The mayor", "who": 1, "hue": 0, "field": "body", "paragraph": 2}
        await jonas.send_to(bytes_data=protocol.presence([protocol.Present(77, 1, claim)]))
        (heard,) = protocol.read(await amina.receive_from(timeout=5)).present
        assert heard.state == {
            "field": "body", "paragraph": 2, "name": "Jonas Petersen", "who": world.jonas.pk, "hue": world.jonas.pk % 6,
        }  # fmt: skip
        await jonas.disconnect()
        (gone,) = protocol.read(await amina.receive_from(timeout=5)).present
        assert (gone.client, gone.state) == (77, None)

    talk(together, world.amina, world.jonas, do=do)
    assert DraftUpdate.objects.count() == rows


def test_a_window_speaks_for_itself_only(world, together):
    async def do(amina):
        await amina.send_to(
            bytes_data=protocol.presence([protocol.Present(1, 1, {}), protocol.Present(2, 1, None)])
        )
        assert await code_of(amina) == 4400

    talk(together, world.amina, do=do)


# --- shown out ---


def test_who_was_removed_cannot_write_one_more_word_and_is_shown_out(world, together, monkeypatch):
    monkeypatch.setattr(consumers, "LOOK_AGAIN", 0.2)
    update = change(together, "Noch schnell.")
    before = body_of(together)
    hand = Authorship.objects.filter(proposal=world.fountain, person=world.jonas)

    async def writes(jonas):
        await hand.aupdate(left_at=world.now)
        await jonas.send_to(bytes_data=wrote(update))
        assert await code_of(jonas) == NOT_ALLOWED

    talk(together, world.jonas, do=writes)
    assert body_of(together) == before
    hand.update(left_at=None)

    async def reads(jonas):
        await hand.aupdate(left_at=world.now)
        assert await code_of(jonas) == NOT_ALLOWED

    talk(together, world.jonas, do=reads)


def test_who_logs_out_is_shown_out(world, together, monkeypatch):
    from django.contrib.sessions.models import Session

    monkeypatch.setattr(consumers, "LOOK_AGAIN", 0.2)

    async def do(amina):
        await Session.objects.all().adelete()
        assert await code_of(amina) == NOT_ALLOWED

    talk(together, world.amina, do=do)


@pytest.mark.parametrize("how", ["published", "discarded"])
def test_a_closed_draft_says_so_to_everybody_who_has_it_open_and_to_who_comes_later(
    world, together, how, django_capture_on_commit_callbacks
):
    def close() -> None:
        with django_capture_on_commit_callbacks(execute=True):
            if how == "published":
                seen = actions.mark(actions.words_of(together))
                actions.publish_draft(draft=together, by=world.jonas, at=world.now, seen=seen)
            else:
                actions.discard_draft(draft=together, by=world.jonas, at=world.now)

    from channels.db import database_sync_to_async

    async def do(amina):
        await database_sync_to_async(close)()
        assert await amina.receive_from(timeout=5) == protocol.over({"kind": how})
        assert await code_of(amina) == 4410

    talk(together, world.amina, do=do)

    headers = headers_of(world.amina)

    async def later() -> None:
        there = window(together.key, headers)
        assert (await there.connect(timeout=5))[0]
        assert await there.receive_from(timeout=5) == protocol.over({"kind": how})
        assert await code_of(there) == 4410

    async_to_sync(later)()
    assert knock(together.key, world.ines) == NOT_THERE
