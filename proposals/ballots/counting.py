"""From rows to a count and to the files anybody can count again. Reads only."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import fields
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils import timezone

from groundwork.small_numbers import enough
from proposals.ballots import answer_counts, envelopes, pabulib, questions
from proposals.ballots.kinds import TALLIED, Kind
from proposals.ballots.models import BallotOption, CastBallot, Tally, Vote
from proposals.ballots.rulebook import rules_for
from proposals.ballots.tally import (
    LOT,
    TIE_RULES,
    Ballot,
    BallotKind,
    Comparison,
    Needed,
    Payment,
    Profile,
    Project,
    Reserve,
    TallyResult,
    TieRule,
    amount_text,
    compared_with_votes,
    count,
    drawn_by_lot,
    needed,
    parse_amount,
)

Amount = int | Fraction


def exact(amount: Decimal) -> Amount:
    """The same value for the tally: an int when it is whole."""
    value = Fraction(amount)
    return value.numerator if value.denominator == 1 else value


def plain(amount: Decimal) -> str:
    """12000 or 12000.5: as the tally and the files write it."""
    return amount_text(exact(amount))


def ballots_of(vote: Vote, options: Iterable[BallotOption] = ()) -> Iterator[CastBallot]:
    """Every ballot in the order of its random key, read in pieces. Of a section (envelopes.py), with its options: what of the
    ballots is about it, of those that choose something there."""
    found = CastBallot.objects.filter(vote=vote).order_by("pk").iterator(chunk_size=5000)
    if not vote.part:
        yield from found
        return
    mine = {option.pk for option in options}
    for ballot in found:
        ballot.choice, ballot.points = _within(mine, ballot.choice, ballot.points)
        if ballot.choice:
            yield ballot


def _within(
    mine: Collection[int], choice: Sequence[int], points: Sequence[int] | None
) -> tuple[list[int], list[int] | None]:
    """What of a row is about these options, in its order."""
    places = [place for place, key in enumerate(choice) if key in mine]
    return [choice[place] for place in places], None if points is None else [
        points[place] for place in places
    ]


def reserves_of(vote: Vote) -> list[Reserve]:
    """The shares of the budget that go first to some projects, as the tally takes them."""
    return [
        Reserve(pot_of(share), parse_amount(share["amount"]), frozenset(share["projects"]))
        for share in vote.reserves
    ]


def pot_of(share: Mapping[str, Any]) -> str:
    """What names a share in every round it pays for: its theme or its place."""
    return str(share.get("theme") or share["place"])


def promise_of(seed: str) -> str:
    """What is published of a sealed seed, in hex: whoever knows the seed can check it, nobody can find it."""
    return hashlib.sha256(seed.encode()).hexdigest()


def tie_rule_of(vote: Vote) -> TieRule:
    """The order among equals. A lot has one only once its seed is told, with the count."""
    return drawn_by_lot(vote.lot_seed) if vote.tie_rule == LOT else TIE_RULES.get(vote.tie_rule)


def kind_of(vote: Vote) -> BallotKind:
    """What stands on the ballots of this vote."""
    return TALLIED[vote.kind]


def ballot_of(kind: BallotKind, ids: Iterable[str], points: Sequence[int] | None = None) -> Ballot:
    """One ballot for the tally: the ids of the chosen projects (for rankings the best first) and, where ballots give
    points, as many points in the same order."""
    if kind is BallotKind.APPROVAL:
        return Ballot.approving(ids)
    if kind is BallotKind.ORDINAL:
        return Ballot(tuple(ids))
    given = sorted(zip(ids, points or (), strict=True))  # equal ballots meet, whatever their order
    return Ballot(tuple(id for id, _points in given), tuple(number for _id, number in given))


def profile_of(vote: Vote, options: Sequence[BallotOption]) -> tuple[Profile, dict[str, Any]]:
    """The ballots that count, equal ones grouped, and figures: how many there are, how many incomplete, by channel. Of a section
    these are the ballots that choose something in it."""
    kind = kind_of(vote)
    codes = {option.pk: option.code for option in options}
    grouped: Counter[tuple[tuple[int, ...], tuple[int, ...] | None]] = Counter()
    channels: Counter[str] = Counter()
    incomplete = 0
    for choice, points, channel in (
        CastBallot.objects.filter(vote=vote)
        .values_list("choice", "points", "channel")
        .iterator(chunk_size=5000)
    ):
        if vote.part:
            choice, points = _within(codes, choice, points)
            if not choice:
                continue
        channels[channel] += 1
        if len(choice) < vote.min_choices:
            incomplete += 1
        else:
            grouped[tuple(choice), None if points is None else tuple(points)] += 1
    ballots: Counter[Ballot] = Counter()
    for (keys, given), weight in grouped.items():
        ballots[ballot_of(kind, [codes[pk] for pk in keys], given)] += weight
    projects = tuple(Project(option.code, exact(option.cost)) for option in options)
    figures = {
        "ballots": sum(channels.values()),
        "incomplete": incomplete,
        "channels": dict(sorted(channels.items())),
    }
    return Profile(projects, ballots, kind), figures


def count_vote(vote: Vote, options: Sequence[BallotOption]) -> tuple[TallyResult, dict[str, Any]]:
    """The result by the vote's rule, and figures about the ballots, with what every other rule would have chosen."""
    profile, figures = profile_of(vote, options)
    budget, tie_rule = exact(vote.budget), tie_rule_of(vote)
    result = count(vote.rule, profile, budget, tie_rule=tie_rule, reserves=reserves_of(vote))
    figures |= {"compared": compared(profile, result, tie_rule)}
    if not vote.compares:
        return result, figures | {"needed": _needed(needed(profile, result, tie_rule=tie_rule))}
    # What one more vote would have changed, it might have changed in the comparison, too: there is no such figure.
    stands, found = compared_with_votes(profile, result, budget, tie_rule=tie_rule)
    return stands, figures | {"rule": vote.rule, "needed": {}, "comparison": _told(found, stands)}


