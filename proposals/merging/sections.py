"""What the room shows on pages of the hall: chips of groups, what became one, the way to the table, groups of a process."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _

from cocreation.models import Contribution
from cocreation.panels import Panel as ProcessPanel
from cocreation.panels import process_panels
from proposals.merging import rules
from proposals.merging.models import ClusterMember, Merge, MergePart, in_language
from proposals.merging.queries import clusters_of
from proposals.models import Proposal
from proposals.panels import Panel, proposal_panels
from proposals.record import Entry, record_sources
from proposals.rules import writes
from proposals.stories import stories

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Process


# --- the page of a proposal: all in its own query ---


def _clusters() -> Any:
    """The groups it stands in."""
    rows = ClusterMember.objects.filter(proposal=OuterRef("pk"), removed_at=None, cluster__ended_at=None)
    return ArraySubquery(
        rows.order_by("cluster").values(
            row=JSONObject(key="cluster", name_de=F("cluster__name_de"), name_en=F("cluster__name_en"))
        )
    )


def _joined() -> Any:
    """What lives on in it, with the merge that brought it."""
    brought = MergePart.objects.filter(
        proposal=OuterRef("pk"), merge__state=Merge.State.COMPLETED, split_at=None, left_at=None
    )
    rows = Proposal.objects.filter(
        lives_in=OuterRef("pk"), contribution__in=Contribution.objects.set_aside()
    ).annotate(merge=Subquery(brought.order_by("-merge").values("merge")[:1]))
    return ArraySubquery(
        rows.order_by("pk").values(
            row=JSONObject(receipt="receipt", title="title", language="language", merge="merge")
        )
    )


def _table() -> Any:
    """The open merge it sits at."""
    return Subquery(MergePart.objects.filter(proposal=OuterRef("pk"), is_open=True).values("merge")[:1])


stories.add("clusters", _clusters)
stories.add("joined", _joined)
stories.add("table", _table)


def chips(proposal: Proposal, person: Person | None, at: datetime) -> dict[str, Any] | None:
    found = getattr(proposal, "story_clusters", None)
    if not found:
        return None
    slug = proposal.process.slug
    return {
        "groups": [
            (
                in_language(each["name_de"], each["name_en"]),
                reverse("merging:cluster", args=[slug, each["key"]]),
            )
            for each in found
        ]
    }


def joining(proposal: Proposal, person: Person | None, at: datetime) -> dict[str, Any] | None:
    """What lives on here, for everybody; the table or the way to one, for who may sit at it."""
    parts = getattr(proposal, "story_joined", None) or []
    table = getattr(proposal, "story_table", None)
    concerned = person is not None and (
        writes(person, proposal) or rules.accompanies(person, proposal.process)
    )
    way = ""
    if concerned and table:
        way = reverse("merging:merge", args=[table])
    elif concerned and rules.may_propose_merge(person, proposal, at):
        way = reverse("merging:propose", args=[proposal.receipt])
    if not parts and not way:
        return None
    merges = dict.fromkeys(part["merge"] for part in parts if part["merge"])
    return {
        "parts": parts,
        "merges": [reverse("merging:merge", args=[key]) for key in merges],
        "way": way,
        "is_open": bool(table),
    }


proposal_panels.add(
    "clusters", Panel("clusters", "proposals/merging/chips.html", chips, where="top", order=1)
)
proposal_panels.add(
    "joining", Panel("joining", "proposals/merging/joining.html", joining, where="side", order=40)
)


# --- the life record ---


def lived(proposal: Proposal) -> Iterable[Entry]:
    """What was joined with it and separated from it. The parts' own moves tell their side. One query."""
    parts = MergePart.objects.filter(
        role=MergePart.Role.SOURCE,
        left_at=None,
        merge__state=Merge.State.COMPLETED,
        merge__in=MergePart.objects.filter(proposal=proposal, role=MergePart.Role.TARGET).values("merge"),
    ).select_related("merge", "proposal")
    together: dict[int, list[MergePart]] = {}
    for part in parts.order_by("merge", "pk"):
        together.setdefault(part.merge_id, []).append(part)
        if part.split_at:
            words = _("Separated again from %(numbers)s") % {"numbers": part.proposal.receipt}
            yield Entry(part.split_at, words, "", why=part.split_reason, icon="split")
    for joined in together.values():
        at = joined[0].merge.ended_at
        if at is not None:
            words = _("Joined with %(numbers)s") % {
                "numbers": ", ".join(part.proposal.receipt for part in joined)
            }
            yield Entry(at, words, "", icon="git-merge")


record_sources.add("merging", lived)


# --- the page of a process ---


def process_panel(process: Process, person: Person | None, at: datetime) -> dict[str, Any] | None:
    """The groups of its proposals. One query, none where nothing is proposed."""
    if not any(phase.method == "ideas" for phase in process.line):
        return None
    groups = [group for group in clusters_of(process) if getattr(group, "n", 0)]
    for group in groups:
        group.process = process
    return {"groups": groups} if groups else None


process_panels.add(
    "clusters", ProcessPanel("clusters", "proposals/merging/process_panel.html", process_panel, order=41)
)
