"""The sums in words: on the result page, for everybody."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundwork.html import say
from proposals.ballots.models import Tally
from proposals.ballots.paperwork.models import Invalid, Way


def of_result(tally: Tally) -> dict[str, Any] | None:
    """A line for each channel; None where the vote was held online only."""
    paper = tally.result.get("paper")
    if not paper:
        return None
    invalid: dict[str, int] = {}
    rows = []
    for way in Way:
        sums = paper["ways"][way.value]
        rows.append({"name": way.label, **sums})
        for category, count in sums["categories"].items():
            invalid[category] = invalid.get(category, 0) + count
    names = dict(Invalid.choices)
    missing = sum(row["missing"] for row in rows)
    return {
        "paper_rows": rows,
        "online": tally.result["channels"].get("web", 0),
        "invalid": [
            (str(names.get(slug, slug)), say.number(count)) for slug, count in sorted(invalid.items())
        ],
        "missing_words": ngettext(
            "%(n)s ballot that was handed out or taken in was in no box: %(reason)s",
            "%(n)s ballots that were handed out or taken in were in no box: %(reason)s",
            missing,
        )
        % {"n": say.number(missing), "reason": paper["reason"] or _("no reason was given")}
        if missing
        else "",
    }
