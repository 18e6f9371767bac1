"""The result of a vote with envelopes: what came out in each, side by side and on the map, and the way from one to the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cocreation.models import Place
from cocreation.outlines import Shape, levels, shape_of
from groundwork.html import say
from proposals.ballots import envelope_page, envelopes, words
from proposals.ballots.counting import tells_ways
from proposals.ballots.envelopes import Section
from proposals.ballots.models import BallotOption, CastBallot, Tally, Vote

if TYPE_CHECKING:
    from proposals.ballots.results import Told

AT_ONCE = 3


@dataclass(frozen=True, slots=True)
class Part:
    """What came out in one envelope."""

    number: int
    code: str
    name: str
    about: str
    url: str
    amount: str
    whole: Decimal
    segments: tuple[tuple[str, Decimal], ...]
    bar_label: str
    people: str
    incomplete: int
    ways: str
    rule_name: str
    winners: list[Told]
    more: int


def overview(tally: Tally, options: Sequence[BallotOption], rounds: Sequence[Told]) -> dict[str, Any]:
    """All envelopes at once. One query, for the places on the map."""
    vote, result = tally.vote, tally.result
    cost = Decimal(str(result["cost"]))
    spent, whole = words.amount(cost, vote.currency), words.amount(vote.budget, vote.currency)
    funded = [told for told in rounds if told.funded]
    sections = envelopes.sections_of(vote, options)
    parts = [
        _part(
            number, section, tally, [told for told in funded if envelopes.code_of(told.code) == section.code]
        )
        for number, section in enumerate(sections, start=1)
    ]
    shapes = _shapes(sections, result)
    return {
        "heading": ngettext("%(n)s project gets the money", "%(n)s projects get the money", len(funded))
        % {"n": len(funded)},
        "money": _("%(spent)s of %(whole)s given out") % {"spent": spent, "whole": whole},
        "left": words.amount(vote.budget - cost, vote.currency) if cost < vote.budget else "",
        "bar_label": _("%(spent)s of %(whole)s given out, %(left)s left")
        % {"spent": spent, "whole": whole, "left": words.amount(vote.budget - cost, vote.currency)},
        "segments": funded[-1].segments if funded else (),
        "winners": funded,
        "rounds": list(rounds),
        "parts": parts,
        "where": envelope_page.where_was(vote),
        "shapes": shapes,
    }


def _part(number: int, section: Section, tally: Tally, funded: list[Told]) -> Part:
    vote = section.vote
    told = next(part for part in tally.result["envelopes"] if part["code"] == section.code)
    cost = Decimal(str(told["cost"]))
    segments: tuple[tuple[str, Decimal], ...] = ()
    for each in funded:
        segments = (*segments, each.segments[-1])
    return Part(
        number=number,
        code=section.code,
        name=section.envelope.said,
        about=envelope_page.belongs(section),
        url=_address(tally.vote, section.code),
        amount=words.amount(vote.budget, vote.currency),
        whole=vote.budget,
        segments=segments,
        bar_label=_("%(spent)s of %(whole)s given out")
        % {"spent": words.amount(cost, vote.currency), "whole": words.amount(vote.budget, vote.currency)},
        people=ngettext("%(n)s person voted here", "%(n)s people voted here", told["ballots"])
        % {"n": say.number(told["ballots"])},
        incomplete=told["incomplete"],
        ways=_ways(told["channels"]) if vote.paper and tells_ways(tally.result) else "",
        rule_name=str(words.rule_name(vote)),
        winners=funded[:AT_ONCE],
        more=max(0, len(funded) - AT_ONCE),
    )


def _ways(channels: Mapping[str, int]) -> str:
    """How many of them came online and how many on paper."""
    online = channels.get(CastBallot.Channel.WEB, 0)
    paper = sum(channels.values()) - online
    return _("%(online)s online, %(paper)s on paper") % {
        "online": say.number(online), "paper": say.number(paper),
    }  # fmt: skip


def _address(vote: Vote, code: str = "") -> str:
    address = f"{reverse('ballots:result', args=[vote.phase.process.slug])}?phase={vote.phase.key}"
    return f"{address}&envelope={code}" if code else address


def _shapes(sections: Sequence[Section], result: Mapping[str, Any]) -> list[Shape]:
    """The envelopes of places on the map, coloured by what they gave out; none where that is fewer than two."""
    numbered = [
        (number, section) for number, section in enumerate(sections, start=1) if section.envelope.place
    ]
    if len(numbered) < 2:
        return []
    places = {
        place.slug: place
        for place in Place.objects.filter(slug__in=[each.envelope.place for _n, each in numbered])
    }
    costs = {part["code"]: Decimal(str(part["cost"])) for part in result["envelopes"]}
    steps = levels([costs[section.code] for _number, section in numbered])
    found = []
    for (number, section), level in zip(numbered, steps, strict=True):
        place = places.get(section.envelope.place)
        if place is None:
            continue
        given = words.amount(costs[section.code], section.vote.currency)
        label = _("%(number)s. %(name)s: %(given)s given out") % {
            "number": number, "name": section.envelope.said, "given": given,
        }  # fmt: skip
        found.append(shape_of(place, number=number, level=level, label=label))
    return [shape for shape in found if shape is not None]


def switch(vote: Vote, code: str) -> dict[str, Any]:
    """From one envelope to the others and back to all: `vote` is the whole one."""
    return {
        "envelope": code,
        "all_url": _address(vote),
        "switch": [
            (each.said, _address(vote, each.code), each.code == code)
            for each in envelopes.read(vote.envelopes)
        ],
    }
