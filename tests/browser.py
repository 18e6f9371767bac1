"""A real Chromium for the tests: windows of any width, language and colours, closed to foreign origins."""

import functools
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.http import HttpRequest, HttpResponseBase
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from devtools import chromium as system
from devtools.console import Trouble

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Names and numbers of other machines lead nowhere, and what failed is compared with this. (Playwright's `route` could stop
# requests, too, but switches off the browser's cache: every page would fetch its styles anew, half of its time.)
NOWHERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE ::1"
FOREIGN = re.compile(r"^(?!(?:https?|wss?)://(?:localhost|127\.0\.0\.1|\[::1\])[:/])(?!data:|blob:|about:)")

# A machine with two busy cores is slow, not wrong; thirty seconds (the default) would hide what is.
PATIENCE = 10_000

NewContext = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    try:
        found = system.find()
    except Trouble as trouble:
        pytest.fail(str(trouble), pytrace=False)
    with sync_playwright() as playwright:
        environ: dict[str, str | float | bool] = dict(found.environ)
        browser = playwright.chromium.launch(
            executable_path=str(found.path), args=[*found.flags, NOWHERE], env=environ or None, timeout=60_000
        )
        try:
            yield browser
        finally:
            browser.close()


@pytest.fixture(autouse=True, scope="session")
def _styles_stay_in_the_browser() -> Iterator[None]:
    """As in production, where their names carry their content; asked for anew they take half of the time of a page."""
    answer = StaticFilesHandler.get_response

    def keep(handler: StaticFilesHandler, request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = answer(handler, request)
        response.headers["Cache-Control"] = "max-age=3600, immutable"
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFilesHandler, "get_response", keep)
        yield


@dataclass
class Observed:
    """What the windows of one test said and where they wanted to go."""

    console: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.console.append(f"{message.text} ({message.location.get('url', '')})")

    def failed(self, request: Request) -> None:
        if FOREIGN.match(request.url):
            self.foreign.append(request.url)


@pytest.fixture
def observed() -> Observed:
    return Observed()


@pytest.fixture
def console_errors(observed: Observed) -> list[str]:
    """The console's errors so far, scripts that threw included. A test asserts that there are none."""
    return observed.console


@pytest.fixture
def new_context(chromium: Browser, observed: Observed) -> Iterator[NewContext]:
    """A factory of separate visitors. A request to a foreign origin is refused and fails the test."""
    contexts: list[BrowserContext] = []

    def open_context(
        width: int = 1280,
        height: int = 900,
        locale: str = "de-DE",
        color_scheme: Literal["light", "dark"] = "light",
        javascript: bool = True,
        **options: object,
    ) -> BrowserContext:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            locale=locale,
            color_scheme=color_scheme,
            java_script_enabled=javascript,
            timezone_id="Europe/Berlin",
            **options,  # type: ignore[arg-type]
        )
        context.set_default_timeout(PATIENCE)
        context.on("requestfailed", observed.failed)
        context.on("console", observed.heard)
        context.on("weberror", lambda error: observed.console.append(str(error.error)))
        contexts.append(context)
        return context

    yield open_context
    for context in contexts:
        context.close()
    assert not observed.foreign, f"requests to foreign origins: {observed.foreign}"


@functools.cache
def _axe_source() -> str:
    return AXE.read_text(encoding="utf-8")


def axe(page: Page, *without: str) -> list[str]:
    """What axe finds on the page, a line for each element. `without` names rules to leave out.

    The script enters by the debugging protocol: our Content-Security-Policy would rightly refuse a <script>.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_axe_source())
    options = {
        "runOnly": {"type": "tag", "values": RULES},
        "rules": {rule: {"enabled": False} for rule in without},
        "resultTypes": ["violations"],
        # Nothing we ask looks into style sheets, and reading them anew takes half of the time.
        "preload": False,
    }
    result = page.evaluate(f"() => axe.run(document, {json.dumps(options)})")
    return [
        f"{violation['id']}: {violation['help']} at {' '.join(map(str, node['target']))}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]
