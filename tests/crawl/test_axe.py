"""What only a browser can tell, once for every distinct structure of a page (REQ-01, REQ-02, REQ-06).

Accessibility rules at 320 pixels, and at 1280 where that shows more, contrast in light and dark, nothing wider than a phone, focus that can be seen,
a silent console: all of it for the first page of every address. Another page of the same address (another role, another
state) has the same frame and styles; where it is built with a part no page before it had, the rules at 320 pixels, the
width and the console are asked of it. Which pages those are stands in structures.json, and `UPDATE_STRUCTURES=1` writes it. `--full-crawl` takes every page of every role in both languages instead, and asks
everything of each.
"""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests import keepsake
from tests.browser import AXE, NewContext, axe
from tests.matrix.expectations import EXPECT
from tests.pages import read
from tests.routes import LANGUAGES, Route
from tests.visits import Visit, addresses, client_of, collect, none_of, undone
from tests.world import World, tell_everybody

STRUCTURES = Path(__file__).parent / "structures.json"
# Groups, so that test processes share the work. None is called like a role: what is, goes to the process of that role
# (tests/conftest.py) and before all tests that cannot bear the event loop of a browser.
ROLES = {
    "anybody": ("visitor",),
    "people": ("amina", "ines", "jonas", "clara", "mo"),
    "city": ("ada", "olga"),
}

CONTRAST = """async () => (await axe.run(document, {runOnly: {type: 'rule', values: ['color-contrast']}, resultTypes: ['violations'], preload: false}))
  .violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target.join(' ')} ${n.any.map(a => a.message).join(' ')}`))"""
# Elements that are shown on a wide window and not on a narrow one, by what they are built of.
SHOWN = """() => { window.shownWide = [...document.body.querySelectorAll('*')].filter(e => e.checkVisibility({visibilityProperty: true})) }"""
ONLY_WIDE = """() => [...new Set(window.shownWide.filter(e => !e.checkVisibility({visibilityProperty: true})).map(e =>
  `${e.tagName}.${e.getAttribute('class') ?? ''}[${e.getAttributeNames().filter(n => n === 'role' || n.startsWith('aria-') || n === 'disabled').sort()}]`))]"""
SCROLLED = """async () => (await axe.run(document, {runOnly: {type: 'rule', values: ['scrollable-region-focusable']}, resultTypes: ['violations'], preload: false}))
  .violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target.join(' ')}`))"""
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('body *')]
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && getComputedStyle(e).position !== 'fixed'
    && !e.closest('[tabindex="0"],.scroll,pre,svg'))
  .slice(0, 3).map(e => `${e.tagName}.${e.getAttribute('class') ?? ''} ends at ${Math.round(e.getBoundingClientRect().right)}`)"""
# Something about the element, its label or its frame looks different while it has the focus.
UNSEEN_FOCUS = """() => {
  const looks = e => [e, e.closest('label'), e.parentElement, e.nextElementSibling, e.id && document.querySelector(`label[for="${e.id}"]`)]
    .filter(Boolean).map(x => { const s = getComputedStyle(x); const a = getComputedStyle(x, '::after')
      return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.borderColor, s.backgroundColor, s.textDecorationLine,
              s.textDecorationThickness, a.outlineStyle, a.boxShadow].join() }).join('|');
  const shown = e => { const r = e.getClientRects()[0]; return r && r.width > 0 && getComputedStyle(e).visibility !== 'hidden' };
  const found = [];
  for (const e of [...document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex="0"]')]
      .filter(e => shown(e) && !e.disabled && !e.matches('.is-focus')).slice(0, 60)) {
    document.activeElement?.blur();
    const before = looks(e);
    e.focus();
    if (document.activeElement === e && looks(e) === before) found.push(`${e.tagName}.${e.getAttribute('class') ?? ''} "${e.textContent.trim().slice(0, 30)}"`);
  }
  return found.slice(0, 3);
}"""


@pytest.fixture
def structures(
    request: pytest.FixtureRequest, group: str, live_server: LiveServer
) -> Iterator[tuple[dict[str, list[Any]], World]]:
    """(role -> the pages to look at: those of structures.json, or all with --full-crawl; the world they are of)."""
    world = keepsake.world()
    tell_everybody(world)
    if request.config.getoption("--full-crawl"):
        yield {role: [seen for seen in collect(world, role) if _counts(seen)] for role in ROLES[group]}, world
    else:
        known = {(to.route.name, to.state): to for to in addresses(world, LANGUAGES[0])}
        pages = reviewed()[group]["pages"]
        yield (
            {role: [known[name, state] for name, state in pages.get(role, [])] for role in ROLES[group]},
            world,
        )


@pytest.mark.skipif(
    not os.environ.get("UPDATE_STRUCTURES"), reason="UPDATE_STRUCTURES=1 writes structures.json anew"
)
@pytest.mark.timeout(7200)
@pytest.mark.django_db
def test_write_down_the_structures() -> None:
    """The first page of every address, and those built with a part nobody before them has seen."""
    found = {}
    known: set[str] = set()
    parts: set[str] = set()
    with undone():
        world = keepsake.world()
        tell_everybody(world)
        for group, roles in ROLES.items():
            before = frozenset(parts)
            chosen: dict[str, list[list[str]]] = {}
            for role in roles:
                for seen in filter(_counts, collect(world, role, LANGUAGES[:1], links=False)):
                    if seen.route.name not in known or seen.page.parts - parts:
                        known.add(seen.route.name)
                        parts |= seen.page.parts
                        chosen.setdefault(role, []).append([seen.route.name, seen.state])
            found[group] = {"pages": chosen, "parts": sorted(parts - before)}
    STRUCTURES.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")


def test_every_structure_of_a_page_is_looked_at(visits: list[Visit]) -> None:
    """Whatever a page of this role is built of stands on one of the pages that a browser opens."""
    groups = reviewed().values()
    routes = {name for group in groups for pages in group["pages"].values() for name, _state in pages}
    parts = {part for group in groups for part in group["parts"]}
    assert len(routes) > 20
    shown = [
        seen for seen in visits if seen.language == LANGUAGES[0] and not seen.is_linked and _counts(seen)
    ]
    none_of(
        f"{seen}: {sorted(seen.page.parts - parts)[:2]} (UPDATE_STRUCTURES=1 python3 dev.py test tests/crawl/test_axe.py)"
        for seen in shown
        if seen.route.name not in routes or seen.page.parts - parts
    )


@functools.cache
def reviewed() -> dict[str, dict[str, Any]]:
    """Group -> {"pages": role -> [address, state], "parts": what they are built of and no group before}."""
    found: dict[str, dict[str, Any]] = json.loads(STRUCTURES.read_text())
    return found


@functools.cache
def first_pages() -> set[tuple[str, str, str]]:
    """(role, address, state) of the first page of every address: the ones of which everything is asked."""
    first: dict[str, tuple[str, str, str]] = {}
    for group in reviewed().values():
        for role, pages in group["pages"].items():
            for name, state in pages:
                first.setdefault(name, (role, name, state))
    return set(first.values())


def _counts(seen: Visit) -> bool:
    """Refusals look alike for everybody, so they are looked at once: as the first of all."""
    first = seen.role == ROLES["anybody"][0]
    return seen.is_page and seen.status < 500 and (first or _is_shown(seen.route, seen.state, seen.role))


def _is_shown(route: Route, state: str, role: str) -> bool:
    """Whether the table of expectations promises this role a page; of what the log-in library shows one person's tell."""
    if route.name not in EXPECT:
        return role in ("amina", "ada")
    expected = EXPECT[route.name].get("GET")
    return expected is not None and expected.answer(route, state, role) == "page"


