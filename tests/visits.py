"""Every page as every role, in every state and both languages: visited once, judged by many tests.

`visits` is everything one role got to see, as plain data. The tests of the matrix, of the crawl and of visibility
read it; none of them asks the server again.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import re
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import time_machine
from django.conf import settings
from django.core.cache import caches
from django.db import connection, transaction
from django.template import Template, engines
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import translation

from accounts.models import Person
from cocreation import desk_numbers
from groundwork.journal.models import Entry
from proposals import memory
from tests.pages import Page, read
from tests.routes import LANGUAGES, Route, route, routes
from tests.states import NOWHERE, states
from tests.world import World

ROLES = ("visitor", "jonas", "amina", "ines", "olga", "mo", "clara", "ada")
BILINGUAL = ("visitor", "amina", "ada")
COUNTED = ("visitor", "amina", "ada")  # whose queries are counted
MISSING = "⟦missing⟧"
LINKS_OF_A_KIND = 2

# Reading these writes, and why that is right.
WRITES_ON_GET = {
    "mfa_activate_totp": "the new secret waits in the session until a code proves that it arrived"
}


class Missing(str):
    """What a template shows for a name nobody gave it. Empty for `if` and for filters, as in production; visible when printed."""

    def __bool__(self) -> bool:
        return False


@dataclass
class Visit:
    route: Route
    state: str
    role: str
    language: str
    url: str
    status: int
    headers: dict[str, str]
    body: str
    cookies: tuple[str, ...]
    queries: list[str] = field(repr=False)
    error: str = ""
    method: str = "GET"
    values: dict[str, object] = field(default_factory=dict)
    recorded: int = 0  # entries in the journal
    looked_up: bool = False  # whether the database was asked for something its address names

    def __str__(self) -> str:
        return f"{self.method} {self.role} {self.language} {self.route.name}[{self.state or '-'}] {self.url}: {self.status} {self.error}"

    @property
    def writes(self) -> list[str]:
        """The statements that changed rows; sessions aside."""
        changing = ("insert", "update", "delete")
        return [
            sql
            for sql in self.queries
            if sql.lstrip().lower().startswith(changing) and "django_session" not in sql
        ]

    @property
    def anonymous_body(self) -> str:
        """The body without the values of the parameters: two answers that differ only in what was asked are the same."""
        return without_values(self.body, self.values)

    @property
    def anonymous_location(self) -> str:
        return without_values(self.location, self.values)

    @property
    def is_html(self) -> bool:
        return self.headers.get("Content-Type", "").startswith("text/html")

    @property
    def is_page(self) -> bool:
        """A whole page of the product, and not a fragment, a feed or a redirect."""
        return self.is_html and "<html" in self.body[:400].lower()

    @functools.cached_property
    def page(self) -> Page:
        return read(self.body)

    @property
    def is_linked(self) -> bool:
        """Not one of the addresses in all their states, but where a link on one of them led."""
        return self.state.startswith("linked from ")

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")


def without_values(text: str, values: Mapping[str, object]) -> str:
    """Words before numbers: the key 2 must not take the beginning of the number 2027-0012; and long ones before their parts."""
    for value in sorted(values.values(), key=lambda value: (isinstance(value, int), -len(str(value)))):
        text = text.replace(f"/{value}", "/…") if isinstance(value, int) else text.replace(str(value), "…")
    return text


@contextlib.contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is gone afterwards, also from memory."""
    with rolled_back():
        try:
            yield
        finally:
            forget()


