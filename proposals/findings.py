"""What an office says, between what was typed and what is stored: the form, the sheet and the second person read the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from unicodedata import category

from proposals.actions import Details


@dataclass(frozen=True)
class Found:
    """A finding that is whole and sound, ready to be published. `reason` by language."""

    verdict: str
    cost: Decimal | None
    yearly_cost: Decimal | None
    reason: Mapping[str, str]
    details: Details = field(default_factory=Details)


# What is kept of a draft, in the order in which it is asked.
FIELDS = (
    "verdict", "cost_from", "cost", "ballot_cost", "yearly_cost", "estimate", "competence", "body", "permit",
    "implementer", "year", "reason_code", "duplicate_of", "reason_de", "reason_en", "way_on_de", "way_on_en",
)  # fmt: skip


def plain(value: object) -> str:
    """Words as they are kept: one kind of line end, nothing that cannot be printed, no space around."""
    text = str(value if value is not None else "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(each for each in text if each in "\n\t" or category(each) not in _NEVER).strip()


# Control signs, halves of pairs, and what is no character: no file and no database takes them all.
_NEVER = ("Cc", "Cs", "Cn")


def content_of(data: Mapping[str, object]) -> dict[str, str]:
    """What was typed, without what is not part of a finding."""
    return {name: words for name in FIELDS if (words := plain(data.get(name))[:LONGEST])}


# Longer than any field may be; what is over its limit is said beside the field, never cut there.
LONGEST = 4000
