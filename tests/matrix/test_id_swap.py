"""Other people's things and things that do not exist look the same, to the byte (REQ-101)."""

from __future__ import annotations

from collections import defaultdict

import pytest

from tests.matrix.expectations import ALLAUTH
from tests.routes import LANGUAGES
from tests.states import who_may_know
from tests.visits import Visit, is_nowhere, none_of


def _differences(answers: list[Visit]) -> list[str]:
    """Whatever may not be known, or is not found, against what is certainly not there."""
    groups: dict[tuple[str, str], list[Visit]] = defaultdict(list)
    for answer in answers:
        if answer.values and not answer.is_linked and not ALLAUTH.match(answer.route.name):
            groups[answer.route.name, answer.language].append(answer)
    assert groups
    wrong = []
    for group in groups.values():
        nowhere = next((answer for answer in group if is_nowhere(answer.state)), None)
        if nowhere is None:
            # In the second language each kind of answer is looked at once; the first one has them all.
            assert group[0].language != LANGUAGES[0], group[0]
            continue
        for answer in group:
            knows = who_may_know(answer.route, answer.state)
            unknown = knows is not None and answer.role not in knows
            if not (unknown or answer.status == 404 or is_nowhere(answer.state)):
                continue
            if answer.status != nowhere.status:
                wrong.append(f"{answer}, but what does not exist answers {nowhere.status}")
            elif answer.anonymous_body != nowhere.anonymous_body:
                wrong.append(f"{answer}: its body differs from that of what does not exist")
            elif answer.location and _without(answer) != _without(nowhere):
                wrong.append(
                    f"{answer} leads to {answer.location}, what does not exist to {nowhere.location}"
                )
    return wrong


def _without(answer: Visit) -> str:
    text = answer.location
    for value in answer.values.values():
        text = text.replace(str(value), "…")
    return text


def test_reading_does_not_tell_what_exists(visits: list[Visit]) -> None:
    none_of(_differences(visits))


def test_writing_does_not_tell_what_exists(attempts: list[Visit]) -> None:
    none_of(_differences(attempts))


def test_what_is_not_there_is_404_or_stays_behind_its_door(visits: list[Visit]) -> None:
    none_of(
        visit
        for visit in visits
        if is_nowhere(visit.state)
        and visit.status not in (404, 403, 302, 405)
        and not ALLAUTH.match(visit.route.name)
    )


@pytest.mark.parametrize("word", ["Geheimnis", "Secret"])
def test_a_page_of_nothing_names_nothing(visits: list[Visit], word: str) -> None:
    none_of(visit for visit in visits if visit.status in (403, 404) and word in visit.body)
