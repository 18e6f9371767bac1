"""Merges with their parts and the versions of their joint text; clusters with their members.

An open merge is a table at which the writers of all parts sit: each may change the joint text, every lead has to agree to
the same version. Only then anything happens to the proposals, all of it in one transaction. A row is never deleted.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cocreation.models import Contribution, Process
from cocreation.roles import Role, roles_of
from proposals.models import Proposal

if TYPE_CHECKING:
    from accounts.models import Person

# So long an open merge waits for those who have to agree.
OPEN_FOR = timedelta(days=28)
FEWEST, MOST = 2, 8


class MergeQuerySet(models.QuerySet["Merge"]):
    def open(self) -> MergeQuerySet:
        return self.filter(state=Merge.State.OPEN)

    def with_all(self) -> MergeQuerySet:
        """With everything the table shows. Four queries, however many parts."""
        parts = MergePart.objects.select_related(
            "proposal__contribution__author", "consented_by", "declined_by"
        )
        texts = JointText.objects.select_related("by").order_by("-version")
        return self.select_related("process", "proposed_by").prefetch_related(
            models.Prefetch("parts", parts.order_by("id")), models.Prefetch("texts", texts)
        )

    def visible_to(self, person: Person | None) -> MergeQuerySet:
        """What was done can be read by everybody who may see the living page; a table with open seats, and one from
        which everybody rose, by those who sit or sat at it and by those who accompany the process."""
        from proposals.models import Authorship

        done = Q(
            state=Merge.State.COMPLETED,
            process__published_at__isnull=False,
            pk__in=MergePart.objects.filter(
                Q(proposal__is_public=True) | Q(proposal__contribution__in=Contribution.objects.set_aside()),
                role=MergePart.Role.TARGET,
            ).values("merge"),
        )
        if person is None or not person.is_authenticated:
            return self.filter(done)
        if person.rehearses:
            return self.filter(process=person.rehearses)
        mine = Authorship.objects.writing().filter(person=person).values("proposal")
        at_the_table = Q(pk__in=MergePart.objects.filter(proposal__in=mine).values("merge"))
        seen = done | ((at_the_table | Q(proposed_by=person)) & Q(process__published_at__isnull=False))
        roles = roles_of(person)
        if where := roles.where(Role.ADMIN, Role.FACILITATOR, Role.MODERATOR, Role.OBSERVER):
            seen |= where.narrow("process__") & Q(process__published_at__isnull=False)
        if roles.offices:
            seen |= Q(process__office__in=roles.offices, process__published_at__isnull=False)
        return self.filter(seen)


class Merge(models.Model):
    """Several proposals of one process are to become one, or did."""

    class State(models.TextChoices):
        OPEN = "open", _("Being talked about")
        COMPLETED = "completed", _("Joined")
        DECLINED = "declined", _("Not joined")
        EXPIRED = "expired", _("Ran out")

    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="merges")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    # The number of the newest joint text.
    version = models.PositiveIntegerField(default=1)
    ended_at = models.DateTimeField(null=True, blank=True)
    # The versions of the living page just before and with the joint text: what supporters compare, what a split restores.
    before = models.PositiveIntegerField(null=True, blank=True)
    after = models.PositiveIntegerField(null=True, blank=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True)
                | ~Q(state="open") & Q(ended_at__isnull=False),
                name="merging_merge_ends_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="completed") | Q(before__isnull=False, after__isnull=False),
                name="merging_merge_knows_its_versions",
            ),
        ]
        indexes = [models.Index(fields=["process", "state"], name="merging_merge_of")]

    def __str__(self) -> str:
        return f"merge {self.pk}: {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("merging:merge", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def until(self) -> datetime:
        return self.proposed_at + OPEN_FOR

    @cached_property
    def everybody(self) -> list[MergePart]:
        """All parts, those that left too, the target first."""
        return sorted(self.parts.all(), key=lambda part: (part.role != MergePart.Role.TARGET, part.pk))

    @cached_property
    def here(self) -> list[MergePart]:
        """The parts that are still (or were until the end) at the table."""
        return [part for part in self.everybody if part.left_at is None]

    @cached_property
    def target(self) -> MergePart:
        return self.everybody[0]

    @property
    def sources(self) -> list[MergePart]:
        return [part for part in self.here if part.role == MergePart.Role.SOURCE]

    @cached_property
    def text(self) -> JointText:
        """The joint text as it stands."""
        return next(iter(sorted(self.texts.all(), key=lambda text: -text.version)))


class MergePart(models.Model):
    """A proposal at the table. One of them, the target, is the living page afterwards."""

    class Role(models.TextChoices):
        TARGET = "target", _("The living page")
        SOURCE = "source", _("Lives on there")

    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="parts")
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="merge_parts")
    role = models.CharField(max_length=6, choices=Role.choices)
    # While the merge is open and the part is in it: the database lets a proposal sit at one table only.
    is_open = models.BooleanField(default=True)
    # A consent counts for one version and while its giver leads the part.
    consented_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    consented_at = models.DateTimeField(null=True, blank=True)
    consented_to = models.PositiveIntegerField(null=True, blank=True)
    declined_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    # When it rose from the table: its lead declined, or the others went on without it.
    left_at = models.DateTimeField(null=True, blank=True)
    # Where it stood before, and when and why it was separated again.
    stage_before = models.CharField(max_length=14, blank=True)
    split_at = models.DateTimeField(null=True, blank=True)
    split_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    split_reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal"],
                condition=Q(is_open=True),
                name="merging_part_one_table",
                violation_error_message=_("One of these proposals is being joined with others already."),
            ),
            models.UniqueConstraint(fields=["merge", "proposal"], name="merging_part_once"),
            models.UniqueConstraint(
                fields=["merge"], condition=Q(role="target"), name="merging_part_one_target"
            ),
            models.CheckConstraint(
                condition=Q(is_open=False) | Q(left_at__isnull=True), name="merging_part_open_is_here"
            ),
        ]
        indexes = [models.Index(fields=["proposal", "merge"], name="merging_part_of")]

    def __str__(self) -> str:
        return f"{self.merge_id}: {self.proposal_id} ({self.role})"

    @property
    def is_target(self) -> bool:
        return self.role == self.Role.TARGET


class JointText(models.Model):
    """A version of the text that is to stand on the living page. Never changed; a new one takes its place."""

    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="texts")
    version = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=120)
    summary = models.CharField(_("in one sentence"), max_length=200)
    body = models.TextField(_("text"), max_length=10_000)
    # {"<key of a proposal>": number}: the versions of the parts it was written from.
    read = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["merge", "version"], name="merging_text_version_once")]

    def __str__(self) -> str:
        return f"{self.merge_id} · {self.version}"

    @property
    def words(self) -> tuple[str, str, str]:
        return (self.title, self.summary, self.body)


class ClusterQuerySet(models.QuerySet["Cluster"]):
    def standing(self) -> ClusterQuerySet:
        return self.filter(ended_at__isnull=True)

    def visible_to(self, person: Person | None) -> ClusterQuerySet:
        return self.standing().filter(process__in=Process.objects.visible_to(person))


class Cluster(models.Model):
    """Proposals of a process that belong together, under one name, without being joined."""

    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="clusters")
    name_de = models.CharField(_("Name (German)"), max_length=60)
    name_en = models.CharField(_("Name (English)"), max_length=60, blank=True)
    about_de = models.CharField(_("One sentence about it (German)"), max_length=200)
    about_en = models.CharField(_("One sentence about it (English)"), max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ClusterQuerySet.as_manager()

    class Meta:
        verbose_name = _("theme group")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["process", "name_de"],
                condition=Q(ended_at__isnull=True),
                name="merging_cluster_name_once",
                violation_error_message=_("There is a group of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name_de

    def get_absolute_url(self) -> str:
        return reverse("merging:cluster", args=[self.process.slug, self.pk])

    @property
    def name(self) -> str:
        return in_language(self.name_de, self.name_en)

    @property
    def about(self) -> str:
        return in_language(self.about_de, self.about_en)


def in_language(german: str, english: str) -> str:
    return (english or german) if get_language() == "en" else (german or english)


class ClusterMember(models.Model):
    """A proposal in a cluster. Taking it out leaves the row, so that it can be put back."""

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="members")
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="cluster_members")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    added_at = models.DateTimeField()
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "proposal"],
                condition=Q(removed_at__isnull=True),
                name="merging_member_once",
                violation_error_message=_("This proposal is in the group already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.cluster_id}: {self.proposal_id}"
