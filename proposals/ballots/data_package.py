"""Published votes in a data package: what was fixed at the opening, the projects, the result, and every ballot, which is nobody's.

How a ballot came in is not told with it: one envelope among online ballots would not be secret. A count that does not come
from the ballots beside it is refused: the checksum says so.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cocreation.data_package import (
    Arrival,
    Records,
    amount,
    facts,
    money,
    name,
    plain,
    prose,
    records,
    truth,
    written,
)
from cocreation.models import Contribution, Process
from cocreation.reading import Read, free, listing, maybe, moment, number, one_of, record, refuse, shown, slug
from proposals.ballots import envelopes
from proposals.ballots.actions import options_of
from proposals.ballots.counting import ballots_csv, ballots_of, checksum
from proposals.ballots.kinds import Kind
from proposals.ballots.models import BallotOption, CastBallot, Paper, Tally, Turnout, Vote
from proposals.ballots.rulebook import EACH_ENVELOPE
from proposals.ballots.tally import LOT, RULES, TIE_RULES
from proposals.exposure import day_of, exposure_of
from proposals.models import Proposal, Theme

_ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FIXED = (
    "currency", "rule", "tie_rule", "lot_promise", "lot_seed", "kind", "within_budget", "points", "most_points",
    "min_choices", "max_choices", "paper", "paper_days", "eligible",
)  # fmt: skip
BATCH = 2000


def _uuid(value: Any, where: str) -> uuid.UUID:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        refuse(where, format_lazy(_("“{value}” is not known here."), value=shown(value)))
    return uuid.UUID(value)


_option = record(
    {"code": prose(60, 1), "position": number(1, 32_000), "cost": money, "proposal": maybe(name)},
    ("code", "position", "cost", "proposal"),
)
_vote = record(
    {
        "phase": slug(40), "budget": money, "currency": prose(3, 1), "rule": slug(40), "tie_rule": slug(40),
        "lot_promise": prose(64), "lot_seed": prose(64), "kind": one_of(Kind.values),
        "within_budget": truth, "compares": truth, "points": maybe(number(1, 32_000)),
        "most_points": maybe(number(1, 32_000)), "min_choices": number(1, 32_000), "max_choices": maybe(number(1, 32_000)),
        "paper": one_of(Paper.values), "paper_days": number(0, 1000), "eligible": maybe(number(0, 10**9)),
        "reserves": free, "questions": free, "envelopes": free, "most_envelopes": maybe(number(1, 32_000)),
        "envelopes_at_home": truth, "opened_at": moment, "counted_at": moment, "published_at": moment,
        "turnouts": listing(record({"count": number(0, 10**9), "at": moment}, ("count", "at")), 10**6),
        "options": listing(_option, 32_000), "result": facts, "checksum": prose(64, 64),
    },
    ("phase", "budget", *_FIXED, "reserves", "questions", "opened_at", "counted_at", "published_at", "turnouts", "options",
     "result", "checksum"),
)  # fmt: skip
# What is chosen: the code of a project, or the number of a line where questions are answered.
_chosen = Read(
    lambda value, where: (
        number(1, 32_000)(value, where) if isinstance(value, int) else prose(60, 1)(value, where)
    ),
    {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "minLength": 1, "maxLength": 60}]},
)
_ballot = record(
    {
        "vote": slug(40), "id": Read(_uuid, {"type": "string", "pattern": f"^{_ID.pattern}$"}), "choice": listing(_chosen, 32_000),
        "points": maybe(listing(number(-32_000, 32_000), 32_000)),
    },
    ("vote", "id", "choice", "points"),
)  # fmt: skip


def _published(process: Process) -> list[Tally]:
    found = Tally.objects.visible_to(None).filter(vote__phase__process=process)
    return list(found.select_related("vote__phase").order_by("vote"))


def _votes(process: Process) -> Iterator[dict[str, Any]]:
    for tally in _published(process):
        vote = tally.vote
        yield {
            "phase": vote.phase.key,
            "budget": amount(vote.budget),
            **{field: getattr(vote, field) for field in _FIXED},
            "compares": vote.compares,
            "reserves": plain(vote.reserves),
            "questions": plain(vote.questions),
            "envelopes": plain(vote.envelopes),
            "most_envelopes": vote.most_envelopes,
            "envelopes_at_home": vote.envelopes_at_home,
            "opened_at": written(vote.opened_at),
            "counted_at": written(vote.counted_at),
            "published_at": written(tally.published_at),
            "turnouts": [{"count": each.count, "at": written(each.at)} for each in vote.turnouts.order_by("at", "pk")],
            "options": [
                {
                    "code": option.code, "position": option.position, "cost": amount(option.cost),
                    "proposal": option.proposal.receipt if option.proposal.is_public else None,
                }
                for option in options_of(vote)
            ],
            "result": plain(tally.result),
            "checksum": tally.input_hash,
        }  # fmt: skip


def _ballots(process: Process) -> Iterator[dict[str, Any]]:
    for tally in _published(process):
        vote = tally.vote
        codes = dict(vote.options.values_list("pk", "code"))
        of_projects = vote.kind != Kind.ANSWERS
        for each in ballots_of(vote):
            yield {
                "vote": vote.phase.key,
                "id": str(each.pk),
                "choice": [codes[key] for key in each.choice] if of_projects else list(each.choice),
                "points": list(each.points) if each.points is not None else None,
            }


def _load_vote(line: dict[str, Any], arrival: Arrival) -> None:
    phase = arrival.phase(line["phase"])
    if phase is None or phase.method != "ballot":
        refuse("phase", format_lazy(_("“{value}” is not known here."), value=shown(line["phase"])))
    listed = line.get("envelopes") or []
    try:
        envelopes.read(listed)
    except ValueError:
        refuse("envelopes", format_lazy(_("“{value}” is not known here."), value=shown(str(listed))))
    rules = (
        [line["rule"]] if line["kind"] == Kind.ANSWERS else [EACH_ENVELOPE.slug] if listed else RULES.slugs()
    )
    for field, known in (("rule", rules), ("tie_rule", [*TIE_RULES.slugs(), LOT])):
        if line[field] not in known:
            refuse(field, format_lazy(_("“{value}” is not known here."), value=shown(line[field])))
    vote = Vote(
        phase=phase, budget=line["budget"], reserves=line["reserves"], questions=line["questions"], opened_at=line["opened_at"],
        counted_at=line["counted_at"], compares=bool(line.get("compares")), envelopes=listed,
        most_envelopes=line.get("most_envelopes"), envelopes_at_home=bool(line.get("envelopes_at_home")), **{field: line[field] for field in _FIXED},
    )  # fmt: skip
    vote.save(force_insert=True)
    BallotOption.objects.bulk_create(
        BallotOption(
            vote=vote, code=option["code"], position=option["position"], cost=option["cost"],
            proposal_id=_proposal(option["proposal"], arrival, f"options[{n}].proposal"),
        )
        for n, option in enumerate(line["options"], start=1)
    )  # fmt: skip
    Turnout.objects.bulk_create(Turnout(vote=vote, **each) for each in line["turnouts"])
    tally = Tally(
        vote=vote, rule=line["rule"], result=line["result"], input_hash=line["checksum"], at=line["counted_at"],
        published_at=line["published_at"],
    )  # fmt: skip
    tally.save(force_insert=True)
    arrival.later("votes", line["phase"], vote, dict(vote.options.values_list("code", "pk")))


def _proposal(receipt: str | None, arrival: Arrival, where: str) -> int:
    """The project of an option. One that nobody may see any more keeps its place on the ballot, without a word of it."""
    known = arrival.contribution(receipt, where)
    if known is not None:
        return known.pk
    process = arrival.here()
    gone = Contribution(kind="proposal", process=process, channel=Contribution.Channel.IMPORT, created_at=arrival.at, erased_at=arrival.at)  # fmt: skip
    gone.publish(arrival.at)
    gone.save()
    place = process.places.order_by("pk").first()
    if place is None:
        refuse(where, _("The process has no place."))
    Proposal(
        contribution=gone, process=process, is_public=False, receipt=gone.receipt, title="–", summary="–", theme=Theme.values[0],
        place=place, exposure=exposure_of(gone.receipt, day_of(arrival.at)),
    ).save(force_insert=True)  # fmt: skip
    return gone.pk


def _load_ballot(line: dict[str, Any], arrival: Arrival) -> None:
    known = {key: (vote, codes) for key, vote, codes in arrival.waiting.get("votes", [])}
    if line["vote"] not in known:
        refuse("vote", format_lazy(_("“{value}” is not known here."), value=shown(line["vote"])))
    vote, codes = known[line["vote"]]
    choice = line["choice"] if vote.kind == Kind.ANSWERS else [codes.get(code) for code in line["choice"]]
    for n, (code, key) in enumerate(zip(line["choice"], choice, strict=True), start=1):
        if not isinstance(key, int):
            refuse(f"choice[{n}]", format_lazy(_("“{value}” is not known here."), value=shown(code)))
    arrival.later("ballots", CastBallot(id=line["id"], vote=vote, choice=choice, points=line["points"], channel=CastBallot.Channel.IMPORT))  # fmt: skip
    if len(arrival.waiting["ballots"]) >= BATCH:
        _flush(arrival)


def _flush(arrival: Arrival) -> None:
    CastBallot.objects.bulk_create(ballot for (ballot,) in arrival.waiting.pop("ballots", []))


def _finish(arrival: Arrival) -> None:
    """Whoever counts the ballots again has to find what was published."""
    _flush(arrival)
    for key, vote, _codes in arrival.waiting.pop("votes", []):
        if checksum(ballots_csv(vote, options_of(vote))) != vote.tally.input_hash:
            refuse(f"vote “{key}”", _("The ballots are not those that were counted: their checksum is another one."))  # fmt: skip


records.add("vote", Records("vote", _("Published votes"), 50, _vote, _votes, _load_vote))
records.add("ballot", Records("ballot", _("Ballots, nobody's"), 51, _ballot, _ballots, _load_ballot, _finish))
