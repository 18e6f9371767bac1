"""One window on a shared draft: a web socket that reads, writes and says who is there.

Nothing of the document lives here: every update is in the database before anybody hears of it, and a window that comes
(back) gets what the database says. So a server may die at any moment and another one goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from datetime import datetime
from time import monotonic
from types import SimpleNamespace
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.contrib.auth import get_user
from django.utils.module_loading import import_string

from accounts.models import Person
from groundwork import clock
from groundwork.answer import Refused
from proposals.cowriting import actions, live, protocol, rules, texts
from proposals.cowriting.models import SharedDraft
from proposals.cowriting.protocol import Present
from proposals.rules import writes

log = logging.getLogger("quartier.cowriting")

# Why a connection ends.
MALFORMED, NOT_ALLOWED, NOT_THERE, OVER, TOO_LARGE, TOO_QUICK = 4400, 4403, 4404, 4410, 4413, 4429
MOST_BYTES = 256 * 1024
MOST_PRESENCE = 4096
# Messages a window may send at once, and per second in the long run.
BURST, RATE = 120, 20.0
MOST_WINDOWS = 8  # of one person on this server
LOOK_AGAIN = 15.0  # seconds between two questions whether somebody still may

windows: Counter[int] = Counter()


class DraftConsumer(AsyncWebsocketConsumer):
    person: Person
    draft: SharedDraft
    joined = False
    watch: asyncio.Task[None] | None = None
    client: Present | None = None

    # --- coming and going ---

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """However it ends, also by an error, the window is gone afterwards."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._leave()

    async def connect(self) -> None:
        self.taken = 0
        self.left, self.counted_at = float(BURST), monotonic()
        code, draft = await self._admit()
        if draft is None:
            await self.close(code)
            return
        self.draft = draft
        if not draft.is_open:
            # Its writers may know how it ended; the browser would not tell the page the reason of a refusal.
            await self.accept()
            await self._say_over("published" if draft.published_at else "discarded")
            return
        if windows[self.person.pk] >= MOST_WINDOWS:
            await self.close(TOO_QUICK)
            return
        windows[self.person.pk] += 1
        self.joined = True
        # First in the group, then reading: whatever is written from here on is heard.
        await self.channel_layer.group_add(live.group(draft.key), self.channel_name)
        await self.accept()
        doc = texts.opened([await self._state()])
        await self.send(bytes_data=protocol.sync(protocol.HAVE, bytes(doc.get_state())))
        await self._note()
        self.watch = asyncio.create_task(self._look_again())

    async def disconnect(self, code: int) -> None:
        await self._leave()

    async def _leave(self) -> None:
        if not self.joined:
            return
        self.joined = False
        if self.watch is not None:
            self.watch.cancel()
        windows[self.person.pk] -= 1
        if not windows[self.person.pk]:
            del windows[self.person.pk]
            with contextlib.suppress(Exception):  # a note in the cache that goes by itself
                await database_sync_to_async(live.is_gone)(self.draft.key, self.person.pk)
        with contextlib.suppress(Exception):  # Redis may be the reason why it ends
            if self.client is not None:
                gone = Present(self.client.client, self.client.clock + 1, None)
                await self._tell({"type": "draft.presence", "data": protocol.presence([gone])})
            await self.channel_layer.group_discard(live.group(self.draft.key), self.channel_name)

    async def _look_again(self) -> None:
        """Who may no longer write is shown out, also when they only read; so is who logged out."""
        while True:
            await asyncio.sleep(LOOK_AGAIN)
            try:
                may = await self._still_may()
                await self._note()
            except Exception:
                log.warning("a window of a shared draft could not be looked at", exc_info=True)
                await self.close(1013)
                return
            if not may:
                await self.close(NOT_ALLOWED)
                return

    # --- what the window says ---

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if not self.joined:
            return
        if bytes_data is None:
            await self.close(MALFORMED)
        elif len(bytes_data) > MOST_BYTES:
            await self.close(TOO_LARGE)
        elif not self._has_time():
            await self.close(TOO_QUICK)
        else:
            try:
                await self._hear(protocol.read(bytes_data), len(bytes_data))
            except (protocol.Malformed, texts.Broken):
                await self.close(MALFORMED)
            except actions.TooMuch:
                await self.close(TOO_LARGE)
            except Refused:
                await self.close(NOT_ALLOWED)

    def _has_time(self) -> bool:
        now = monotonic()
        self.left = min(float(BURST), self.left + (now - self.counted_at) * RATE)
        self.counted_at = now
        self.left -= 1
        return self.left >= 0

    async def _hear(self, message: protocol.Message, size: int) -> None:
        if message.kind == protocol.WHO:
            await self._tell({"type": "draft.who"})
        elif message.kind == protocol.PRESENCE:
            if size > MOST_PRESENCE:
                raise protocol.Malformed("too much presence")
            await self._hear_presence(message.present)
        elif message.sync == protocol.HAVE:
            await self._answer_with_what_lacks(message.data)
        else:
            await self._keep(message.data)

    async def _answer_with_what_lacks(self, has: bytes) -> None:
        doc = texts.opened([await self._state()])
        try:
            lacks = bytes(doc.get_update(has))
        except Exception as trouble:  # the library's decoder
            raise protocol.Malformed(str(trouble)) from None
        await self.send(bytes_data=protocol.sync(protocol.LACK, lacks))

    async def _keep(self, update: bytes) -> None:
        new = update != texts.EMPTY and await self._take(update)
        self.taken += 1
        if new:
            event = {"type": "draft.update", "update": update, "sender": self.channel_name}
            await self.channel_layer.group_send(live.group(self.draft.key), event)
        await self.send(bytes_data=protocol.saved(self.taken))

    async def _hear_presence(self, present: tuple[Present, ...]) -> None:
        """A window speaks for itself only, and the name is ours."""
        for each in present:
            if self.client is not None and each.client != self.client.client:
                raise protocol.Malformed("a window speaks for itself")
            self.client = each
            state = None
            if each.state is not None:
                who = {"name": self.person.public_name, "hue": self.person.pk % 6, "who": self.person.pk}
                state = protocol.cursor(each.state) | who
            said = protocol.presence([Present(each.client, each.clock, state)])
            await self._tell({"type": "draft.presence", "data": said})

    async def _tell(self, event: dict[str, Any]) -> None:
        event["sender"] = self.channel_name
        await self.channel_layer.group_send(live.group(self.draft.key), event)

    # --- what the others say ---

    async def draft_update(self, event: dict[str, Any]) -> None:
        if event["sender"] != self.channel_name:
            await self.send(bytes_data=protocol.sync(protocol.WROTE, event["update"]))

    async def draft_presence(self, event: dict[str, Any]) -> None:
        if event["sender"] != self.channel_name:
            await self.send(bytes_data=event["data"])

    async def draft_who(self, event: dict[str, Any]) -> None:
        if event["sender"] != self.channel_name:
            await self.send(bytes_data=protocol.who())

    async def draft_over(self, event: dict[str, Any]) -> None:
        await self._say_over(event["kind"])

    async def _say_over(self, kind: str) -> None:
        await self.send(bytes_data=protocol.over({"kind": kind}))
        await self.close(OVER)

    # --- the database ---

    @database_sync_to_async
    def _admit(self) -> tuple[int, SharedDraft | None]:
        """The draft this person may open. Who does not write the proposal does not learn whether there is one."""
        person = self.scope.get("user")
        if person is None or not person.is_authenticated or person.is_guest:
            return NOT_ALLOWED, None
        self.person = person
        draft = _find(self.scope["url_route"]["kwargs"]["key"])
        if draft is None or not writes(person, draft.proposal):
            return NOT_THERE, None
        if not rules.may_write_together(person, draft.proposal, clock.now()):
            return NOT_ALLOWED, None
        return 0, draft

    @database_sync_to_async
    def _still_may(self) -> bool:
        draft = _find(self.draft.key)
        return (
            draft is not None
            and _is_signed_in(self.scope, self.person)
            and bool(rules.may_write(self.person, draft, clock.now()))
        )

    @database_sync_to_async
    def _state(self) -> bytes:
        return actions.state_of(self.draft)

    @database_sync_to_async
    def _take(self, update: bytes) -> bool:
        at: datetime = clock.now()
        return actions.take_update(draft=self.draft, update=update, by=self.person, at=at)

    @database_sync_to_async
    def _note(self) -> None:
        live.is_there(self.draft.key, self.person.pk)


def _find(key: str) -> SharedDraft | None:
    found = SharedDraft.objects.select_related("proposal__process", "proposal__contribution")
    return found.filter(key=key).first()


def _is_signed_in(scope: dict[str, Any], person: Person) -> bool:
    """Whether the session the window came with still is this person's: asked anew, not remembered."""
    key = getattr(scope.get("session"), "session_key", None)
    if key is None:
        return False
    store = import_string(f"{settings.SESSION_ENGINE}.SessionStore")(key)
    return bool(get_user(SimpleNamespace(session=store)) == person)  # type: ignore[arg-type]