@contextlib.contextmanager
def rolled_back() -> Iterator[None]:
    """Whatever is written inside is gone from the database afterwards."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


def forget() -> None:
    """What this process keeps in memory: rendered fragments, small tables."""
    memory.forget()
    for cache in caches.all(initialized_only=True):
        cache.clear()


def forget_but_the_menu(person: Person | None) -> None:
    """The same, but for the numbers in the menu of the desk: two dozen queries on every page of it (test_desk_menu.py)."""
    key = f"{desk_numbers.PREFIX}{person.pk}" if person else ""
    numbers = caches["pages"].get(key) if key else None
    forget()
    if numbers is not None:
        caches["pages"].set(key, numbers)


@contextlib.contextmanager
def reading_only() -> Iterator[None]:
    """The database refuses every write, for this stretch."""
    with rolled_back():
        with connection.cursor() as cursor:
            cursor.execute("set transaction read only")
        yield


@contextlib.contextmanager
def showing_what_is_missing() -> Iterator[None]:
    backend: Any = engines["django"]
    engine = backend.engine
    before, engine.string_if_invalid = engine.string_if_invalid, Missing(MISSING)
    try:
        yield
    finally:
        engine.string_if_invalid = before


@contextlib.contextmanager
def nobody_looks_into_templates() -> Iterator[None]:
    """Django's tests keep a copy of the context of every template, for those who look into it."""
    kind: Any = Template
    before, kind._render = kind._render, lambda template, context: template.nodelist.render(context)
    try:
        yield
    finally:
        kind._render = before


def client_of(world: World, role: str) -> Client:
    """Signed in as this person of the world (second factor done, where they have one), or a visitor.

    Whatever fails becomes an answer, as in production: a test sees the 500 and names the page.
    """
    client = Client(raise_request_exception=False)
    if role != "visitor":
        client.force_login(world.people[role])
    return client


@dataclass(frozen=True)
class Address:
    route: Route
    state: str
    language: str
    url: str
    values: dict[str, object] = field(default_factory=dict, hash=False)


def in_turn(wanted: Iterable[Address], ask: Callable[[Address], Visit]) -> Iterator[Visit]:
    """What all of them answer. Where a door stands before the thing, one state and those that do not exist tell of all."""
    for _name, group in groupby(wanted, key=lambda to: to.route.name):
        states = list(group)
        first = [to for number, to in enumerate(states) if number == 0 or is_nowhere(to.state)]
        answers = [ask(to) for to in first]
        yield from answers
        if not _is_door(answers):
            yield from (ask(to) for to in states if to not in first)


def _is_door(answers: list[Visit]) -> bool:
    """Whether they were turned away before anybody looked for the thing: by a view that takes no such method, or all of them in the
    same words, also from what does not exist, and the database was asked for nothing the address names."""
    return answers[0].status == 405 or (
        len(answers) > 1
        and answers[0].status in (302, 403)
        and not any(answer.looked_up or answer.writes for answer in answers)
        and len({(each.status, each.anonymous_body, each.anonymous_location) for each in answers}) == 1
    )


def addresses(world: World, language: str) -> Iterator[Address]:
    """Everything there is, in all its states; routes without a language only once."""
    for known in routes():
        if known.translated or language == LANGUAGES[0]:
            for state, values in states(known, world).items():
                yield Address(known, state, language, known.url(language, **values), values)


# What a browser says with every write that comes from our own pages.
OURS = {"Sec-Fetch-Site": "same-origin"}


def visit(client: Client, role: str, to: Address, headers: dict[str, str] | None = None) -> Visit:
    with undone() if to.route.name in WRITES_ON_GET else reading_only():
        return _ask(client, "GET", role, to, {}, headers)


class Reader:
    """One visit after the other; the database refuses every write all the while."""

    def __init__(self, client: Client, role: str) -> None:
        self.client = client
        self.role = role
        self._stretch = contextlib.ExitStack()
        self._is_open = False

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_error: object) -> None:
        self._end()

    def visit(self, to: Address) -> Visit:
        if to.route.name in WRITES_ON_GET:
            self._end()
            return visit(self.client, self.role, to)
        if not self._is_open:
            self._stretch.enter_context(reading_only())
            self._is_open = True
        seen = _ask(self.client, "GET", self.role, to, {}, None)
        if seen.status >= 500:
            self._end()  # what failed may have left the transaction broken
        return seen

    def _end(self) -> None:
        self._is_open = False
        self._stretch.close()


