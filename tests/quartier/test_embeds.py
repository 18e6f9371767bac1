"""Cards for other sites and oEmbed: what everybody sees, to everybody the same, and nothing of who looks."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cocreation.actions import hide_contribution
from cocreation.embeds import card_of as process_card
from proposals.embeds import card_of as proposal_card
from proposals.models import Proposal
from tests.visibility.test_enumeration import SECRETS
from tests.world import World

pytestmark = pytest.mark.django_db


def ask(client: Client, path: str, **more: str):
    return client.get("/oembed?" + urlencode({"url": f"{settings.SITE_URL}{path}", **more}))


def test_a_card_may_be_framed_by_any_site_and_knows_nobody(world: World, client: Client, sign_in) -> None:
    for path in (f"/de/proposals/{world.fountain.receipt}/", "/de/processes/collecting/"):
        seen = client.get(f"{path}embed/")
        policy = seen["Content-Security-Policy"]
        assert (
            "frame-ancestors *" in policy and "script-src 'none'" in policy and "X-Frame-Options" not in seen
        )
        assert "frame-ancestors 'none'" in client.get(path)["Content-Security-Policy"]
        assert not seen.cookies and "private" not in seen["Cache-Control"]
        body = seen.content.decode()
        assert "<script" not in body and "<form" not in body and 'target="_blank"' in body
        # Nothing from another server, and nothing that differs by who asks.
        assert not re.findall(r'(?:src|href)="(?!/|http://localhost:8000/|#)', body)
        assert sign_in(world.amina).get(f"{path}embed/").content.decode() == body


def test_it_shows_the_thing_in_the_language_of_the_address_and_in_the_light_that_was_asked_for(
    world: World, client: Client
) -> None:
    path = f"/proposals/{world.fountain.receipt}/embed/"
    german, english = (client.get(f"/{code}{path}").content.decode() for code in ("de", "en"))
    assert "Trinkbrunnen am Dorfplatz" in german and "unterstützen" in german
    assert "support" in english and 'lang="en"' in english
    assert 'data-theme="dark"' in client.get(f"/de{path}?theme=dark").content.decode()
    assert "data-theme" not in german + client.get(f"/de{path}?theme=x").content.decode()
    process = client.get("/de/processes/collecting/embed/").content.decode()
    assert "Was soll entstehen?" in process and "noch" in process


@pytest.mark.parametrize("name", ["draft", "hidden", "withdrawn", "erased", "planned"])
def test_what_a_visitor_may_not_see_is_in_no_card_and_in_no_answer(
    world: World, client: Client, sign_in, name: str
) -> None:
    """Not even for its author, and to the byte like what does not exist."""
    receipt = world.proposals[name].receipt if name in world.proposals else "2001-0002"
    nothing = ask(client, "/de/proposals/2001-0001/")
    assert nothing.status_code == 404
    for who in (client, sign_in(world.jonas), sign_in(world.mo)):
        assert who.get(f"/de/proposals/{receipt}/embed/").status_code == 404
        answer = ask(who, f"/de/proposals/{receipt}/")
        assert (answer.status_code, answer.content) == (404, nothing.content)


def test_a_process_that_is_not_published_has_no_card(world: World, client: Client, sign_in) -> None:
    for who in (client, sign_in(world.ada)):
        assert who.get("/de/processes/draft/embed/").status_code == 404
        assert ask(who, "/de/processes/draft/").status_code == 404
    assert "embed-code" not in sign_in(world.ada).get("/de/processes/draft/").content.decode()


def test_no_card_of_anything_holds_a_secret(world: World) -> None:
    shown = [proposal_card(receipt) for receipt in Proposal.objects.values_list("receipt", flat=True)]
    shown += [process_card(process.slug) for process in world.processes.values()]
    found = [card for card in shown if card is not None]
    said = " ".join(f"{card.title} {card.context.get('drawn', '')}" for card in found)
    assert len(found) > 10 and None in shown and "Trinkbrunnen" in said
    assert not [word for words in SECRETS for word in words if word in said]


def test_what_is_hidden_a_moment_later_is_gone_from_the_card(world: World, client: Client) -> None:
    path = f"/de/proposals/{world.fountain.receipt}/"
    assert client.get(f"{path}embed/").status_code == 200
    hide_contribution(
        contribution=world.fountain.contribution, by=world.mo, rule="respect", reason="x", at=world.now
    )
    assert client.get(f"{path}embed/").status_code == 404 and ask(client, path).status_code == 404


def test_oembed_gives_the_card_to_whoever_asks_about_a_page(world: World, client: Client) -> None:
    path = f"/de/proposals/{world.fountain.receipt}/"
    page = client.get(path).content.decode()
    (discovery,) = re.findall(r'type="application/json\+oembed" href="([^"]+)"', page)
    answer = client.get(unescape(discovery).removeprefix(settings.SITE_URL))
    data = answer.json()
    assert (
        data["version"] == "1.0" and data["type"] == "rich" and data["title"] == "Trinkbrunnen am Dorfplatz"
    )
    assert (data["width"], data["height"]) == (480, 520) and data["author_name"] == "Amina Yıldız"
    assert answer["Access-Control-Allow-Origin"] == "*" and not answer.cookies
    (src,) = re.findall(r'src="([^"]+)"', data["html"])
    assert client.get(src.removeprefix(settings.SITE_URL)).status_code == 200
    # The code people copy from the page leads to the same card.
    assert src in unescape(page)
    small = ask(client, path, maxwidth="300", maxheight="9").json()
    assert (small["width"], small["height"]) == (300, 160) and 'width="300"' in small["html"]
    assert (
        ask(client, "/en/processes/collecting/", theme="dark")
        .json()["html"]
        .count("/en/processes/collecting/embed/?theme=dark")
        == 1
    )


@pytest.mark.parametrize(
    "url",
    ["", "https://evil.example/de/proposals/1/", "http://localhost:8000.evil.example/de/", "http://localhost:8000/de/me/", "javascript:alert(1)",
     "http://localhost:8000/fr/processes/collecting/", "http://localhost:8000//evil.example/", "http://localhost:8000/de/proposals/\x00/", "x" * 900],
)  # fmt: skip
def test_oembed_speaks_of_nothing_else(world: World, client: Client, url: str) -> None:
    assert client.get("/oembed", {"url": url}).status_code == 404
    assert ask(client, "/de/processes/collecting/", format="xml").status_code == 501


def test_a_title_that_is_markup_stays_text(world: World, client: Client) -> None:
    Proposal.objects.filter(pk=world.fountain.pk).update(title='"><script>alert(1)</script>')
    path = f"/de/proposals/{world.fountain.receipt}/"
    assert "<script" not in client.get(f"{path}embed/").content.decode()
    assert "<script" not in ask(client, path).json()["html"]


def test_a_card_asks_few_questions(world: World, client: Client) -> None:
    for path, most in (
        (f"/de/proposals/{world.fountain.receipt}/embed/", 6),
        ("/de/processes/collecting/embed/", 8),
    ):
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        assert len(queries) <= most, [query["sql"][:120] for query in queries]
