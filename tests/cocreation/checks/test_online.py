"""An online identity: a real provider on loopback, and everything that could be tampered with on the way."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.core.cache import cache
from joserfc.jwk import RSAKey

from cocreation.models import Eligibility, IdentifiedVisit
from groundwork.journal.models import Entry
from tests.cocreation.checks.checking import LINES, import_table, switch_on, table
from tests.oidc import Provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def process(world, settings, tmp_path):
    settings.PRIVATE_DIR = str(tmp_path / "private")
    process = switch_on(world.collecting)
    import_table(process, world.ada, table(*LINES))
    return process


@pytest.fixture
def provider(settings):
    cache.clear()
    with Provider({"register_number": "4711", "family_name": "Canary"}) as provider:
        settings.CHECK_PROVIDERS = {"bund": provider.settings}
        yield provider


def start(client, process):
    response = client.post(f"/de/processes/{process.slug}/online/bund/", {"next": "/de/"})
    assert response.status_code == 302
    return response["Location"]


def agree(there):
    """At the provider: yes. Returns the address it sends the browser back to."""
    back = requests.get(there, allow_redirects=False, timeout=10).headers["Location"]
    return back.removeprefix("http://testserver")


def nothing_stored(before):
    assert not IdentifiedVisit.objects.exclude(process__slug="announced").exists()
    assert not Eligibility.objects.claimed().exists()
    assert Entry.objects.count() == before


def test_there_and_back_finds_the_entry_and_signed_in_people_claim_it_with_one_button(
    process, world, provider, sign_in
):
    client = sign_in(world.jonas)
    found = client.get(agree(start(client, process)))
    assert found.status_code == 302 and "/identify/" in found["Location"]
    assert "Lindach" in client.get(found["Location"]).content.decode()
    assert not Eligibility.objects.claimed().exists(), "opening an address claims nothing"
    assert client.post(found["Location"])["Location"].endswith("/identify/?next=%2Fde%2F")
    entry = Eligibility.objects.get(person=world.jonas)
    assert (entry.claimed_by_way_of, entry.residence) == ("online", "lindach")


def test_without_a_number_postal_code_and_date_of_birth_are_looked_up(process, world, provider, sign_in):
    provider.claims = {"birthdate": "1990-02-01", "address": {"postal_code": "86150"}}
    client = sign_in(world.jonas)
    client.post(client.get(agree(start(client, process)))["Location"])
    assert Eligibility.objects.get(person=world.jonas).residence == "auental"


def test_a_visitor_signs_in_afterwards_and_takes_the_entry_with_a_button(process, world, provider, client):
    """Not by the log-in alone: a link somebody else sent must not tie their entry to this account."""
    page = client.get(agree(start(client, process)))["Location"]
    text = client.get(page).content.decode()
    assert "Konto" in text or "account" in text
    client.force_login(world.jonas)
    assert "<button" in client.get(page).content.decode()
    assert not Eligibility.objects.filter(person=world.jonas).exists()
    assert client.post(page)["Location"].startswith(f"/de/processes/{process.slug}/identify/")
    assert Eligibility.objects.get(person=world.jonas).claimed_by_way_of == "online"
    assert client.get(page).status_code == 404, "the token opens nothing any more"


def test_nothing_of_what_the_provider_said_is_stored(process, world, provider, client):
    page = client.get(agree(start(client, process)))["Location"]
    visit = IdentifiedVisit.objects.latest("created_at")
    assert page.endswith(f"/{visit.token}/")
    stored = str([vars(visit), vars(visit.entry), dict(client.session.items()), list(Entry.objects.values())])
    for canary in ("subject-canary", "Canary", "4711"):
        assert canary not in stored


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "of-another-visit"},
        {"aud": "another-client"},
        {"aud": ["quartier", "another"]},
        {"aud": ["quartier", "another"], "azp": "another"},
        {"iss": "https://evil.example"},
        {"exp": 1_600_000_000},
        {"nonce": None},
        {"sub": None},
    ],
    ids=str,
)
def test_a_statement_that_is_not_for_us_now_is_refused_and_nothing_is_stored(
    process, provider, client, wrong
):
    before = Entry.objects.count()
    provider.wrong = wrong
    assert client.get(agree(start(client, process))).status_code == 403
    nothing_stored(before)


def test_a_wrong_signature_is_refused(process, provider, client):
    before = Entry.objects.count()
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "one"})
    assert client.get(agree(start(client, process))).status_code == 403
    nothing_stored(before)


def test_a_code_that_comes_back_twice_finds_nothing(process, provider, client):
    back = agree(start(client, process))
    assert client.get(back).status_code == 302
    IdentifiedVisit.objects.all().delete()
    before = Entry.objects.count()
    assert client.get(back).status_code == 403
    assert provider.asked.count("/token") == 1, "the provider is not even asked"
    nothing_stored(before)


def test_a_code_of_somebody_elses_browser_is_refused(process, provider, client, sign_in, world):
    before = Entry.objects.count()
    back = agree(start(client, process))
    assert sign_in(world.amina).get(back).status_code == 403
    nothing_stored(before)


def test_a_changed_state_or_a_stolen_code_with_another_verifier_is_refused(process, provider, client):
    before = Entry.objects.count()
    stolen = parse_qs(urlsplit(agree(start(client, process))).query)["code"][0]
    own = parse_qs(urlsplit(agree(start(client, process))).query)["state"][0]
    assert client.get(f"/de/online/bund/?code={stolen}&state={own}").status_code == 403
    assert client.get(f"/de/online/bund/?code={stolen}&state=invented").status_code == 403
    nothing_stored(before)


def test_people_the_register_does_not_know_are_refused_unless_the_process_lets_them(
    process, world, provider, client
):
    provider.claims = {
        "register_number": "9999",
        "birthdate": "2000-01-01",
        "address": {"postal_code": "86199"},
    }
    assert client.get(agree(start(client, process))).status_code == 403
    switch_on(process, oidc={"adds": True}, register={"postal": {"86199": "lindach"}})
    assert client.get(agree(start(client, process))).status_code == 302
    entry = Eligibility.objects.get(source="online")
    assert (entry.residence, entry.age_band) == ("lindach", "22-26")


def test_a_provider_that_does_not_answer_is_said_in_words(process, provider, client):
    provider.server.shutdown()
    provider.server.server_close()
    answer = client.post(f"/de/processes/{process.slug}/online/bund/")
    assert answer.status_code == 503


def test_the_page_may_send_its_form_to_the_provider_and_nowhere_else(process, provider, client):
    policy = client.get(f"/de/processes/{process.slug}/identify/")["Content-Security-Policy"]
    assert f"form-action 'self' {provider.issuer}" in policy
