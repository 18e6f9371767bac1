"""Questions to test with: one of yes or no, one with two thirds and a quorum, one of grades."""

from __future__ import annotations

from typing import Any

from proposals.ballots.models import Vote
from tests.proposals.ballots.voting import build_phase, build_vote

MARKET: dict[str, Any] = {
    "form": "yesno",
    "text": {"de": "Soll der Markt autofrei werden?", "en": "Shall the market be free of cars?"},
    "about": {"de": "", "en": ""},
    "majority": "simple",
    "quorum": "",
    "percent": 0,
}
BATHS: dict[str, Any] = {
    "form": "yesno",
    "text": {"de": "Soll das Bad bleiben?", "en": "Shall the baths stay?"},
    "about": {"de": "Es kostet im Jahr 90.000 €.", "en": "They cost 90,000 € a year."},
    "majority": "two_thirds",
    "quorum": "yes",
    "percent": 20,
}
SQUARE: dict[str, Any] = {
    "form": "grades",
    "text": {"de": "Wie soll der Platz werden?", "en": "What shall the square be like?"},
    "about": {"de": "", "en": ""},
    "answers": [
        {"de": "Mit Linden", "en": "With lime trees"},
        {"de": "Mit Brunnen", "en": "With a fountain"},
        {"de": "Wie bisher", "en": "As it is"},
    ],
}
ASKED = [MARKET, BATHS, SQUARE]
QUESTIONS: dict[str, Any] = {"kind": "answers", "questions": ASKED}
# Keys of the lines, in their order.
MARKET_LINE, BATHS_LINE, TREES, FOUNTAIN, AS_IT_IS = 1, 2, 3, 4, 5


def ask(**about: Any) -> Vote:
    """An open vote on questions: no project, no money."""
    return build_vote(**({"costs": (), "budget": None, **QUESTIONS} | about))


def ask_later(**about: Any) -> Any:
    return build_phase(**({"costs": (), "budget": None, **QUESTIONS} | about))
