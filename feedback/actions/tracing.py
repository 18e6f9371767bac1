"""Adopted texts: written down, tied to the contributions behind them, published for ever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cocreation.models import Contribution, Office, Process
from cocreation.roles import may_act_for
from feedback.actions.stages import by_language
from feedback.models import Plan, PlanParagraph, PlanSource
from groundwork.answer import No, Refused, require
from groundwork.journal import api as journal
from proposals.models import Proposal

if TYPE_CHECKING:
    from accounts.models import Person


@transaction.atomic
def make_plan(
    *,
    process: Process,
    office: Office,
    title: dict[str, str],
    paragraphs: Sequence[dict[str, str]],
    by: Person,
    at: datetime,
    link: str = "",
) -> Plan:
    """A draft of what the city adopted, paragraph by paragraph. Texts by language."""
    require(may_act_for(by, office))
    if not process.is_published or process.is_dry_run:
        raise Refused(No(_("An adopted text belongs to a public process.")))
    if not paragraphs:
        raise Refused(No(_("An adopted text has at least one paragraph.")))
    plan = Plan(process=process, office=office, link=link, made_at=at, by=by, **by_language("title", title))
    plan.full_clean(exclude=["title"])
    plan.save()
    for order, text in enumerate(paragraphs, 1):
        PlanParagraph.objects.create(plan=plan, order=order, **by_language("text", text))
    return plan


@transaction.atomic
def tie(*, plan: Plan, sources: Mapping[int, Sequence[str]], by: Person) -> None:
    """Say which contributions stand behind which paragraph: number of the paragraph → receipts. Replaces what stood there."""
    plan = _draft(plan, by)
    paragraphs = {row.order: row for row in plan.paragraphs.all()}  # type: ignore[attr-defined]
    asked = {receipt for receipts in sources.values() for receipt in receipts}
    public = Contribution.objects.public().filter(process=plan.process, receipt__in=asked)
    known = dict(public.values_list("receipt", "pk"))
    if strange := sorted(asked - known.keys()):
        raise Refused(
            No(
                _("No public contribution of this process has this number: %(number)s")
                % {"number": strange[0]}
            )
        )
    PlanSource.objects.filter(paragraph__plan=plan).delete()
    PlanSource.objects.bulk_create(
        PlanSource(paragraph=paragraphs[order], contribution_id=known[receipt])
        for order, receipts in sources.items()
        if order in paragraphs
        for receipt in dict.fromkeys(receipts)
    )


@transaction.atomic
def publish_plan(*, plan: Plan, by: Person, at: datetime) -> Plan:
    """Public for ever; the authors of what stands behind it hear where it landed."""
    plan = _draft(plan, by)
    sources = PlanSource.objects.filter(paragraph__plan=plan)
    if not sources.exists():
        raise Refused(No(_("Say of at least one paragraph which contributions stand behind it.")))
    plan.published_at = at
    plan.save(update_fields=["published_at"])
    journal.record(
        "plan.published",
        by=by,
        on=plan,
        process=plan.process_id,
        at=at,
        data={"row": plan.pk, "plan": plan.pk},
    )
    orders: dict[int, list[int]] = {}
    for key, order in sources.order_by("paragraph__order").values_list("contribution", "paragraph__order"):
        orders.setdefault(key, []).append(order)
    landed = Proposal.objects.without_vector().select_related("contribution").in_bulk(orders)
    journal.record_many(
        {
            "verb": "contribution.landed", "by": by, "on": landed[key].contribution, "process": plan.process_id, "at": at,
            "data": {"row": plan.pk, "plan": plan.pk, "paragraphs": numbers},
        }
        for key, numbers in orders.items()
        if key in landed
    )  # fmt: skip
    return plan


@transaction.atomic
def discard_plan(*, plan: Plan, by: Person) -> None:
    """Only a draft."""
    _draft(plan, by).delete()


def _draft(plan: Plan, by: Person) -> Plan:
    found = Plan.objects.select_for_update(of=("self",)).select_related("process", "office").get(pk=plan.pk)
    require(may_act_for(by, found.office))
    if found.published_at is not None:
        raise Refused(No(_("An adopted text is not changed. Publish a later one; it stands beside it.")))
    return found
