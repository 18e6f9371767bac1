"""`python3 dev.py shots DIR [WORD...]`: photographs of every main page of the demo city, to be looked at.

As visitor, resident, official and admin; 360 and 1280 pixels wide, light and dark, German and English. With words, only
the pages whose name contains one of them. Files are called page-role-language-width-theme.png.

`python3 dev.py shots --loop [DIR]`: the few small pictures of docs/the-loop.md, as WebP in docs/img.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from devtools import chromium
from devtools.paths import ROOT

WIDTHS = (1280, 360)
THEMES = ("light", "dark")
LANGUAGES = ("de", "en")


@dataclass(frozen=True)
class Shot:
    """A page: its name, its path without the language, who looks at it. `first` clicks through to a first link."""

    name: str
    path: str
    role: str = "visitor"
    first: str = ""


VOTE = "processes/buergerhaushalt-2027"
DONE = "processes/buergerhaushalt-2026"
PAGES = [
    Shot("home", ""),
    Shot("home", "", "resident"),
    Shot("processes", "processes/"),
    Shot("process-voting", f"{VOTE}/"),
    Shot("process-voting", f"{VOTE}/", "resident"),
    Shot("process-collecting", "processes/schatten-und-wasser/"),
    Shot("process-announced", "processes/schulhof-steinfeld/"),
    Shot("process-done", f"{DONE}/"),
    Shot("proposals", "proposals/"),
    Shot("proposals-of-process", "processes/schatten-und-wasser/proposals/", "resident"),
    Shot("proposal", f"{VOTE}/proposals/", "visitor", ".card__link"),
    Shot("proposal", f"{VOTE}/proposals/", "resident", ".card__link"),
    Shot("proposal-promised", "commitments/", "visitor", ".commit h3 a"),
    Shot("debate", "processes/schatten-und-wasser/debate/debatte/"),
    Shot("debate", "processes/schatten-und-wasser/debate/debatte/", "resident"),
    Shot("debate", "processes/schatten-und-wasser/debate/debatte/", "official"),
    Shot(
        "comment", "processes/schatten-und-wasser/debate/debatte/?stance=question", "resident", ".say a.muted"
    ),
    Shot("propose", "processes/schatten-und-wasser/propose/"),
    Shot("propose", "processes/schatten-und-wasser/propose/", "resident"),
    Shot("ballot", f"{VOTE}/ballot/"),
    Shot("ballot", f"{VOTE}/ballot/", "resident"),
    Shot("ballot", f"{VOTE}/ballot/", "unverified"),
    Shot("results", "results/"),
    Shot("result", f"{DONE}/result/"),
    Shot("money", f"{DONE}/money/"),
    Shot("commitments", "commitments/"),
    Shot("search", "search/?q=Brunnen"),
    Shot("me", "me/", "resident"),
    Shot("messages", "me/messages/", "resident"),
    Shot("mail", "me/mail/", "resident"),
    Shot("data", "me/data/", "resident"),
    Shot("verifications", "me/verifications/", "unverified"),
    Shot("organisations", "me/organisations/", "organisation"),
    Shot("merging-desk", "desk/merging/", "admin"),
    Shot("groups", "desk/merging/schatten-und-wasser/", "admin"),
    Shot("desk", "desk/", "official"),
    Shot("desk-assess", "desk/assess/", "official"),
    Shot("desk-answer", "desk/answer/", "official"),
    Shot("studio", "studio/", "admin"),
    Shot("studio-new", "studio/new/", "admin"),
    Shot("studio-process", "studio/schulhof-steinfeld/", "admin"),
    Shot("verify", "desk/verify/", "admin"),
    Shot("log-in", "identify/login/"),
    Shot("sign-up", "identify/signup/"),
    Shot("how-it-works", "about/how-it-works/"),
    Shot("privacy", "about/privacy/"),
    Shot("styleguide", "styleguide/"),
    Shot("not-found", "nothing-here/"),
    Shot("forbidden", "desk/", "resident"),
]
# What docs/the-loop.md shows, in the order of the loop: the top of each page, in English, on a wide screen.
LOOP = [
    Shot("loop-1-process", f"{VOTE}/"),
    Shot("loop-2-proposal", "commitments/", "visitor", ".commit h3 a"),
    Shot("loop-3-answers", "answers/"),
    Shot("loop-4-desk", "desk/answers/", "official"),
    Shot("loop-5-promises", "commitments/"),
    Shot("loop-6-messages", "me/messages/", "resident"),
    Shot("loop-7-mail", "me/mail/", "resident"),
    Shot("loop-8-evaluations", "evaluations/"),
]
LOOP_SIZE, LOOP_WIDTH, LOOP_QUALITY, LOOP_MOST = (1200, 860), 1000, 78, 600_000
PEOPLE = {
    "resident": "miriam-okafor",
    "unverified": "jonas-petersen",
    "organisation": "david-kowalski",
    "official": "lena-brandt",
    "moderator": "tarek-bilgin",
    "admin": "sofia-lindqvist",
}


@contextmanager
def city() -> Iterator[tuple[str, dict[str, str]]]:
    """The demo city on a free port, and a session key for each role."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="quartier-shots-") as var:
        environ = os.environ | {
            "QUARTIER_VAR": var,
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")]),
            "DJANGO_SETTINGS_MODULE": "quartier.settings.dev",
            "SITE_URL": f"http://localhost:{port}",
        }
        subprocess.run(
            [sys.executable, "-m", "devtools.prepare", f"{var}/logins"], cwd=ROOT, env=environ, check=True
        )
        keys = subprocess.run(
            [sys.executable, "manage.py", "shell", "-v0", "-c", _SESSIONS],
            cwd=ROOT,
            env=environ,
            check=True,
            text=True,
            capture_output=True,
        )
        web = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "gunicorn",
                "quartier.wsgi",
                "--bind",
                f"127.0.0.1:{port}",
                "--workers",
                "2",
                "--no-control-socket",
            ],
            cwd=ROOT,
            env=environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            address = f"http://localhost:{port}"
            _wait_for(f"{address}/healthz")
            yield address, dict(line.split("=", 1) for line in keys.stdout.split())
        finally:
            web.terminate()
            web.wait(20)


