"""What only a browser can tell, once for every distinct structure of a page (REQ-01, REQ-02, REQ-06).

Accessibility rules at 1280 and 320 pixels, contrast in light and dark, nothing wider than a phone, focus that can be seen,
a silent console: all of it for the first page of every address. Another page of the same address (another role, another
state) has the same frame and styles; where it is built with a part no page before it had, the rules at 320 pixels, the
width and the console are asked of it. `--full-crawl` takes every page of every role in both languages instead, and asks
everything of each.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.browser import NewContext, axe
from tests.matrix.expectations import EXPECT
from tests.routes import LANGUAGES, Route
from tests.visits import Visit, addresses, client_of, collect, none_of, quiet, showing_what_is_missing, visit
from tests.world import World, build_world, tell_everybody

# Two groups, so that two test processes share the work.
ROLES = {"people": ("visitor", "amina", "ines", "jonas", "clara", "mo"), "city": ("ada", "olga")}

CONTRAST = """async () => (await axe.run(document, {runOnly: {type: 'rule', values: ['color-contrast']}, resultTypes: ['violations'], preload: false}))
  .violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target.join(' ')} ${n.any.map(a => a.message).join(' ')}`))"""
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
) -> Iterator[tuple[World, dict[str, list[Visit]]]]:
    """Role -> the first page of every address, and those built with a part nobody before them has seen."""
    everything = request.config.getoption("--full-crawl")
    world = build_world()
    tell_everybody(world)
    known: set[str] = set()
    parts: set[str] = set()
    chosen: dict[str, list[Visit]] = {}
    for role in ROLES[group]:
        # The same page asked in another way (a filter, the next page) is built of the same parts.
        for seen in _collected(world, role, everything):
            if not seen.is_page or seen.status >= 500:
                continue
            if everything or seen.route.name not in known or seen.page.parts - parts:
                known.add(seen.route.name)
                parts |= seen.page.parts
                chosen.setdefault(role, []).append(seen)
    assert len(known) > 20
    yield world, chosen


def _collected(world: World, role: str, everything: bool) -> list[Visit]:
    """What a role sees. Refusals look alike for everybody, so they are looked at once: as the first of the group."""
    if everything:
        return collect(world, role)
    client = client_of(world, role)
    first = role == ROLES["people"][0]
    with showing_what_is_missing(), quiet():
        return [
            visit(client, role, to)
            for to in addresses(world, LANGUAGES[0])
            if first or _is_shown(to.route, to.state, role)
        ]


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
    structures: tuple[World, dict[str, list[Visit]]],
    live_server: LiveServer,
    new_context: NewContext,
    console_errors: list[str],
) -> None:
    world, chosen = structures
    everything, known = request.config.getoption("--full-crawl"), set[str]()
    wrong: dict[str, list[Visit]] = {}
    for role, visits in chosen.items():
        context = new_context(reduced_motion="reduce")
        for name, morsel in client_of(world, role).cookies.items():
            context.add_cookies([{"name": name, "value": morsel.value, "url": live_server.url}])
        page = context.new_page()
        for seen in visits:
            thorough = everything or seen.route.name not in known
            known.add(seen.route.name)
            for problem in _problems(page, live_server.url + seen.url, console_errors, thorough):
                wrong.setdefault(problem, []).append(seen)
        context.close()
    none_of(f"{problem}\n    on {len(where)} pages, first {where[0]}" for problem, where in wrong.items())


def _problems(page: Page, url: str, console: list[str], thorough: bool) -> list[str]:
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900} if thorough else {"width": 320, "height": 700})
    response = page.goto(url, wait_until="load")
    if response is None or response.status >= 500:
        return [f"answers {response and response.status}"]
    found = [f"console: {line}" for line in console if response.status < 400 or "Failed to load" not in line]
    if thorough:
        found += [f"1280: {line}" for line in axe(page, "color-contrast")]
        page.keyboard.press("Tab")  # from now on focus is shown as for somebody with a keyboard
        found += [f"1280: focus cannot be seen on {line}" for line in page.evaluate(UNSEEN_FOCUS)]
        page.set_viewport_size({"width": 320, "height": 700})
    found += [f"320: too wide: {line}" for line in page.evaluate(TOO_WIDE)]
    # Contrast is asked once for each address and theme: it is the dearest rule, and styles are the same at every width.
    found += [f"320: {line}" for line in axe(page, *([] if thorough else ["color-contrast"]))]
    if thorough:
        page.emulate_media(color_scheme="dark")
        found += [f"320 dark: {line}" for line in page.evaluate(CONTRAST)]
    console.clear()  # axe tries inline styles, and our policy says so
    return found
