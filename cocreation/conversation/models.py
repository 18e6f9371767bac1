"""Comments with their wordings, who found them helpful, and the summaries that stand on top of a conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cocreation.models import Contribution, Office, Phase, Process

if TYPE_CHECKING:
    from accounts.models import Person

LONGEST = 3_000

# A conversation is on a contribution or in a phase, never on both and never on nothing.
ONE_THING = Q(on__isnull=False, phase__isnull=True) | Q(on__isnull=True, phase__isnull=False)


SHOWN_OF_CONTRIBUTION = (
    "author_id", "organisation_id", "language", "created_at", "hidden_at", "held_at", "withdrawn_at", "erased_at",
)  # fmt: skip


class Stance(models.TextChoices):
    FOR = "for", _("For")
    AGAINST = "against", _("Against")
    QUESTION = "question", _("Question")


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, person: Person | None) -> CommentQuerySet:
        """Starts from the contributions' rule: whoever may see the comment and what it is about."""
        seen = Contribution.objects.visible_to(person).values("pk")
        return self.filter(Q(on__isnull=True) | Q(on__in=seen), contribution__in=seen)

    def public(self) -> CommentQuerySet:
        """What anybody sees: for lists, counts, panels and feeds. What is said about a hidden thing is hidden with it."""
        return self.filter(
            Q(on__isnull=True) | Q(on_is_public=True), is_public=True, process__published_at__isnull=False
        )

    def threads(self) -> CommentQuerySet:
        """What opened a thread: public, or gone while public replies to it remain. Of one conversation."""
        answered = Comment.objects.filter(parent=OuterRef("pk"), is_public=True)
        return self.filter(Q(is_public=True) | Exists(answered), parent__isnull=True)

    def with_people(self) -> CommentQuerySet:
        return self.select_related("contribution__author", "contribution__organisation", "office")

    def as_shown(self) -> CommentQuerySet:
        """Only what a page of comments draws: four whole rows for every comment cost more than drawing it."""
        return self.with_people().only(
            *(field.attname for field in Comment._meta.concrete_fields if field.attname != "office_id"),
            *(f"contribution__{name}" for name in SHOWN_OF_CONTRIBUTION),
            "contribution__author__public_name",
            "contribution__organisation__name",
            "contribution__organisation__kind",
            "office",
        )

    def with_own(self, person: Person | None) -> CommentQuerySet:
        """With `is_helpful_to_me`, in the same query."""
        if person is None or not person.is_authenticated:
            return self.annotate(is_helpful_to_me=Value(False))
        mine = Helpful.objects.filter(comment=OuterRef("pk"), person=person)
        return self.annotate(is_helpful_to_me=Exists(mine))


