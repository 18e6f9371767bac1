"""What became one in Auental, what is being talked about, and which proposals stand in a group."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from proposals.merging import actions, cluster_actions
from proposals.merging.models import Merge

if TYPE_CHECKING:
    from cocreation.models import Process
    from quartier.demo.seed import Draft, Town


def plan_merging(town: Town, process: Process, texts: dict[str, Any], drafts: list[Draft]) -> None:
    """At the very end: supports of an open phase are there by then and are carried along."""
    by_number = {draft.plan["number"]: draft for draft in drafts}
    at = town.today - timedelta(milliseconds=400)
    for plan in texts.get("groups", []):
        if plan["process"] == process.slug:
            town.on(at, partial(group, town, process, plan, by_number, at))
    for plan in texts.get("merges", []):
        if plan["process"] == process.slug:
            town.on(at, partial(join, plan, by_number, at))


def group(town: Town, process: Process, plan: dict[str, Any], drafts: dict[int, Draft], at: datetime) -> None:
    office = next(key for key, office in town.offices.items() if office.pk == process.office_id)
    by, name, about = town.officials[office], plan["name"], plan["about"]
    naming = cluster_actions.Naming(name["de"], about["de"], name["en"], about["en"])
    made = cluster_actions.make_cluster(process=process, naming=naming, by=by, at=at)
    cluster_actions.add_to_cluster(
        cluster=made, proposals=[drafts[number].real for number in plan["parts"]], by=by, at=at
    )


def join(plan: dict[str, Any], drafts: dict[int, Draft], at: datetime) -> None:
    """The first part's author proposes and writes; as many as `agreed` agree, in the order of the parts."""
    target, *sources = [drafts[number].real for number in plan["parts"]]
    by = target.contribution.author
    assert by is not None
    merge = actions.propose_merge(target=target, sources=sources, by=by, at=at, as_writer_of=target)
    wording = actions.Wording(plan["title"], plan["summary"], plan["body"].strip())
    text = actions.change_text(merge=merge, wording=wording, by=by, at=at, seen=1)
    merge = Merge.objects.with_all().get(pk=merge.pk)
    for part in merge.here[: plan["agreed"]]:
        lead = part.proposal.contribution.author
        assert lead is not None
        actions.agree(merge=merge, part=part, by=lead, at=at, version=text.version)
