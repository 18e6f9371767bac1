"""The sums in words: on the result page, for everybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundwork.html import say
from proposals.ballots import envelopes
from proposals.ballots.counting import part_result, tells_ways
from proposals.ballots.models import Tally
from proposals.ballots.paperwork.models import Invalid, Way


def of_result(tally: Tally) -> dict[str, Any] | None:
    """A line for each channel, and with envelopes one for each of them; None where the vote was held online only."""
    paper = tally.result.get("paper")
    if not paper:
        return None
    rows = [{"name": way.label, **paper["ways"][way.value]} for way in Way]
    missing = sum(row["missing"] for row in rows)
    return {
        "paper_rows": rows,
        "online": tally.result["channels"].get("web", 0),
        "in_envelopes": bool(tally.vote.envelopes),
        "envelope_rows": _envelope_rows(tally, rows)
        if tally.vote.envelopes and tells_ways(tally.result)
        else [],
        "invalid": _reasons(rows),
        "missing_words": ngettext(
            "%(n)s ballot that was handed out or taken in was in no box: %(reason)s",
            "%(n)s ballots that were handed out or taken in were in no box: %(reason)s",
            missing,
        )
        % {"n": say.number(missing), "reason": paper["reason"] or _("no reason was given")}
        if missing
        else "",
    }


def of_envelope(tally: Tally, code: str) -> dict[str, Any] | None:
    """What of the ballots on paper is about one envelope; None where they are too few to say where they were for."""
    paper = tally.result.get("paper")
    if not paper or not tells_ways(tally.result):
        return None
    rows = [{"name": way.label, **paper["ways"][way.value]["envelopes"][code]} for way in Way]
    return {
        "part_rows": rows,
        "online": part_result(tally.result, code)["channels"].get("web", 0),
        "invalid": _reasons(rows),
        "chosen_among": _is_chosen(tally, code),
    }


def _is_chosen(tally: Tally, code: str) -> bool:
    listed = envelopes.read(tally.vote.envelopes)
    return any(envelopes.chooses(tally.vote, each) for each in listed if each.code == code)


def _envelope_rows(tally: Tally, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What the ballots on paper, of both ways, say in each envelope."""
    return [
        {
            "name": each.said,
            "chosen_among": envelopes.chooses(tally.vote, each),
            **{
                name: sum(row["envelopes"][each.code][name] for row in rows)
                for name in ("valid", "blank", "invalid", "unused")
            },
        }
        for each in envelopes.read(tally.vote.envelopes)
    ]


def _reasons(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Why ballots are invalid, and how many."""
    counts: Counter[str] = Counter()
    for row in rows:
        counts.update(row["categories"])
    names = dict(Invalid.choices)
    return [(str(names.get(slug, slug)), say.number(count)) for slug, count in sorted(counts.items())]
