"""A vote on questions that is over: one of yes or no with a quorum, one whose options are graded, and what came of both."""

from __future__ import annotations

from typing import Any

from tests.world import DAY, TEXTS, World

QUESTIONS: list[dict[str, Any]] = [
    {
        "form": "yesno",
        "text": {"de": "Soll der Uferweg autofrei werden?", "en": "Shall the river path be free of cars?"},
        "about": {"de": "Anlieger dürfen weiter hinein.", "en": "Residents may still drive in."},
        "majority": "two_thirds",
        "quorum": "yes",
        "percent": 10,
    },
    {
        "form": "grades",
        "text": {"de": "Was soll am Ufer entstehen?", "en": "What shall be made at the river?"},
        "about": {"de": "", "en": ""},
        "answers": [
            {"de": "Eine Liegewiese", "en": "A lawn"},
            {"de": "Ein Steg", "en": "A jetty"},
            {"de": "Nichts", "en": "Nothing"},
        ],
    },
]
# Lines of the ballot: the question of yes or no, then the three options.
CARS, LAWN, JETTY, NOTHING = 1, 2, 3, 4
YES, NO, ABSTAIN = 1, 2, 3


def build_asking(world: World) -> None:
    """Most say yes, the jetty wins before the lawn with the same middle grade, and a few leave the second question open."""
    from proposals.ballots import actions
    from quartier.builders import both, make_phase, make_process

    process = make_process(
        "questions", both("Bürgerfrage Ufer", "Questions on the river"), office=world.parks, places=[world.town],
        texts=TEXTS, answer_by=world.now + 5 * DAY, published_at=world.now - 60 * DAY,
    )  # fmt: skip
    make_phase(
        process, "ballot", "ballot", both("Abstimmung", "Vote"), starts=world.now - 50 * DAY,
        ends=world.now - 30 * DAY, kind="answers", questions=QUESTIONS,
    )  # fmt: skip
    world.processes["questions"] = process
    vote = actions.open_vote(phase=process.line[0], at=world.now - 50 * DAY)
    ballots = [
        *[{CARS: YES, LAWN: 5, JETTY: 6, NOTHING: 1}] * 12,
        *[{CARS: YES, LAWN: 5, JETTY: 5, NOTHING: 2}] * 10,
        *[{CARS: NO, LAWN: 6, JETTY: 4, NOTHING: 3}] * 6,
        *[{CARS: ABSTAIN}] * 3,
    ]
    actions.enter_ballots(vote=vote, ballots=ballots)
    tally = actions.close_and_count(vote=vote, at=world.now - 29 * DAY)
    assert tally is not None
    actions.publish_tally(tally, at=world.now - 29 * DAY)
