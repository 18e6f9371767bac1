"""Whose proposal it is: the people and organisations who write it together."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

STANDING = Q(accepted_at__isnull=False, left_at__isnull=True)
OPEN = Q(declined_at__isnull=True, left_at__isnull=True)


class AuthorshipQuerySet(models.QuerySet["Authorship"]):
    def standing(self) -> AuthorshipQuerySet:
        """Those who agreed to be named and have not left."""
        return self.filter(STANDING)

    def writing(self) -> AuthorshipQuerySet:
        """Of those the ones who may change the text: lead and authors. Contributors are credited, no more."""
        return self.standing().filter(role__in=(Authorship.Role.LEAD, Authorship.Role.AUTHOR))

    def invited(self) -> AuthorshipQuerySet:
        """Who was asked and has not answered."""
        return self.filter(accepted_at__isnull=True, declined_at__isnull=True, left_at__isnull=True)

    def open_to(self, at: datetime) -> AuthorshipQuerySet:
        """Invitations that can still be answered at this moment."""
        return self.invited().filter(Q(expires_at__isnull=True) | Q(expires_at__gt=at))


class Authorship(models.Model):
    """One hand on a proposal. It is named once the person agreed; `organisation` is who they act for, always beside them.

    A row is never deleted: it says who was invited, agreed, declined or left, and when. Who is invited by an address is
    nobody yet: the row holds the address and the code of the link until somebody answers, and forgets both then.
    """

    class Role(models.TextChoices):
        LEAD = "lead", _("Lead author")
        AUTHOR = "author", _("Author")
        CONTRIBUTOR = "contributor", _("Contributor")

    proposal = models.ForeignKey("proposals.Proposal", on_delete=models.CASCADE, related_name="authorships")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="authorships"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    role = models.CharField(max_length=11, choices=Role.choices, default=Role.AUTHOR)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    invited_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    code = models.CharField(max_length=32, blank=True)
    posted_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    # The lead asks this author to take the lead; it changes hands when they agree.
    lead_offered_at = models.DateTimeField(null=True, blank=True)

    objects = AuthorshipQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "person"],
                condition=OPEN,
                name="proposals_authorship_once",
                violation_error_message=_("This person is an author or invited already."),
            ),
            models.UniqueConstraint(
                fields=["proposal"],
                condition=STANDING & Q(role="lead"),
                name="proposals_authorship_one_lead",
                violation_error_message=_("A proposal has one lead author."),
            ),
            models.CheckConstraint(
                condition=Q(declined_at__isnull=True) | Q(accepted_at__isnull=True),
                name="proposals_authorship_one_answer",
            ),
            models.UniqueConstraint(
                "proposal",
                Lower("email"),
                condition=OPEN & ~Q(email=""),
                name="proposals_authorship_address_once",
                violation_error_message=_("This address is invited already."),
            ),
            models.UniqueConstraint(
                fields=["code"], condition=~Q(code=""), name="proposals_authorship_code_once"
            ),
            models.UniqueConstraint(
                fields=["proposal"],
                condition=OPEN & Q(lead_offered_at__isnull=False),
                name="proposals_authorship_one_offer",
            ),
        ]
        indexes = [models.Index(fields=["person", "proposal"], name="proposals_authorship_mine")]

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.role}"

    @property
    def stands(self) -> bool:
        return self.accepted_at is not None and self.left_at is None

    @property
    def writes(self) -> bool:
        return self.stands and self.role in (self.Role.LEAD, self.Role.AUTHOR)


class TakeOver(models.Model):
    """Somebody offers to go on with a proposal that nobody writes any more.

    Its contributors decide until `decide_by`; where there are none, or they let the day pass, the city does.
    """

    proposal = models.ForeignKey("proposals.Proposal", on_delete=models.CASCADE, related_name="take_overs")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    offered_at = models.DateTimeField()
    decide_by = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    is_accepted = models.BooleanField(default=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "person"],
                condition=Q(decided_at__isnull=True),
                name="proposals_take_over_once",
                violation_error_message=_("You have offered this already."),
            ),
            models.CheckConstraint(
                condition=Q(is_accepted=False) | Q(decided_at__isnull=False),
                name="proposals_take_over_decided_once_accepted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.offered_at:%Y-%m-%d}"


class TextDraft(models.Model):
    """What a writer has not published yet: one draft a person and proposal. `seen` is the version it was begun on."""

    proposal = models.ForeignKey("proposals.Proposal", on_delete=models.CASCADE, related_name="text_drafts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen = models.PositiveIntegerField()
    title = models.CharField(max_length=120, blank=True)
    summary = models.CharField(max_length=200, blank=True)
    body = models.TextField(max_length=10_000, blank=True)
    note = models.CharField(max_length=300, blank=True)
    is_substantive = models.BooleanField(default=False)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "person"], name="proposals_text_draft_once")
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} · {self.seen}+"
