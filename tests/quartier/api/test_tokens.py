"""Tokens: what they open, what is stored of them, how they end."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts.actions import close_account
from accounts.tokens import actions
from accounts.tokens.models import Token, digest_of
from groundwork.answer import Refused
from proposals.models import Support
from tests.quartier.api.conftest import Program
from tests.world import World


def _recently(client: Client) -> None:
    """As somebody who has just given their password."""
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": __import__("time").time(), "email": "x"}
    ]
    session.save()


def test_the_secret_is_shown_once_and_only_its_digest_is_stored(world: World, sign_in) -> None:
    client = sign_in(world.jonas)
    _recently(client)
    page = client.post("/de/me/programs/new/", {"name": "Kalender", "days": "30", "scopes": ["contribute"]})
    assert page.status_code == 200
    secret = page.content.decode().split('value="qrt_')[1].split('"')[0]
    token = Token.objects.get(person=world.jonas)
    assert token.digest == digest_of(f"qrt_{secret}") and token.scopes == ["read", "contribute"]
    assert "no-store" in page["Cache-Control"]
    assert secret not in client.get("/de/me/programs/").content.decode()
    assert Program(f"qrt_{secret}").get("/me").json()["name"] == "Jonas Petersen"


def test_making_one_asks_for_the_password_again(world: World, sign_in) -> None:
    world.jonas.set_password("not-told-to-anybody")
    world.jonas.save()
    answer = sign_in(world.jonas).get("/de/me/programs/new/")
    assert answer.status_code == 302 and "/reauthenticate/" in answer["Location"]


def test_a_token_opens_only_its_scopes(world: World, program) -> None:
    reader, address = program(world.jonas, ["read"]), f"/proposals/{world.fountain.receipt}/support"
    answer = reader.put(address)
    assert answer.status_code == 403 and "contribute" in answer.json()["detail"]
    assert not Support.objects.filter(person=world.jonas, proposal=world.fountain).exists()
    assert reader.get("/me").status_code == 200


def test_it_never_opens_more_than_its_person_may(world: World) -> None:
    with pytest.raises(Refused):
        actions.make_token(by=world.jonas, name="x", scopes=["moderate"], days=7, at=world.now)
    _token, secret = actions.make_token(by=world.mo, name="x", scopes=["moderate"], days=7, at=world.now)
    assert Program(secret).get("/moderation/cases").status_code == 200
    world.mo.grants.update(ended_at=world.now)
    assert Program(secret).get("/moderation/cases").status_code == 403


def test_without_the_second_factor_the_role_rests(world: World, program) -> None:
    from allauth.mfa.models import Authenticator

    moderator = program(world.mo)
    Authenticator.objects.filter(user=world.mo).delete()
    assert moderator.get("/moderation/cases").status_code == 403


@pytest.mark.parametrize("secret", ["", "qrt_", "qrt_nothing", "Basic x", "qrt_" + "x" * 500, "qrt_ä"])
def test_what_is_no_token_is_401(world: World, secret: str) -> None:
    answer = Client().get(
        "/api/v1/places", headers={"Authorization": f"Bearer {secret}".encode().decode("latin-1")}
    )
    assert answer.status_code == 401 and answer["WWW-Authenticate"] == "Bearer"


def test_it_ends_by_itself(world: World) -> None:
    _token, secret = actions.make_token(by=world.jonas, name="x", scopes=[], days=7, at=world.now)
    with time_machine.travel(world.now + timedelta(days=6, hours=23)):
        assert Program(secret).get("/me").status_code == 200
    with time_machine.travel(world.now + timedelta(days=7, seconds=1)):
        assert Program(secret).get("/me").status_code == 401


def test_a_revoked_one_opens_nothing(world: World, program, sign_in) -> None:
    mine = program(world.jonas)
    token = Token.objects.get(person=world.jonas)
    assert sign_in(world.ines).post(f"/de/me/programs/{token.pk}/revoke/").status_code == 404
    assert mine.get("/me").status_code == 200
    sign_in(world.jonas).post(f"/de/me/programs/{token.pk}/revoke/")
    assert mine.get("/me").status_code == 401


def test_with_a_token_the_cookie_does_not_count(world: World, program, sign_in) -> None:
    browser = sign_in(world.ines)
    answer = browser.get("/api/v1/me", headers=program(world.jonas).headers)
    assert answer.json()["name"] == "Jonas Petersen"


def test_the_day_of_its_last_use_is_noted_once(world: World, program, django_assert_num_queries) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    mine = program(world.jonas)
    mine.get("/me")
    assert Token.objects.get(person=world.jonas).last_used is not None
    with CaptureQueriesContext(connection) as queries:
        mine.get("/me")
    assert not [q for q in queries if q["sql"].startswith("UPDATE")]


def test_closing_the_account_ends_them_all(world: World, program) -> None:
    mine = program(world.jonas)
    close_account(person=world.jonas, at=world.now)
    assert mine.get("/me").status_code == 401
    assert not Token.objects.filter(person=world.jonas).exists()


def test_old_ones_are_forgotten(world: World) -> None:
    token, _secret = actions.make_token(by=world.jonas, name="x", scopes=[], days=7, at=world.now)
    assert actions.forget_tokens(world.now + timedelta(days=96)) == 0
    assert actions.forget_tokens(world.now + timedelta(days=98)) >= 1
    assert not Token.objects.filter(pk=token.pk).exists()


def test_nobody_has_more_than_twenty(world: World) -> None:
    for _n in range(20):
        actions.make_token(by=world.jonas, name="x", scopes=[], days=7, at=world.now)
    with pytest.raises(Refused):
        actions.make_token(by=world.jonas, name="x", scopes=[], days=7, at=world.now)
