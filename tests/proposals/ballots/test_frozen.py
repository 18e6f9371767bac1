"""From the opening on a vote stays as it is, for every role and by every way in; before, only what fits is offered."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from cocreation import packages, sharing
from cocreation.actions import change_phase
from cocreation.forms import PhaseForm
from cocreation.models import Phase
from groundwork.answer import Refused
from proposals.ballots import rulebook
from proposals.ballots.models import BallotOption, Vote
from proposals.ballots.tally import BallotKind
from proposals.budgets.actions import set_envelope
from tests.cocreation.test_studio import change
from tests.cocreation.test_studio_pages import filled
from tests.visits import ROLES, client_of
from tests.world import World

HERE: dict[str, Any] = {"HTTP_SEC_FETCH_SITE": "same-origin"}
CHANGES: dict[str, Any] = {
    "kind": "points",
    "rule": "mes_cost",
    "tie_rule": "lot",
    "within_budget": False,
    "compares": True,
    "min_choices": 2,
    "max_choices": 3,
    "points": 20,
    "most_points": 4,
    "most_projects": 1,
    "paper": "online",
    "paper_days": 9,
    "questions": [{"form": "yesno", "text": {"de": "Ja?", "en": "Yes?"}}],
    "reserves": [{"theme": "youth", "percent": 50}],
    "budget": Decimal(1),
}


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def phase_of(world: World) -> Phase:
    return Phase.objects.select_related("process").get(process=world.voting, method="ballot")


def kept(world: World) -> list[Any]:
    """All that a vote consists of, as it lies in the database."""
    found = [list(model.objects.order_by("pk").values()) for model in (Phase, Vote, BallotOption)]
    return [*found, [(envelope.pk, envelope.amount) for envelope in world.voting.envelopes.all()]]


def test_nobody_changes_an_open_vote_in_the_studio(world: World) -> None:
    phase, before = phase_of(world), kept(world)
    path = f"/en/studio/{world.voting.slug}/phases/{phase.key}/"
    options = {f"option_{name}": "on" if value is True else str(value) for name, value in CHANGES.items()}
    sent = filled(phase, option_paper=phase.opts.paper, option_paper_days=phase.opts.paper_days)
    money = f"/en/studio/{world.voting.slug}/sections/budget/"
    for role in ROLES:
        client = client_of(world, role)
        for name in ("kind", "rule", "tie_rule", "min_choices", "max_choices", "paper_days"):
            answer = client.post(path, sent | {f"option_{name}": options[f"option_{name}"]}, **HERE)
            assert answer.status_code in (302, 403, 404, 422) and kept(world) == before
            if role == "ada":
                assert answer.status_code == 422
                assert (
                    answer.content.decode().count("stop this process in public") == 2
                )  # beside the reason as well
        client.post(money, {"amount": "1", "title_de": "x", "title_en": "x"}, **HERE)
        assert kept(world) == before
    page = client_of(world, "ada").get(path).content.decode()
    assert "stop this process in public" in page  # said before anybody tries


def test_no_option_changes_by_an_action_either(world: World) -> None:
    phase, before = phase_of(world), kept(world)
    for name, value in CHANGES.items():
        options = replace(phase.opts, **{name: value})
        with pytest.raises(Refused) as refused:
            change_phase(phase=phase, change=change(phase, options=options), by=world.ada, at=world.now)
        assert "hold a new vote" in refused.value.answer.sentence, name
        assert kept(world) == before


def test_the_money_of_an_open_vote_stays(world: World) -> None:
    before = kept(world)
    with pytest.raises(Refused, match="the budget is fixed now"):
        set_envelope(process=world.voting, amount=Decimal(1), title={}, by=world.ada, at=world.now)
    assert kept(world) == before


def test_a_package_of_the_same_process_becomes_a_draft_beside_it(world: World) -> None:
    before = kept(world)
    data = packages.export(world.voting)
    content = packages.write(data).replace(b"greedy_cost", b"mes_cost")
    incoming = sharing.receive(file="vote.json", content=content, by=world.ada, at=world.now)
    places = {place.slug: place for place in world.voting.places.all()}
    process = sharing.create_from_package(
        incoming=incoming, office=world.voting.office, places=places, starts=None, by=world.ada, at=world.now
    )
    assert process.pk != world.voting.pk and not process.is_published
    mine = [row for row in kept(world)[0] if row["process_id"] != process.pk]
    assert [mine, *kept(world)[1:]] == before


def test_the_studio_offers_only_rules_that_fit_the_kind_of_ballot(world: World) -> None:
    phase = Phase.objects.get(process=world.processes["draft"], method="ballot")
    for kind, tallied in (
        ("approval", BallotKind.APPROVAL),
        ("points", BallotKind.CUMULATIVE),
        ("ranking", BallotKind.ORDINAL),
        ("answers", BallotKind.SCORING),
    ):
        wanted = [rule.slug for rule in rulebook.rules_for(tallied)] or ["each_question"]
        form = PhaseForm(filled(phase, option_kind=kind), phase=phase)  # as it follows the typing
        assert [box.data["value"] for box in form["option_rule"]] == wanted
        path = f"/en/studio/draft/phases/{phase.key}/"
        answer = client_of(world, "ada").post(path, filled(phase, option_kind=kind), **HERE)
        phase = Phase.objects.get(pk=phase.pk)
        assert answer.status_code == 302 and phase.opts.kind == kind
        fresh = PhaseForm(phase=phase)["option_rule"]
        assert [box.data["value"] for box in fresh] == wanted
        assert [box.data["value"] for box in fresh if box.data["selected"]] == [phase.opts.rule] == [
            {"approval": "greedy_cost", "points": "greedy_cum", "ranking": "greedy_borda", "answers": "each_question"}[kind]
        ]  # fmt: skip