def count_envelopes(vote: Vote, options: Sequence[BallotOption]) -> dict[str, Any]:
    """The result of a vote with envelopes, as it is stored: every envelope counted by itself, their rounds one after the other,
    and figures over all ballots. `part_result` takes one envelope out of it."""
    parts, rounds = [], []
    for section in envelopes.sections_of(vote, options):
        result, figures = count_vote(section.vote, section.options)
        part = stored(result, figures)
        rounds += [{**turn, "envelope": section.code} for turn in part.pop("rounds")]
        parts.append({"code": section.code, **part})
    channels: Counter[str] = Counter()
    incomplete, counts = 0, counting_in(vote, options)
    for ballot in ballots_of(vote):
        channels[ballot.channel] += 1
        incomplete += not counts(ballot.choice)
    return {
        "version": 2,
        "rule": vote.rule,
        "tie_rule": vote.tie_rule,
        "budget": plain(vote.budget),
        "cost": amount_text(sum((parse_amount(part["cost"]) for part in parts), 0)),
        "each": None,
        "added": 0,
        "selected": [code for part in parts for code in part["selected"]],
        "rounds": rounds,
        "ballots": sum(channels.values()),
        "incomplete": incomplete,
        "channels": dict(sorted(channels.items())),
        "envelopes": parts,
    }


def tells_ways(result: Mapping[str, Any]) -> bool:
    """Whether it may be published by which ways the ballots of each envelope came in. People were seen at the town hall: of few of
    them these numbers would say where they voted. For every envelope or for none, else what is missing could be had by subtraction."""
    ways = result["channels"]
    return len(ways) < 2 or all(
        enough(part["channels"].get(way, 0)) for part in result["envelopes"] for way in ways
    )


def part_result(result: Mapping[str, Any], code: str) -> dict[str, Any]:
    """What came out in one envelope, in the form of every other result, with its `channels` where they are told. KeyError for a
    code that is not there."""
    part = next((part for part in result["envelopes"] if part["code"] == code), None)
    if part is None:
        raise KeyError(code)
    if not tells_ways(result):
        part = part | {"channels": {}}
    return {**part, "rounds": [turn for turn in result["rounds"] if turn["envelope"] == code]}


def part_tally(tally: Tally, code: str) -> Tally:
    """A count as far as one envelope goes, with its section as the vote. KeyError for a code that is not there."""
    part = copy(tally)
    part.vote = envelopes.part_of(tally.vote, code)
    part.rule, part.result = part.vote.rule, part_result(tally.result, code)
    return part


def counting_in(vote: Vote, options: Iterable[BallotOption]) -> Callable[[Collection[int]], list[str]]:
    """Tells of the keys on a ballot the codes of the envelopes it counts in."""
    home = {option.pk: envelopes.code_of(option.code) for option in options}
    least = {each.code: each.min_choices for each in envelopes.read(vote.envelopes)}

    def told(choice: Collection[int]) -> list[str]:
        chosen = Counter(home[key] for key in choice)
        return [code for code in least if chosen[code] >= least[code]]

    return told


