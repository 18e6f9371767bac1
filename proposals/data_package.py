"""Proposals in a data package: with every version of the text, who wrote it, the steps of its line and what offices found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from cocreation.data_package import (
    CONTRIBUTION,
    Arrival,
    Records,
    amount,
    contribution,
    facts,
    in_both,
    keys_of_phases,
    language,
    money,
    name,
    organisation,
    person,
    plain,
    point,
    prose,
    prose_in_both,
    records,
    said_by,
    spoke_for,
    truth,
    written,
)
from cocreation.models import Process
from cocreation.models.processes import HUES, PATTERNS
from cocreation.packages import text_of
from cocreation.reading import listing, mapping, maybe, moment, number, one_of, record, slug
from proposals.actions import index_for_search
from proposals.exposure import day_of, exposure_of
from proposals.models import (
    ANSWERED,
    PERSON,
    Assessment,
    Authorship,
    Proposal,
    Revision,
    Stage,
    StageMove,
    Theme,
)
from proposals.models.assessments import Competence, ReasonCode

_revision = record(
    {
        "number": number(1, 10**6), "title": prose(120, 1), "summary": prose(200), "body": prose(10_000), "language": language,
        "translations": mapping(facts, 20), "by": maybe(person), "at": moment, "note": prose(300), "is_substantive": truth,
    },
    ("number", "title", "summary", "body", "language", "translations", "by", "at", "note", "is_substantive"),
)  # fmt: skip
_hand = record(
    {"person": maybe(person), "organisation": maybe(organisation), "role": one_of(Authorship.Role.values), "since": moment},
    ("person", "organisation", "role", "since"),
)  # fmt: skip
_move = record(
    {
        "stage": one_of(Stage.values),
        "at": moment,
        "office": maybe(slug(60)),
        "detail": prose(200),
        "facts": facts,
    },
    ("stage", "at", "office", "detail", "facts"),
)
_MONEY = ("cost_from", "cost", "ballot_cost", "yearly_cost")
_PLAIN = (
    "verdict",
    "estimate",
    "competence",
    "body",
    "permit",
    "year",
    "reason_code",
    "revision",
    "correction",
)
_finding = record(
    {
        "office": slug(60), "verdict": one_of(Assessment.Verdict.values), **{field: maybe(money) for field in _MONEY},
        "estimate": prose(500), "competence": one_of(Competence.values), "body": prose(160), "permit": prose(500),
        "implementer": maybe(slug(60)), "year": maybe(number(2000, 2100)), "reason_code": one_of(["", *ReasonCode.values]),
        "duplicate_of": maybe(name), "reason": prose_in_both(1500), "way_on": prose_in_both(1000),
        "revision": maybe(number(1, 10**6)), "at": moment, "correction": prose(300),
    },
    ("office", "verdict", *_MONEY, "estimate", "competence", "body", "permit", "implementer", "year", "reason_code",
     "duplicate_of", "reason", "way_on", "revision", "at", "correction"),
)  # fmt: skip
_LOOK = ("theme", "location", "map_x", "map_y", "hue", "pattern", "stage", "supports", "seeks_coauthors")
_proposal = record(
    {
        **CONTRIBUTION,
        "theme": one_of(Theme.values), "place": slug(60), "location": prose(160), "map_x": maybe(point), "map_y": maybe(point),
        "hue": one_of([hue for hue, _words in HUES]), "pattern": one_of([pattern for pattern, _words in PATTERNS]),
        "stage": one_of(Stage.values), "cost": maybe(money), "supports": number(0, 10**9), "seeks_coauthors": truth,
        "revisions": listing(_revision, 10_000, least=1), "hands": listing(_hand, 10_000), "moves": listing(_move, 10_000),
        "assessments": listing(_finding, 100),
    },
    (*CONTRIBUTION, *_LOOK, "place", "cost", "revisions", "hands", "moves", "assessments"),
)  # fmt: skip

# What a step says beside its stage; keys of rows stay here.
_FACTS = ("budget", "votes", "rank", "missing", "cost", "from", "due", "status", "back", "into")


def _proposals(process: Process) -> Iterator[dict[str, Any]]:
    phases = keys_of_phases(process)
    rows = (
        Proposal.objects.visible_to(None, process=process)
        .without_vector()
        .select_related("contribution__author", "contribution__organisation", "place")
        .prefetch_related(
            Prefetch("revisions", Revision.objects.select_related("by").order_by("number")),
            Prefetch(
                "authorships", Authorship.objects.standing().select_related("person", "organisation").order_by("accepted_at", "id")
            ),
            Prefetch("moves", StageMove.objects.select_related("office").order_by("at", "id")),
            Prefetch(
                "assessments",
                Assessment.objects.standing().select_related("office", "implementer", "duplicate_of").order_by("at", "id"),
            ),
        )
        .order_by("pk")
    )  # fmt: skip
    for each in rows.iterator(chunk_size=500):
        hands = list(each.authorships.all())
        # Who left is not named any more.
        named = each.contribution.author_id in {hand.person_id for hand in hands}
        yield {
            **contribution(process, each.contribution, phases, named=named),
            **{field: getattr(each, field) for field in _LOOK},
            "place": each.place.slug,
            "cost": amount(each.cost),
            "revisions": [_as_revision(process, row) for row in each.revisions.all()],
            "hands": [
                {
                    "person": said_by(
                        process, hand.person_id, hand.person.public_name if hand.person else None
                    ),
                    "organisation": spoke_for(hand.organisation),
                    "role": hand.role,
                    "since": written(hand.accepted_at),
                }
                for hand in hands
            ],
            "moves": [_as_move(move) for move in each.moves.all()],
            "assessments": [_as_finding(found) for found in each.assessments.all()],
        }


def _as_revision(process: Process, row: Revision) -> dict[str, Any]:
    return {
        **{field: getattr(row, field) for field in ("number", "title", "summary", "body", "language", "note", "is_substantive")},
        "translations": plain(row.translations),
        "by": said_by(process, row.by_id, row.by.public_name if row.by else None),
        "at": written(row.at),
    }  # fmt: skip


def _as_move(move: StageMove) -> dict[str, Any]:
    return {
        "stage": move.stage,
        "at": written(move.at),
        "office": move.office.slug if move.office else None,
        "detail": move.detail,
        "facts": plain({key: move.data[key] for key in _FACTS if key in move.data}),
    }


def _as_finding(found: Assessment) -> dict[str, Any]:
    twin = found.duplicate_of
    return {
        "office": found.office.slug,
        **{field: getattr(found, field) for field in _PLAIN},
        **{field: amount(getattr(found, field)) for field in _MONEY},
        "implementer": found.implementer.slug if found.implementer else None,
        "duplicate_of": twin.receipt if twin is not None and twin.is_public else None,
        "reason": text_of(found, "reason"),
        "way_on": text_of(found, "way_on"),
        "at": written(found.at),
    }


def _load(line: dict[str, Any], arrival: Arrival) -> None:
    under = arrival.arrive("proposal", line)
    newest = max(line["revisions"], key=lambda row: row["number"])
    organised = under.organisation.kind if under.organisation else PERSON
    found = Proposal(
        contribution=under, process=under.process, is_public=under.is_public, receipt=under.receipt,
        title=newest["title"], summary=newest["summary"], language=newest["language"],
        translations=_of_cards(newest["translations"]), place=arrival.place(line["place"]), cost=line["cost"],
        supports_taken_over=line["supports"], exposure=exposure_of(under.receipt, day_of(arrival.at)),
        author_kind=organised, is_answered=any(move["stage"] in ANSWERED for move in line["moves"]),
        **{field: line[field] for field in _LOOK},
    )  # fmt: skip
    found.save(force_insert=True)
    Revision.objects.bulk_create(
        Revision(proposal=found, **{**row, "by": arrival.person(row["by"])}) for row in line["revisions"]
    )
    Authorship.objects.bulk_create(
        Authorship(
            proposal=found, person=arrival.person(hand["person"]), organisation=arrival.organisation(hand["organisation"]),
            role=hand["role"], invited_at=hand["since"], accepted_at=hand["since"],
        )
        for hand in line["hands"]
    )  # fmt: skip
    StageMove.objects.bulk_create(
        StageMove(
            proposal=found, stage=move["stage"], at=move["at"], office=arrival.office(move["office"], f"moves[{n}].office"),
            detail=move["detail"], data=move["facts"],
        )
        for n, move in enumerate(line["moves"], start=1)
    )  # fmt: skip
    for n, told in enumerate(line["assessments"], start=1):
        _load_finding(found, told, arrival, f"assessments[{n}]")
    index_for_search(found)


def _of_cards(translations: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """What cards show to readers of another language: title and sentence."""
    return {
        code: {key: text[key] for key in ("title", "summary") if key in text}
        for code, text in translations.items()
    }


def _load_finding(found: Proposal, told: dict[str, Any], arrival: Arrival, where: str) -> None:
    row = Assessment(
        proposal=found, office=arrival.office(told["office"], f"{where}.office"), at=told["at"],
        implementer=arrival.office(told["implementer"], f"{where}.implementer"),
        **{field: told[field] for field in (*_PLAIN, *_MONEY)},
    )  # fmt: skip
    in_both(row, "reason", told["reason"])
    in_both(row, "way_on", told["way_on"])
    row.save(force_insert=True)
    if told["duplicate_of"]:
        arrival.later("duplicates", row.pk, told["duplicate_of"], f"{where}.duplicate_of")


def _finish(arrival: Arrival) -> None:
    """What names a proposal that came later in the file."""
    for key, twin, where in arrival.waiting.pop("duplicates", []):
        other = arrival.contribution(twin, where)
        Assessment.objects.filter(pk=key).update(duplicate_of=other.pk if other else None)


records.add(
    "proposal",
    Records("proposal", _("Proposals"), 30, _proposal, _proposals, _load, _finish, contribution=True),
)
