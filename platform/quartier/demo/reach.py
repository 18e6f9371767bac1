"""What Auental asks people about themselves, what some of them said, and who lives there."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from accounts.privacy.models import Consent
from feedback.reach import asking, figures, own

if TYPE_CHECKING:
    from quartier.demo.seed import Town

LIVES_HERE = {
    ("age", "16-24"): 13_900, ("age", "25-39"): 26_100, ("age", "40-59"): 31_200, ("age", "60-74"): 20_800,
    ("age", "75-"): 11_400, ("gender", "woman"): 52_700, ("gender", "man"): 50_200, ("gender", "diverse"): 500,
}  # fmt: skip
AGES = ["16-24", "25-39", "25-39", "40-59", "40-59", "40-59", "60-74", "60-74", "75-", "-"]
GENDERS = ["woman", "woman", "woman", "man", "man", "man", "diverse", "-"]


def build(town: Town) -> None:
    """Four of five answer; figures are counted at once."""
    asking.choose(
        chosen=["age", "gender", "district"], population=LIVES_HERE, by=town.people["sofia-lindqvist"],
        at=town.today - timedelta(days=300),
    )  # fmt: skip
    for number, person in enumerate(town.people.values()):
        if number % 5 and own.may_tell(person, town.today):
            said = {
                "age": town.dice.choice(AGES),
                "gender": town.dice.choice(GENDERS),
                "district": person.place,
            }
            own.tell(
                person=person, answers=said, agreed=True, channel=Consent.Channel.PAGE,
                at=town.today - timedelta(days=number),
            )  # fmt: skip
    figures.count_all(town.today)
