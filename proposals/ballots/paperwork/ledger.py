"""The sums of a vote on paper: printed, handed out, taken in, entered, by way. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Sum

from proposals.ballots.models import Vote
from proposals.ballots.paperwork.models import Batch, Finish, Invalid, PaperCode, PrintRun, Way
from proposals.ballots.paperwork.parsing import UNUSED


@dataclass(slots=True)
class Sums:
    """Of one way. `admitted`: people noted as voting so, whose online ballot does not count; `entered` = valid + blank +
    invalid of sealed batches; `opened`: ballots of batches that are not sealed yet."""

    printed: int = 0
    given: int = 0
    admitted: int = 0
    opened: int = 0
    valid: int = 0
    blank: int = 0
    invalid: int = 0
    categories: Counter[str] = field(default_factory=Counter)
    # By the letter of an envelope, what the entered ballots say there (Batch.parts).
    parts: dict[str, Counter[str]] = field(default_factory=dict)

    @property
    def entered(self) -> int:
        return self.valid + self.blank + self.invalid

    @property
    def missing(self) -> int:
        """People whose ballot is in no batch."""
        return self.admitted - self.entered - self.opened


@dataclass(slots=True)
class Ledger:
    ways: dict[str, Sums]
    batches: list[Batch]

    @property
    def open_batches(self) -> list[Batch]:
        return [batch for batch in self.batches if not batch.is_sealed]

    @property
    def missing(self) -> int:
        return sum(sums.missing for sums in self.ways.values())

    @property
    def admitted(self) -> int:
        return sum(sums.admitted for sums in self.ways.values())


def was_used(vote: Vote) -> bool:
    """Whether anything was printed, handed out or entered: else nothing is waited for."""
    return (
        PrintRun.objects.filter(vote=vote).exists()
        or Batch.objects.filter(vote=vote).exists()
        or vote.slots.exclude(closed="").exists()
    )


def ledger_of(vote: Vote) -> Ledger:
    """Four queries. After the count the slots are gone: then the sums stand in the result."""
    ways = {way: Sums() for way in Way.values}
    for way, copies in (
        PrintRun.objects.filter(vote=vote, revoked_at__isnull=True)
        .values_list("way")
        .annotate(n=Sum("copies"))
    ):
        ways[way].printed = copies
    ways[Way.CODE].given = PaperCode.objects.filter(vote=vote, tag__isnull=False, revoked=False).count()
    # Never how many are online: whoever watches that number while noting a person would learn whether they had voted.
    for way, people in vote.slots.exclude(closed="").values_list("closed").annotate(n=Count("pk")):
        ways[way].admitted = people
    ways[Way.DESK].given = ways[Way.DESK].admitted
    batches = list(Batch.objects.filter(vote=vote).select_related("first_by", "second_by").order_by("number"))
    for batch in batches:
        sums = ways[batch.way]
        if batch.is_sealed:
            sums.valid += batch.valid
            sums.blank += batch.blank
            sums.invalid += batch.invalid
            sums.categories.update(batch.categories)
            for code, said in batch.parts.items():
                sums.parts.setdefault(code, Counter()).update(said)
        else:
            sums.opened += batch.size
    return Ledger(ways, batches)


def part_sums(said: Mapping[str, int]) -> dict[str, Any]:
    """What the ballots of one way say in one envelope: together as many as were entered. `unused`: the person did not choose this one."""
    invalid = {category: said[category] for category in sorted(Invalid.values) if said.get(category)}
    return {
        "valid": said.get("valid", 0),
        "blank": said.get("blank", 0),
        "invalid": sum(invalid.values()),
        "unused": said.get(UNUSED, 0),
        "categories": invalid,
    }


def figures(vote: Vote) -> dict[str, Any]:
    """The sums as they are stored with the result; nothing where nobody voted on paper."""
    if not vote.paper or not was_used(vote):
        return {}
    ledger = ledger_of(vote)
    finish = Finish.objects.filter(pk=vote.pk).first()
    ways = {
        way: {
            "printed": sums.printed,
            "given": sums.given,
            "admitted": sums.admitted,
            "entered": sums.entered,
            "valid": sums.valid,
            "blank": sums.blank,
            "invalid": sums.invalid,
            "categories": dict(sorted(sums.categories.items())),
            "missing": sums.missing,
            **(
                {
                    "envelopes": {
                        each["code"]: part_sums(sums.parts.get(each["code"], {})) for each in vote.envelopes
                    }
                }
                if vote.envelopes
                else {}
            ),
        }
        for way, sums in ledger.ways.items()
    }
    return {"paper": {"ways": ways, "reason": finish.reason if finish else ""}}