class Comment(models.Model):
    """Something somebody said. A reply hangs on the comment that opened the thread: there is one level."""

    contribution = models.OneToOneField(
        Contribution, primary_key=True, on_delete=models.CASCADE, related_name="comment", db_constraint=False
    )
    # Copies of the contribution's columns under one composite foreign key (migration 0002): lists need no join.
    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="comments")
    is_public = models.BooleanField(default=False, editable=False)
    receipt = models.CharField(max_length=16, unique=True, editable=False)
    on = models.ForeignKey(
        Contribution,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="comments_on",
        db_constraint=False,
    )
    # Likewise a copy, of what is spoken about: when that is hidden, so is what was said about it.
    on_is_public = models.BooleanField(null=True, editable=False)
    phase = models.ForeignKey(Phase, null=True, blank=True, on_delete=models.PROTECT, related_name="comments")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="replies"
    )
    stance = models.CharField(_("stance"), max_length=8, choices=Stance.choices, blank=True)
    paragraph = models.PositiveSmallIntegerField(_("paragraph"), null=True, blank=True)
    text = models.TextField(_("comment"), max_length=LONGEST, validators=[MaxLengthValidator(LONGEST)])
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    helpful = models.PositiveIntegerField(default=0, editable=False)
    edited_at = models.DateTimeField(null=True, blank=True)
    pinned_at = models.DateTimeField(null=True, blank=True)

    is_helpful_to_me: bool

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        constraints = [
            models.CheckConstraint(
                name="conversation_comment_one_thing",
                condition=Q(on__isnull=False, on_is_public__isnull=False, phase__isnull=True)
                | Q(on__isnull=True, on_is_public__isnull=True, phase__isnull=False),
            ),
            models.CheckConstraint(
                name="conversation_comment_reply_is_plain",
                condition=Q(parent__isnull=True) | Q(stance="", paragraph__isnull=True),
            ),
            models.CheckConstraint(
                name="conversation_comment_stance_known",
                condition=Q(stance__in=["", *Stance.values]),
            ),
            models.CheckConstraint(
                name="conversation_comment_paragraph_of_text",
                condition=Q(paragraph__isnull=True) | Q(phase__isnull=False, paragraph__gte=1),
            ),
            models.CheckConstraint(
                name="conversation_comment_only_the_city_pins",
                condition=Q(pinned_at__isnull=True) | Q(office__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["phase", "-contribution"],
                name="conversation_of_phase",
                condition=Q(parent__isnull=True),
            ),
            models.Index(
                fields=["on", "-contribution"], name="conversation_of_thing", condition=Q(parent__isnull=True)
            ),
            models.Index(
                fields=["phase", "-helpful", "-contribution"],
                name="conversation_phase_helpful",
                condition=Q(parent__isnull=True),
            ),
            models.Index(
                fields=["on", "-helpful", "-contribution"],
                name="conversation_thing_helpful",
                condition=Q(parent__isnull=True),
            ),
            models.Index(
                fields=["on", "-pinned_at"], name="conversation_on_top", condition=Q(pinned_at__isnull=False)
            ),
            # What the numbers over a conversation need, and nothing else: five thousand rows are counted on a few pages.
            models.Index(
                fields=["on", "parent", "stance"],
                name="conversation_thing_counts",
                condition=Q(is_public=True, on__isnull=False),
            ),
            models.Index(
                fields=["phase", "parent", "stance"],
                name="conversation_phase_counts",
                condition=Q(is_public=True, phase__isnull=False),
            ),
            models.Index(
                fields=["process", "-contribution"],
                name="conversation_newest",
                condition=Q(is_public=True),
            ),
        ]

    def __str__(self) -> str:
        return self.receipt

    def get_absolute_url(self) -> str:
        return reverse("conversation:comment", args=[self.receipt])


class CommentRevision(models.Model):
    """A wording. Never changed; a new one takes its place, and the page says so."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveSmallIntegerField(default=1)
    text = models.TextField(max_length=LONGEST)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "number"], name="conversation_revision_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} · {self.number}"


class Helpful(models.Model):
    """A row, not a number: one person found one comment helpful, once."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="helpful_rows")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "person"],
                name="conversation_helpful_once_per_person",
                violation_error_message=_("You find this helpful already."),
            ),
        ]
        indexes = [models.Index(fields=["person", "comment"], name="conversation_helpful_mine")]

    def __str__(self) -> str:
        return f"{self.person_id} finds {self.comment_id} helpful"


class Summary(models.Model):
    """What was said so far, in the words of those who lead the conversation. The one that `closes` is its conclusion."""

    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="+")
    on = models.ForeignKey(
        Contribution, null=True, blank=True, on_delete=models.CASCADE, related_name="summaries"
    )
    phase = models.ForeignKey(
        Phase, null=True, blank=True, on_delete=models.CASCADE, related_name="summaries"
    )
    text = models.TextField(_("summary"), max_length=LONGEST)
    closes = models.BooleanField(_("closes the conversation"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="conversation_summary_one_thing", condition=ONE_THING),
            models.UniqueConstraint(
                fields=["phase"],
                condition=Q(closes=True, phase__isnull=False),
                name="conversation_concluded_once_phase",
                violation_error_message=_("This conversation has its conclusion already."),
            ),
            models.UniqueConstraint(
                fields=["on"],
                condition=Q(closes=True, on__isnull=False),
                name="conversation_concluded_once_thing",
                violation_error_message=_("This conversation has its conclusion already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.process_id} · {self.pk}"