def _needed(found: Mapping[str, Needed]) -> dict[str, Any]:
    """What would have had each project chosen that was not, as it is stored."""
    return {
        id: {
            "votes": each.votes,
            "money": None if each.money is None else amount_text(each.money),
            "cost": None if each.cost is None else amount_text(each.cost),
        }
        for id, each in found.items()
    }


def _told(found: Comparison, stands: TallyResult) -> dict[str, Any]:
    """The comparison step as it is stored. `stands` is the rule whose outcome did."""
    return {
        "stands": stands.rule,
        "for_shares": found.for_shares,
        "for_votes": found.for_votes,
        "alike": found.alike,
        "shares": sorted(found.shares),
        "votes": sorted(found.votes),
    }


def count_answers(vote: Vote) -> dict[str, Any]:
    """The result of a vote on questions, as it is stored."""
    return answer_counts.counted(vote, tie_rule_of(vote))


def compared(profile: Profile, own: TallyResult, tie_rule: TieRule) -> dict[str, Any]:
    """By rule, the winners, what they cost, and how many ballots have at least one winner on them. Shares of the budget
    that are reserved are kept only by the rule that counted."""
    found: dict[str, Any] = {}
    for rule in rules_for(profile.kind):
        same = rule.slug == own.rule
        result = own if same else count(rule.slug, profile, own.budget, tie_rule=tie_rule)
        winners = set(result.selected)
        found[rule.slug] = {
            "selected": sorted(winners),
            "cost": amount_text(result.cost),
            "reached": sum(
                n for ballot, n in profile.ballots.items() if not winners.isdisjoint(ballot.choices)
            ),
        }
    return found


def stored(result: TallyResult, figures: Mapping[str, Any]) -> dict[str, Any]:
    """The result as JSON: amounts as exact text, rounds in order."""
    return {
        "version": 2,
        "rule": result.rule,
        "tie_rule": result.tie_rule,
        "budget": amount_text(result.budget),
        "cost": amount_text(result.cost),
        "each": None if result.each is None else amount_text(result.each),
        "added": result.added,
        "selected": list(result.selected),
        "rounds": [
            {field.name: _as_json(field.name, getattr(turn, field.name)) for field in fields(turn)}
            for turn in result.rounds
        ],
        **figures,
    }


def _as_json(name: str, value: Any) -> Any:
    if name in ("votes", "cost", "left_before", "left_after", "missing", "have"):
        return None if value is None else amount_text(value)
    if isinstance(value, Payment):
        return {
            "in_full": value.in_full,
            "each": amount_text(value.each),
            "poor": value.poor,
            "poor_paid": amount_text(value.poor_paid),
        }
    if name == "outcome":
        return value.value
    return list(value) if isinstance(value, tuple) else value


# --- the files ---


