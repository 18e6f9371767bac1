"""Who writes a proposal of the demo city together, and how its text grew: auental/hands.toml."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from proposals import actions, hands
from proposals.models import Proposal, Revision

if TYPE_CHECKING:
    from quartier.demo.seed import Draft, Town


def plan_hands(town: Town, plans: list[dict[str, Any]], drafts: list[Draft]) -> None:
    """`plans` are those of one process; each says which of its proposals it is about."""
    by_number = {draft.plan["number"]: draft for draft in drafts}
    for plan in plans:
        draft = by_number[plan["number"]]
        for hand in plan["hands"]:
            at = town.at(hand.get("at") or hand["asked"])
            town.on(at, _joins(town, draft, hand, at))
        for version in plan["versions"]:
            at = town.at(version["at"])
            town.on(at, _revises(town, draft, version, at))


def _joins(town: Town, draft: Draft, hand: dict[str, Any], at: datetime) -> Callable[[], object]:
    def join() -> None:
        person = town.people[hand["person"]]
        invited = hands.invite(
            proposal=draft.real, role=hand["role"], by=town.people[draft.plan["author"]], at=at, person=person
        )
        if "at" in hand:
            organisation = town.organisations.get(hand.get("organisation", ""))
            hands.accept(hand=invited, by=person, at=town.at(hand["at"]), organisation=organisation)

    return join


def _revises(town: Town, draft: Draft, version: dict[str, Any], at: datetime) -> Callable[[], object]:
    def revise() -> None:
        proposal = draft.real
        newest = proposal.newest
        assert newest is not None
        words, language = {}, proposal.language
        for code in ("de", "en"):
            text, _ = newest.text(code)
            body = str(text["body"])
            for change in version.get("replace", ()):
                before, after = change[code]
                assert before in body, f"{before!r} is not in the text"
                body = body.replace(before, after)
            if "add" in version:
                body = f"{body}\n\n{version['add'][code]}"
            title = version.get("title", {}).get(code) or text["title"]
            words[code] = {"title": title, "summary": text["summary"], "body": body}
        revision = actions.revise_proposal(
            proposal=proposal,
            wording=actions.Wording(**words.pop(language)),
            by=town.people[version["by"]],
            at=at,
            seen=newest.number,
            note=version["note"],
            is_substantive=version["substantive"],
        )
        # The city has its demo texts translated by people, the new versions too.
        translations = {code: text | {"by": "human"} for code, text in words.items()}
        Revision.objects.filter(pk=revision.pk).update(translations=translations)
        short = {code: {key: text[key] for key in ("title", "summary")} for code, text in words.items()}
        Proposal.objects.filter(pk=proposal.pk).update(translations=short)

    return revise
