"""Both ways between what people said and what the city adopted, and what the page of a proposal reads in its own query."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, Expression, OuterRef, Prefetch, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import get_language

from feedback.models import OfficialAnswer, Plan, PlanParagraph, PlanSource, ReplyClock, ReplyDate
from proposals.models import Proposal

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Process

RECEIPT = re.compile(r"\b\d{4}-\d{4,}\b")


def story() -> Expression:
    """What the city owes and what came of it, in one JSON value: `due`, `own`, `threshold`, `answers`, `outcome`, `landed`."""
    clock = ReplyClock.objects.filter(contribution=OuterRef("pk"))
    answers = OfficialAnswer.objects.filter(contribution=OuterRef("pk"))
    landed = PlanSource.objects.filter(
        contribution=OuterRef("pk"), paragraph__plan__published_at__isnull=False
    ).order_by("paragraph__plan", "paragraph__order")
    return JSONObject(
        due=Subquery(
            ReplyDate.objects.filter(process=OuterRef("process"), process__stopped_at__isnull=True).values(
                "due"
            )
        ),
        own=Subquery(clock.values("due")),
        threshold=Subquery(clock.values("threshold")),
        answers=Exists(answers),
        outcome=Exists(answers.outcomes()),
        landed=ArraySubquery(
            landed.values(
                row=JSONObject(
                    plan="paragraph__plan",
                    order="paragraph__order",
                    de="paragraph__plan__title_de",
                    en="paragraph__plan__title_en",
                )
            )
        ),
    )


def due_of(told: dict[str, Any]) -> tuple[datetime | None, int]:
    """The date that comes first, and the supporters it was reached by where it is its own."""
    due = datetime.fromisoformat(told["due"]) if told.get("due") else None
    own = datetime.fromisoformat(told["own"]) if told.get("own") else None
    if own is not None and (due is None or own <= due):
        return own, int(told.get("threshold") or 0)
    return due, 0


def landed_in(told: dict[str, Any]) -> list[tuple[int, str, list[int]]]:
    """Where a contribution stands in adopted texts: plan, its title, the numbers of the paragraphs."""
    language = "en" if get_language() == "en" else "de"
    found: dict[int, tuple[int, str, list[int]]] = {}
    for row in told.get("landed") or ():
        title = row.get(language) or row.get("de") or ""
        found.setdefault(row["plan"], (row["plan"], title, []))[2].append(row["order"])
    return list(found.values())


def with_paragraphs(plan: Plan, person: Person | None) -> list[tuple[PlanParagraph, list[Proposal]]]:
    """The paragraphs of a text, each with the contributions behind it that this person may see. Three queries."""
    sources = PlanSource.objects.filter(contribution__in=_visible(person)).order_by("pk")
    rows = plan.paragraphs.prefetch_related(Prefetch("sources", sources, to_attr="seen"))  # type: ignore[attr-defined]
    paragraphs = list(rows)
    keys = {source.contribution_id for row in paragraphs for source in row.seen}
    known = Proposal.objects.visible_to(person).without_vector().in_bulk(keys)
    return [
        (row, [known[source.contribution_id] for source in row.seen if source.contribution_id in known])
        for row in paragraphs
    ]


def _visible(person: Person | None) -> Any:
    from cocreation.models import Contribution

    return Contribution.objects.visible_to(person).values("pk")


def receipts_in(text: str) -> list[str]:
    """The receipt numbers in what somebody typed, each once."""
    return list(dict.fromkeys(RECEIPT.findall(text)))


def plans_of(process: Process) -> list[Plan]:
    """The adopted texts of a process, the newest first. One query."""
    return list(Plan.objects.filter(process=process, published_at__isnull=False).order_by("-published_at"))