_SESSIONS = f"""
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from accounts.sessions import SessionStore
from accounts.models import Person
for role, key in {PEOPLE!r}.items():
    person = Person.objects.get(email=f"{{key}}@example.org")
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    print(f"{{role}}={{session.session_key}}")
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str) -> None:
    for _attempt in range(300):
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{address} does not answer.")


def _context(
    browser: Browser, address: str, key: str | None, width: int, theme: str, language: str
) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if theme == "dark" else "light",
        locale={"de": "de-DE", "en": "en-GB"}[language],
        reduced_motion="reduce",
    )
    if key:
        context.add_cookies([{"name": "session", "value": key, "url": address}])
    return context


def loop(folder: Path) -> int:
    """The pictures of docs/the-loop.md. Returns 1 when they are larger together than the documentation should be."""
    from PIL import Image

    folder.mkdir(parents=True, exist_ok=True)
    found = chromium.find()
    with city() as (address, keys), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(found.path), args=found.flags, env=dict(found.environ) or None
        )
        for page in LOOP:
            context = _context(browser, address, keys.get(page.role), LOOP_SIZE[0], "light", "en")
            window = context.new_page()
            window.set_viewport_size({"width": LOOP_SIZE[0], "height": LOOP_SIZE[1]})
            window.goto(f"{address}/en/{page.path}", wait_until="load")
            if page.first:
                link = window.locator(page.first).first.get_attribute("href")
                window.goto(address + str(link), wait_until="load")
            with Image.open(BytesIO(window.screenshot())) as picture:
                height = round(picture.height * LOOP_WIDTH / picture.width)
                small = picture.convert("RGB").resize((LOOP_WIDTH, height), Image.Resampling.LANCZOS)
                small.save(folder / f"{page.name}.webp", "WEBP", quality=LOOP_QUALITY, method=6)
            context.close()
        browser.close()
    size = sum(file.stat().st_size for file in folder.glob("loop-*.webp"))
    print(f"{len(LOOP)} pictures in {folder}, {size // 1000} kB")
    return int(size > LOOP_MOST)


def main(args: list[str]) -> int:
    if args and args[0] == "--loop":
        return loop(Path(args[1]) if len(args) > 1 else ROOT / "docs" / "img")
    if not args or args[0].startswith("-"):
        print("Say where the pictures should go: python3 dev.py shots DIR")
        return 1
    folder, words = Path(args[0]), args[1:]
    folder.mkdir(parents=True, exist_ok=True)
    pages = [page for page in PAGES if not words or any(word in page.name for word in words)]
    found = chromium.find()
    taken = 0
    with city() as (address, keys), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(found.path), args=found.flags, env=dict(found.environ) or None
        )
        for role in dict.fromkeys(page.role for page in pages):
            for language in LANGUAGES:
                for width in WIDTHS:
                    for theme in THEMES:
                        context = _context(browser, address, keys.get(role), width, theme, language)
                        for page in (page for page in pages if page.role == role):
                            window = context.new_page()
                            window.goto(f"{address}/{language}/{page.path}", wait_until="load")
                            if page.first:
                                window.goto(
                                    address + str(window.locator(page.first).first.get_attribute("href")),
                                    wait_until="load",
                                )
                            name = f"{page.name}-{role}-{language}-{width}-{theme}.png"
                            window.screenshot(path=str(folder / name), full_page=True)
                            window.close()
                            taken += 1
                        context.close()
        browser.close()
    print(f"{taken} pictures in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
