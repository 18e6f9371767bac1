"""Suggested changes of the demo city: what people would word differently, and what the authors made of it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from proposals.amendments import actions
from proposals.amendments.models import Amendment
from proposals.amendments.passages import FIELDS, Passage

if TYPE_CHECKING:
    from quartier.demo.seed import Draft, Town


def plan_amendments(town: Town, plan: dict[str, Any], drafts: Sequence[Draft]) -> None:
    """`old` is a passage of the first version of proposal `on`; "accept", "decline" and "ask" say what follows, and when."""
    made: dict[int, Amendment] = {}
    dice = random.Random(plan["slug"])  # noqa: S311 - its own, so that more suggestions change no votes

    def of(words: dict[str, Any]) -> Draft:
        return next(each for each in drafts if each.plan["number"] == words["on"])

    def suggest(number: int, words: dict[str, Any], at: datetime) -> None:
        proposal = of(words).real
        first = proposal.revisions.get(number=1)
        field = next(name for name in FIELDS if words["old"] in getattr(first, name))
        start = getattr(first, field).index(words["old"])
        passage = Passage(field, start, start + len(words["old"]))
        made[number] = actions.publish_amendment(
            proposal=proposal, revision=first, by=town.people[words["author"]], at=at,
            suggestion=actions.Suggestion(passage, words["new"], words["reason"], words.get("named", True)),
        )  # fmt: skip

    def follow_up(number: int, words: dict[str, Any], act: str, what: dict[str, Any], at: datetime) -> None:
        amendment, by = made[number], town.people[of(words).plan["author"]]
        if act == "accept":
            newest = amendment.proposal.newest
            assert newest is not None
            actions.accept_amendment(
                amendment=amendment, by=by, at=at, seen=newest.number, wording=what.get("wording"),
                reason=what.get("reason", ""),
            )  # fmt: skip
        elif act == "decline":
            actions.decline_amendment(amendment=amendment, by=by, at=at, reason=what["reason"])
        else:
            ends = town.at(what["ends"])
            actions.ask_supporters(amendment=amendment, by=by, at=at, ends=ends)
            supporters = [row.person for row in amendment.proposal.supports_rows.select_related("person")]
            for person in dice.sample(supporters, min(int(what["answers"]), len(supporters))):
                value = dice.choices(["yes", "no", "none"], [6, 3, 1])[0]
                actions.answer_poll(amendment=amendment, value=value, by=person, at=at)

    for number, words in enumerate(plan.get("amendments", []), start=1):
        at = town.at(words["at"])
        town.on(at, partial(suggest, number, words, at))
        for act in ("accept", "decline", "ask"):
            if act in words:
                # Who supports it is known at the end of the town's last day.
                when = town.today if act == "ask" else town.at(words[act]["at"])
                town.on(when, partial(follow_up, number, words, act, words[act], when))