@pytest.mark.browser
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("group", ROLES)
def test_every_structure_of_a_page_is_accessible(
    request: pytest.FixtureRequest,
    group: str,
    structures: tuple[dict[str, list[Any]], World],
    live_server: LiveServer,
    new_context: NewContext,
    console_errors: list[str],
) -> None:
    chosen, world = structures
    everything, parts, wide = request.config.getoption("--full-crawl"), set[str](), set[str]()
    wrong: dict[str, list[str]] = {}
    for role, pages in chosen.items():
        context = new_context(reduced_motion="reduce")
        context.add_init_script(path=AXE)  # with the page, ten times as quick as after it
        for name, morsel in client_of(world, role).cookies.items():
            context.add_cookies([{"name": name, "value": morsel.value, "url": live_server.url}])
        page = context.new_page()
        for to in pages:
            thorough = everything or (role, to.route.name, to.state) in first_pages()
            if everything:
                wide.clear()
            problems, html = _problems(page, live_server.url + to.url, console_errors, thorough, wide)
            parts |= read(html).parts
            for problem in problems:
                wrong.setdefault(problem, []).append(f"{role} {to.url} ({to.state})")
        context.close()
    none_of(f"{problem}\n    on {len(where)} pages, first {where[0]}" for problem, where in wrong.items())
    # What structures.json says these pages are built of, they are.
    assert everything or parts >= set(reviewed()[group]["parts"])


def _problems(
    page: Page, url: str, console: list[str], thorough: bool, wide: set[str]
) -> tuple[list[str], str]:
    """What is wrong with a page, and its source as it was sent. `wide`: what pages before it showed on a wide window alone."""
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900} if thorough else {"width": 320, "height": 700})
    response = page.goto(url, wait_until="load")
    if response is None or response.status >= 500:
        return [f"answers {response and response.status}"], ""
    # The server of these tests speaks no web sockets; tests/proposals/cowriting opens them.
    heard = [line for line in console if "WebSocket" not in line]
    found = [f"console: {line}" for line in heard if response.status < 400 or "Failed to load" not in line]
    if thorough:
        page.evaluate(SHOWN)
        found += [f"1280: {line}" for line in page.evaluate(SCROLLED)]
        page.keyboard.press("Tab")  # from now on focus is shown as for somebody with a keyboard
        found += [f"1280: focus cannot be seen on {line}" for line in page.evaluate(UNSEEN_FOCUS)]
        page.set_viewport_size({"width": 320, "height": 700})
    found += [f"320: too wide: {line}" for line in page.evaluate(TOO_WIDE)]
    # Contrast is asked once for each address and theme: it is the dearest rule, and styles are the same at every width.
    found += [f"320: {line}" for line in axe(page, *([] if thorough else ["color-contrast"]))]
    if thorough:
        page.emulate_media(color_scheme="dark")
        found += [f"320 dark: {line}" for line in page.evaluate(CONTRAST)]
        # Nearly all of a page is the same on a wide window: the rules are asked there where it shows something more.
        more = set(page.evaluate(ONLY_WIDE))
        if not wide or more - wide:
            page.emulate_media(color_scheme="light")
            page.set_viewport_size({"width": 1280, "height": 900})
            found += [f"1280: {line}" for line in axe(page, "color-contrast")]
            wide |= more
    console.clear()  # axe tries inline styles, and our policy says so
    return found, response.text()
