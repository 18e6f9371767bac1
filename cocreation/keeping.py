"""What this house keeps no longer than it was promised."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cocreation import eligibility, files, pending, sharing
from cocreation.checks import retention
from cocreation.models import GroupMembership, RoleGrant
from groundwork.jobs.retention import Rule, rules

ROLES_KEPT = timedelta(days=2 * 365)


def forget_roles(at: datetime) -> int:
    before = at - ROLES_KEPT
    over = Q(ended_at__lte=before) | Q(ended_at__isnull=True, ends__lte=before)
    return RoleGrant.objects.filter(over).delete()[0]


def forget_memberships(at: datetime) -> int:
    return GroupMembership.objects.filter(ended_at__lte=at - ROLES_KEPT).delete()[0]


def forget_checks(at: datetime) -> int:
    return eligibility.forget_visits(at) + retention.forget_due(at)


for rule in (
    Rule(
        "pending",
        _("What waited for a log-in or a confirmation"),
        _("48 hours; 30 days where a confirmation was asked for; a note for 7 days"),
        ("cocreation.PendingAct",),
        pending.forget_expired,
    ),
    Rule(
        "packages",
        _("Uploaded processes nobody took over"),
        _("48 hours"),
        ("cocreation.IncomingPackage",),
        sharing.forget_expired,
    ),
    Rule(
        "files",
        _("Files nobody handed in, and those of what was erased"),
        _("seven days"),
        ("cocreation.Attachment",),
        files.sweep,
    ),
    Rule(
        "checks",
        _("Who took part in a process: place, age group, letters, links to accounts"),
        _("until thirty days after its final result"),
        ("cocreation.Eligibility", "cocreation.LetterCode", "cocreation.IdentifiedVisit"),
        forget_checks,
    ),
    Rule(
        "roles",
        _("Who worked here in which role"),
        _("two years after its end"),
        ("cocreation.RoleGrant",),
        forget_roles,
    ),
    Rule(
        "memberships",
        _("Who belonged to a group"),
        _("two years after its end"),
        ("cocreation.GroupMembership",),
        forget_memberships,
    ),
):
    rules.add(rule.slug, rule)
