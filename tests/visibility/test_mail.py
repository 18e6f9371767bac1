"""Nothing that may not be known leaves the house by notice or mail, though many would be told of it (REQ-58)."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core import mail

from quartier.builders import make_supports
from tests import keepsake
from tests.visibility.test_enumeration import SECRETS
from tests.visits import client_of
from tests.world import tell_everybody

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not apps.is_installed("feedback.notices"), reason="the room is not installed"),
]


def test_what_is_hidden_is_told_to_nobody_who_may_not_know() -> None:
    world = keepsake.world()
    supporters = [(world.people[name], world.now) for name in ("jonas", "ines", "clara")]
    make_supports(
        world.answering2, supporters
    )  # hidden: the answer and the promise are its author's and moderators' alone
    make_supports(world.answering0, supporters)  # public: proof that the same words would have gone out
    tell_everybody(world)

    told = {(address, str(letter.body)) for letter in mail.outbox for address in letter.to}
    assert any(address == "jonas@example.org" and "Bänke an der Aue" in body for address, body in told)
    for names, may_know in SECRETS.items():
        for name in names:
            readers = {address.split("@")[0] for address, body in told if name in body}
            assert readers <= may_know, f"{name} went to {readers}"
    for role in ("jonas", "ines", "clara"):
        inbox = client_of(world, role).get("/de/me/messages/").content.decode()
        assert "Bänke an der Aue" in inbox
        for names, may_know in SECRETS.items():
            assert role in may_know or not any(name in inbox for name in names)
