"""The demo's outbox and its log-ins: there in the demo, nowhere else."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.management import CommandError, call_command
from django.test import Client

from quartier import outbox
from quartier.demo.codes import code, seconds_left
from quartier.demo.logins import LOGINS
from quartier.demo.views import readable

EVIL = (
    '<html><head><style>p { color: red }</style><title>t</title></head><body onload="x()"><h1>Guten Tag</h1>'
    '<script>alert(1)</script><p style="position:fixed">Hallo <a href="javascript:x()">da</a>'
    ' <a href="http://localhost:8000/de/">dort</a><img src="https://tracker.example/x.gif"></p></body></html>'
)


@pytest.fixture
def post_office(settings, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = "quartier.outbox.OutboxBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "outbox"
    return tmp_path / "outbox"


def send(subject: str = "Hällo, Wörld", identity: str = "<1@example.org>", html: str = EVIL) -> None:
    message = EmailMultiAlternatives(
        subject, "Guten Tag,\nhallo.", to=["a@example.org"], headers={"Message-ID": identity}
    )
    message.attach_alternative(html, "text/html")
    message.send()


def test_a_mail_becomes_one_file_and_reads_as_it_was_sent(post_office: Path):
    send()
    (kept,) = outbox.newest()
    found = outbox.find(kept.identity)
    assert found and (found.subject, found.to) == ("Hällo, Wörld", "a@example.org")
    assert found.text.startswith("Guten Tag,\nhallo.") and found.html == EVIL
    assert [file.suffix for file in post_office.iterdir()] == [".eml"]  # no half-written ones


def test_the_same_mail_handed_over_twice_is_one_mail(post_office: Path):
    backend = outbox.OutboxBackend()
    assert not backend.knows("<1@example.org>")
    send()
    send()
    assert backend.knows("<1@example.org>") and not backend.knows("<2@example.org>")
    assert len(outbox.newest()) == 1


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "x" * 32, "0" * 31, "0" * 32, "%2e%2e"])
def test_only_names_of_mails_open_something(post_office: Path, name: str):
    assert outbox.find(name) is None


@pytest.mark.django_db
def test_the_pages_show_a_mail_without_its_tricks(post_office: Path, client: Client):
    assert "No mail yet" in client.get("/demo/outbox/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    send()
    listed = client.get("/demo/outbox/").content.decode()
    assert "Hällo, Wörld" in listed
    address = re.search(r"/demo/outbox/[0-9a-f]{32}/", listed)
    assert address
    page = client.get(address[0])
    html = page.content.decode()
    assert page.status_code == 200 and html.count("<h1") == 1 and "Guten Tag" in html
    for trick in ("alert(1)", "onload=", "position:fixed", "tracker.example", "javascript:", "color: red"):
        assert trick not in html
    assert not page.cookies


def test_what_stays_of_a_mail_are_words_and_links():
    clean = readable(EVIL)
    assert "<h3>Guten Tag</h3>" in clean and 'href="http://localhost:8000/de/"' in clean
    assert "script" not in clean and "<img" not in clean and "style" not in clean


@pytest.mark.django_db
def test_outside_the_demo_none_of_these_pages_exists(settings, post_office: Path, client: Client):
    send()
    name = outbox.newest()[0].identity
    settings.DEMO = False
    for path in ("/demo/", "/demo/outbox/", f"/demo/outbox/{name}/"):
        assert client.get(path).status_code == 404
    with pytest.raises(CommandError):
        call_command("demo_logins", stdout=StringIO())
    assert not mail.outbox


def test_codes_are_those_of_the_standard():
    """RFC 6238, appendix B, the last six digits of its SHA-1 column."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for seconds, expected in [
        (59, "287082"),
        (1111111109, "081804"),
        (1234567890, "005924"),
        (20000000000, "353130"),
    ]:
        assert code(secret, datetime.fromtimestamp(seconds, tz=UTC)) == expected
    assert seconds_left(datetime.fromtimestamp(59, tz=UTC)) == 1


@pytest.mark.django_db
def test_the_log_ins_are_shown_with_the_code_of_the_moment(client: Client):
    html = client.get("/demo/").content.decode()
    printed = StringIO()
    call_command("demo_logins", stdout=printed)
    assert len(LOGINS) == 7
    for login in LOGINS:
        assert login.email in html and login.password in html and login.email in printed.getvalue()
    assert (
        len(re.findall(r"<code>\d{6}</code>", html)) == sum(1 for login in LOGINS if login.totp_secret) == 4
    )
    assert len(re.findall(r"code \d{6}$", printed.getvalue(), re.M)) == 4