def attempt(client: Client, role: str, to: Address, send: dict[str, Any], last: int) -> Visit:
    """A write, undone; `last` is the key of the newest entry of the journal before it."""
    with rolled_back():
        answer = _ask(client, "POST", role, to, send, OURS)
        if not all(sql.startswith(("SELECT", "select")) for sql in answer.queries):
            answer.recorded = Entry.objects.filter(pk__gt=last).count()
    if answer.writes:
        forget()  # what it kept in memory was true for a moment only
    return answer


def last_entry() -> int:
    return int(Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0)


def _ask(
    client: Client, method: str, role: str, to: Address, send: dict[str, Any], headers: dict[str, str] | None
) -> Visit:
    asked: list[str] = []
    named = _names(to.values)
    looked_up = False

    def hear(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal looked_up
        asked.append(str(sql))
        looked_up = looked_up or bool(named and params and named.search(str(params)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(hear):
        response = (
            client.post(to.url, send, headers=headers)
            if method == "POST"
            else client.get(to.url, headers=headers)
        )
    return Visit(
        method=method, role=role, route=to.route, state=to.state, language=to.language, url=to.url, values=to.values,
        status=response.status_code, headers=dict(response.headers), body=text_of(response), cookies=tuple(response.cookies),
        error=_error(response), queries=[sql for sql in asked if not _is_bookkeeping(sql)],
        looked_up=looked_up,
    )  # fmt: skip


def _names(values: Mapping[str, object]) -> re.Pattern[str] | None:
    """Finds one of them as a word of its own."""
    words = "|".join(re.escape(str(value)) for value in values.values())
    return re.compile(rf"\b(?:{words})\b") if words else None


def _is_bookkeeping(sql: str) -> bool:
    return bool(re.match(r"(?i)(savepoint|release|rollback|set transaction|begin|commit)\b", sql))


def text_of(response: Any) -> str:
    raw = b"".join(response.streaming_content) if response.streaming else response.content
    return raw.decode("utf-8", "replace")


def _error(response: Any) -> str:
    found = getattr(response, "exc_info", None)
    if not found:
        return ""
    last = traceback.extract_tb(found[2])[-1]
    ours = next(
        (f for f in reversed(traceback.extract_tb(found[2])) if "site-packages" not in f.filename), last
    )
    return (
        f"{found[1]!r} ({ours.filename.rsplit('/', 3)[-2]}/{ours.filename.rsplit('/', 1)[-1]}:{ours.lineno})"
    )


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """No log of what fails here: the tests report it, once."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


class Sights(list[Visit]):
    """What one role got to see. Of those in `COUNTED` every first visit was a cold one, with nothing in memory.

    `dearest` is, for each address, the cold visit with the most queries over all states; `warm` the one that followed it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.dearest: dict[str, Visit] = {}
        self.warm: dict[str, Visit] = {}

    def is_dearest(self, seen: Visit) -> bool:
        """Whether it is the dearest of its address so far; it is kept then."""
        before = self.dearest.get(seen.route.name)
        if seen.status >= 300 or (before and len(seen.queries) <= len(before.queries)):
            return False
        self.dearest[seen.route.name] = seen
        return True


def _first_visits(reader: Reader, wanted: Iterable[Address], person: Person | None) -> Sights:
    seen = Sights()
    if reader.role not in COUNTED:
        seen += in_turn(wanted, reader.visit)
        return seen

    def cold(to: Address) -> Visit:
        forget_but_the_menu(person)
        found = reader.visit(to)
        if seen.is_dearest(found):
            seen.warm[to.route.name] = reader.visit(to)
        return found

    # Time stands still: what is kept in memory is kept for a stretch, and one that ends between two visits makes a warm page cold.
    with time_machine.travel(datetime.now(UTC), tick=False):
        seen += in_turn(wanted, cold)
    return seen


def collect(world: World, role: str, languages: tuple[str, ...] = LANGUAGES, *, links: bool = True) -> Sights:
    """Every page there is, and (`links`) every page a link on them leads to that is not one of them.

    In the first language in every state; in the others once for each answer an address gave that is built differently:
    the same template in the same branches says its words once. What a visitor, a resident and an admin are shown they read
    in both; of everybody else that is asked where none of those three gets in.
    """
    reader = Reader(client_of(world, role), role)
    with showing_what_is_missing(), nobody_looks_into_templates(), quiet(), reader:
        first = _first_visits(reader, addresses(world, languages[0]), world.people.get(role))
        built = _first_of_each_kind(first)
        others = [
            reader.visit(to)
            for language in languages[1:]
            for to in addresses(world, language)
            if (to.route.name, to.state) in built and (role in BILINGUAL or not _shown_to_bilingual(to))
        ]
        # Behind links are the same pages asked in another way: one language tells.
        behind = _behind_links(reader, first) if links else []
        first += others
        first += behind
        return first


def _shown_to_bilingual(to: Address) -> bool:
    from tests.matrix.expectations import EXPECT  # it knows the roles from here

    expected = EXPECT.get(to.route.name, {}).get("GET")
    return expected is None or any(expected.answer(to.route, to.state, role) == "page" for role in BILINGUAL)


def _first_of_each_kind(found: Iterable[Visit]) -> set[tuple[str, str]]:
    """Route and state of the first answer of each kind: its status, and what its page is built of or where it leads."""
    kinds: dict[tuple[object, ...], tuple[str, str]] = {}
    for each in found:
        built = each.page.structure if each.is_html else urlsplit(each.location).path and "leads on"
        kinds.setdefault((each.route.name, each.status, built), (each.route.name, each.state))
    return set(kinds.values())


def _behind_links(reader: Reader, found: list[Visit]) -> list[Visit]:
    """Links to addresses nobody has asked for: of each kind the first few.

    A kind is the page the link stands on, the route it leads to and what stands in its query: a tenth link from a list to
    a proposal says nothing that the first ones did not.
    """
    seen = {visited.url for visited in found}
    kinds: dict[tuple[object, ...], int] = {}
    more = []
    for visited in found:
        if not visited.is_page or visited.status != 200:
            continue
        for href in visited.page.links:
            url = internal(visited.url, href)
            if url is None or url in seen:
                continue
            seen.add(url)
            parts = urlsplit(url)
            if _language_of(url) != visited.language and resolves(url) == visited.route.name:
                continue  # the same page in the other language: asked above
            to = Address(_route_of(url), f"linked from {visited.url}", _language_of(url), url)
            asked = tuple(sorted(pair.split("=")[0] for pair in parts.query.split("&")))
            kind = (visited.route.name, to.route.name, asked)
            kinds[kind] = kinds.get(kind, 0) + 1
            if kinds[kind] <= LINKS_OF_A_KIND:
                more.append(reader.visit(to))
    return more


def resolves(url: str) -> str:
    """The name of the route an address belongs to; empty for none. Django looks below the active language only."""
    with translation.override(_language_of(url)):
        try:
            return resolve(urlsplit(url).path).view_name
        except Resolver404:
            return ""


def _language_of(url: str) -> str:
    return url[1:3] if url[1:3] in LANGUAGES else LANGUAGES[0]


def _route_of(url: str) -> Route:
    name = resolves(url)
    return route(name) if name else Route("nowhere", (), "", lambda request: None, translated=False)


def none_of(problems: Iterable[object]) -> None:
    """The one assertion of every test that judges visits: the list of what is wrong is empty, or is shown."""
    found = sorted({str(problem) for problem in problems})
    assert not found, f"{len(found)} found:\n" + "\n".join(found[:60])


def internal(base: str, href: str) -> str | None:
    """The path and query a link leads to on our own site; None for foreign, mail and telephone links and anchors."""
    if not href or href.startswith(("#", "mailto:", "tel:", "data:")):
        return None
    parts = urlsplit(urldefrag(urljoin(f"http://testserver{base}", href))[0])
    if parts.hostname not in ("testserver", "localhost") or parts.path.startswith(settings.STATIC_URL):
        return None
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def is_nowhere(state: str) -> bool:
    return state.startswith(NOWHERE)