def _row(*cells: object, delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerow(cells)
    return out.getvalue()


def ballots_csv(vote: Vote, options: Iterable[BallotOption]) -> Iterator[str]:
    """All ballots, one a line: a random key, the codes of the chosen projects, whether it counted; with envelopes, in which."""
    if vote.kind == Kind.ANSWERS:
        yield from _answers_csv(vote)
        return
    options = list(options)
    codes = {option.pk: option.code for option in options}
    counts = counting_in(vote, options)
    pointed = vote.kind == Kind.POINTS
    yield _row(
        "ballot",
        "projects",
        *(["points"] if pointed else []),
        "counted_in" if vote.envelopes else "counted",
    )
    for ballot in ballots_of(vote, options):
        chosen, points = _written(vote, ballot, codes)
        counted = "yes" if len(ballot.choice) >= vote.min_choices else "no"
        if vote.envelopes:
            counted = _cell(counts(ballot.choice))
        yield ",".join([str(ballot.pk), _cell(chosen), *([_cell(points)] if pointed else []), counted]) + "\n"


def _answers_csv(vote: Vote) -> Iterator[str]:
    """The same where questions were answered: one column for each line."""
    asked = questions.read(vote.questions)
    yield _row("ballot", *(line.code for line in questions.lines_of(asked)), "counted")
    for ballot in ballots_of(vote):
        yield _row(ballot.pk, *answer_counts.cells(asked, ballot), "yes" if ballot.choice else "no")


def _written(vote: Vote, ballot: CastBallot, codes: Mapping[int, str]) -> tuple[list[str], list[str]]:
    """Codes and points of a ballot for a file: by code, but for a ranking, whose order is its meaning."""
    chosen = [codes[pk] for pk in ballot.choice]
    if ballot.points is not None:
        pairs = sorted(zip(chosen, ballot.points, strict=True))
        return [code for code, _points in pairs], [str(points) for _code, points in pairs]
    return (chosen if vote.kind == Kind.RANKING else sorted(chosen)), []


def _cell(codes: list[str]) -> str:
    """Codes with commas between them, as they stand in .pb files; quoted when there are several."""
    joined = ",".join(codes)
    return _row(joined)[:-1] if any(mark in joined for mark in ',"\n\r') else joined


def checksum(lines: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line.encode())
    return digest.hexdigest()


# Pabulib's names for what it knows; a rule it has no name for is called as `manage.py pb` calls it.
_PABULIB_RULES = {
    "greedy_cost": "greedy",
    "mes_cost": "equalshares",
    "mes_card": "equalshares",
    "mes_cum": "equalshares",
    "mes_borda": "equalshares",
    "add1_cost": "equalshares/add1",
    "add1u_cost": "equalshares/add1u",
    "phragmen_x": "phragmen",
}


def pabulib_file(vote: Vote, tally: Tally, options: list[BallotOption]) -> Iterator[str]:
    """The counted ballots in Pabulib's .pb format, which `manage.py pb` and other programs count."""
    process, phase = vote.phase.process, vote.phase
    codes = {option.pk: option.code for option in options}
    votes = {turn["project"]: turn["votes"] for turn in tally.result["rounds"]}
    selected = set(tally.result["selected"])
    counted = tally.result["ballots"] - tally.result["incomplete"]
    meta: list[tuple[str, object]] = [
        ("description", _one_line(process.title)),
        ("unit", _one_line(process.title)),
        *([("subunit", _one_line(name))] if (name := vote.part_name) else []),
        ("instance", timezone.localtime(phase.ends).year if phase.ends else ""),
        ("num_projects", len(options)),
        ("num_votes", counted),
        ("budget", plain(vote.budget)),
        ("vote_type", kind_of(vote).value),
        ("rule", _PABULIB_RULES.get(vote.rule, vote.rule)),
        ("counted_by", vote.rule),
        ("tie_rule", vote.tie_rule),
        *([("tie_seed", vote.lot_seed)] if vote.lot_seed else []),
        *([("comparison", "satisfaction")] if vote.compares else []),
        ("min_length", vote.min_choices),
        *([("reserves", pabulib.reserves_text(reserves_of(vote)))] if vote.reserves else []),
        *([("max_length", vote.max_choices)] if vote.max_choices else []),
        *([("max_sum_points", vote.points)] if vote.points else []),
        *([("max_points", vote.most_points)] if vote.most_points else []),
        *([("date_begin", f"{timezone.localtime(phase.starts):%d.%m.%Y}")] if phase.starts else []),
        *([("date_end", f"{timezone.localtime(phase.ends):%d.%m.%Y}")] if phase.ends else []),
        ("currency", vote.currency),
        *([("channels", _ways(ways))] if vote.paper and (ways := tally.result["channels"]) else []),
    ]
    yield "META\nkey;value\n"
    for line in meta:
        yield _row(*line, delimiter=";")
    # Points are no people: they stand in the column the format has for them.
    yield f"PROJECTS\nproject_id;cost;{'votes' if vote.kind == Kind.APPROVAL else 'score'};name;category;selected\n"
    for option in options:
        name = _one_line(option.proposal.title) if option.proposal.is_public else ""
        yield _row(
            option.code,
            plain(option.cost),
            votes[option.code],
            name,
            ",".join(pot_of(share) for share in vote.reserves if option.code in share["projects"]),
            int(option.code in selected),
            delimiter=";",
        )
    pointed = vote.kind == Kind.POINTS
    yield f"VOTES\nvoter_id;vote{';points' if pointed else ''}\n"
    for ballot in ballots_of(vote, options):
        if len(ballot.choice) >= vote.min_choices:
            chosen, points = _written(vote, ballot, codes)
            yield (
                ";".join([str(ballot.pk), ",".join(chosen), *([",".join(points)] if pointed else [])]) + "\n"
            )


def _ways(channels: Mapping[str, int]) -> str:
    """How many ballots came in by which way: never which one did, that would tell more of the few who vote on paper."""
    return ",".join(f"{way}={n}" for way, n in sorted(channels.items()))


def _one_line(text: str) -> str:
    return " ".join(str(text).split())
