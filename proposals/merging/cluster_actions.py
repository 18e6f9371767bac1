"""The only place where proposals are grouped. A group joins nothing: its proposals stay what they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from cocreation.models import Process
from groundwork.answer import No, Refused, require
from groundwork.journal import api as journal
from proposals.merging import rules
from proposals.merging.models import Cluster, ClusterMember
from proposals.models import Proposal

if TYPE_CHECKING:
    from accounts.models import Person


@dataclass(frozen=True, slots=True)
class Naming:
    """How a group is called, in both languages; English may be missing."""

    name_de: str
    about_de: str
    name_en: str = ""
    about_en: str = ""


@transaction.atomic
def make_cluster(*, process: Process, naming: Naming, by: Person, at: datetime) -> Cluster:
    """A group of proposals that belong together. Nothing happens to them."""
    require(rules.may_cluster(by, process))
    cluster = Cluster(
        process=process, name_de=naming.name_de, about_de=naming.about_de, name_en=naming.name_en,
        about_en=naming.about_en, made_by=by, made_at=at,
    )  # fmt: skip
    cluster.full_clean(exclude=["process", "made_by"], validate_constraints=False)
    try:
        with transaction.atomic():
            cluster.save(force_insert=True)
    except IntegrityError as error:
        if "merging_cluster_name_once" not in str(error):
            raise
        raise Refused(No(_("There is a group of this name already."))) from error
    journal.record("cluster.made", by=by, on=cluster, process=process, at=at)
    return cluster


@transaction.atomic
def add_to_cluster(*, cluster: Cluster, proposals: Sequence[Proposal], by: Person, at: datetime) -> int:
    """Put proposals of the same process into a group; who is in it already stays. Returns how many are new."""
    cluster = _locked_cluster(cluster)
    require(rules.may_cluster(by, cluster.process))
    keys = {proposal.pk for proposal in proposals}
    if Proposal.objects.filter(pk__in=keys, process=cluster.process_id, is_public=True).count() != len(keys):
        raise Refused(No(_("Only public proposals of this process can be in the group.")))
    there = set(cluster.members.filter(removed_at=None).values_list("proposal", flat=True))
    new = [proposal for proposal in proposals if proposal.pk not in there]
    ClusterMember.objects.bulk_create(
        ClusterMember(cluster=cluster, proposal=proposal, added_by=by, added_at=at) for proposal in new
    )
    if new:
        _record_cluster(cluster, by, at, added=[proposal.pk for proposal in new])
    return len(new)


@transaction.atomic
def remove_from_cluster(*, cluster: Cluster, proposal: Proposal, by: Person, at: datetime) -> None:
    """Take one out. `add_to_cluster` puts it back."""
    cluster = _locked_cluster(cluster)
    require(rules.may_cluster(by, cluster.process))
    gone = cluster.members.filter(proposal=proposal, removed_at=None).update(removed_at=at, removed_by=by)
    if not gone:
        raise Refused(No(_("This proposal is not in the group.")))
    _record_cluster(cluster, by, at, removed=[proposal.pk])


@transaction.atomic
def end_cluster(*, cluster: Cluster, by: Person, at: datetime) -> None:
    """Dissolve a group. Its proposals stay what they are; `restore_cluster` brings the group back."""
    cluster = _locked_cluster(cluster)
    require(rules.may_cluster(by, cluster.process))
    if cluster.ended_at:
        raise Refused(No(_("This group was dissolved already.")))
    cluster.ended_at = at
    cluster.save(update_fields=["ended_at"])
    _record_cluster(cluster, by, at, ended=True)


@transaction.atomic
def restore_cluster(*, cluster: Cluster, by: Person, at: datetime) -> None:
    cluster = _locked_cluster(cluster)
    require(rules.may_cluster(by, cluster.process))
    if not cluster.ended_at:
        raise Refused(No(_("This group is there already.")))
    cluster.ended_at = None
    try:
        with transaction.atomic():
            cluster.save(update_fields=["ended_at"])
    except IntegrityError as error:
        raise Refused(No(_("There is a group of this name already."))) from error
    _record_cluster(cluster, by, at, ended=False)


def _locked_cluster(cluster: Cluster) -> Cluster:
    return Cluster.objects.select_for_update(of=("self",)).select_related("process").get(pk=cluster.pk)


def _record_cluster(cluster: Cluster, by: Person, at: datetime, **facts: Any) -> None:
    journal.record("cluster.changed", by=by, on=cluster, process=cluster.process_id, at=at, data=facts)
