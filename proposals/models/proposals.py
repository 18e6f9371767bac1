"""Proposals, their immutable revisions, supports, assessments and the moves along their line."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce, JSONObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cocreation.models import Attachment, Contribution, Follow, Office, Place, Process
from cocreation.models.processes import HUES, PATTERNS
from cocreation.panels import stories as contribution_stories
from cocreation.pictures import COLUMNS
from groundwork.addresses import address
from proposals.models.hands import Authorship
from proposals.stories import stories

if TYPE_CHECKING:
    from accounts.models import Person
    from proposals.models.assessments import Assessment


class Stage(models.TextChoices):
    """Where a proposal stands on its line."""

    DRAFT = "draft", _("Draft")
    RECEIVED = "received", _("Received")
    FEASIBLE = "feasible", _("Feasible")
    NOT_FEASIBLE = "not_feasible", _("Not feasible")
    ON_BALLOT = "on_ballot", _("On the ballot")
    CHOSEN = "chosen", _("Chosen")
    NOT_CHOSEN = "not_chosen", _("Not chosen")
    ANSWERED = "answered", _("Answered")
    PROMISED = "promised", _("Promised")
    UNDER_WAY = "under_way", _("Under way")
    DELIVERED = "delivered", _("Delivered")
    EVALUATED = "evaluated", _("Evaluated")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    MERGED = "merged", _("Merged into another")


PERSON = "person"  # what `Proposal.author_kind` says where no organisation stands behind it
ANSWERED = (Stage.ANSWERED, Stage.PROMISED, Stage.UNDER_WAY, Stage.DELIVERED, Stage.EVALUATED)


class Theme(models.TextChoices):
    GREEN = "green", _("Green and water")
    MOBILITY = "mobility", _("Getting around")
    MEETING = "meeting", _("Meeting")
    YOUTH = "youth", _("Children and youth")
    CULTURE = "culture", _("Culture")
    CLIMATE = "climate", _("Climate")


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, person: Person | None, *, process: Process | None = None) -> ProposalQuerySet:
        """Starts from the contributions' rule. With a `process` whose visibility was asked already, no join is needed:
        the copied `is_public` is kept true by a composite foreign key."""
        from cocreation.roles import roles_of

        if process is not None and process.is_published:
            mine = (
                Q(pk__in=Contribution.objects.filter(author=person, process=process).values("pk"))
                if _known(person)
                else Q()
            )
            if _known(person) and roles_of(person).reads_hidden.covers(process):
                return self.filter(process=process).filter(
                    Q(is_public=True)
                    | mine
                    | Q(contribution__published_at__isnull=False, contribution__erased_at__isnull=True)
                )
            return self.filter(Q(process=process) & (Q(is_public=True) | mine if mine else Q(is_public=True)))
        return self.filter(contribution__in=Contribution.objects.visible_to(person))

    def public(self, process: Process | None = None) -> ProposalQuerySet:
        """What anybody sees: for lists, counts, feeds and search. Own drafts are added where they belong, never counted."""
        if process is not None and not process.is_published:
            return self.none()
        narrow = Q(process=process) if process is not None else Q(process__published_at__isnull=False)
        return self.filter(narrow, is_public=True).without_vector()

    def without_vector(self) -> ProposalQuerySet:
        """Without the words to search by: two kilobytes a row that only the database reads."""
        return self.defer("search")

    def with_author(self) -> ProposalQuerySet:
        return self.select_related("contribution__author", "contribution__organisation", "place")

    def with_story(self) -> ProposalQuerySet:
        """With the newest revision, the moves and the assessments, in the same query: `newest`, `told_moves`, `findings`, `story_files`."""

        def as_json(rows: models.QuerySet[Any], *fields: str, **more: Any) -> models.QuerySet[Any]:
            return rows.values(row=JSONObject(**{name: name for name in fields}, **more))

        newest = Revision.objects.filter(proposal=OuterRef("pk")).order_by("-number")
        moves = StageMove.objects.filter(proposal=OuterRef("pk")).order_by("at", "id")
        # Not through the manager of translated models, which asks for columns of its own beside ours.
        from proposals.models.assessments import Assessment

        found: models.QuerySet[Assessment] = (
            models.QuerySet(Assessment)
            .filter(proposal=OuterRef("pk"), replaced_at__isnull=True)
            .order_by("-at")
        )
        # As text: JSON would make them floating point numbers.
        costs: dict[str, Any] = {f"as_text_{name}": Cast(name, models.TextField()) for name in _COSTS}
        costs["duplicate"] = F("duplicate_of__receipt")
        hands = Authorship.objects.standing().filter(proposal=OuterRef("pk")).order_by("id")
        gone = Authorship.objects.filter(proposal=OuterRef("pk"), accepted_at__isnull=False)
        names = {"public_name": F("person__public_name")}
        beside = Attachment.objects.filter(contribution=OuterRef("pk")).order_by("order", "id")
        return self.annotate(
            story_text=Subquery(as_json(newest, *_TEXT)[:1]),
            story_moves=ArraySubquery(as_json(moves, *_MOVE)),
            story_findings=ArraySubquery(as_json(found, *_FINDING, **costs)),
            story_hands=ArraySubquery(as_json(hands, *_HAND, **names)),
            story_files=ArraySubquery(as_json(beside, *COLUMNS)),
            story_orphan=Exists(gone) & ~Exists(hands.writing()),
            holds_others=Exists(Proposal.objects.filter(lives_in=OuterRef("pk"))),
            **{f"story_{slug}": stories.get(slug)() for slug in stories.slugs()},
            **contribution_stories(),
        )

    def with_own(self, person: Person | None) -> ProposalQuerySet:
        """With what a person has to do with it: `is_supported`, `is_followed`, and `has_changed` where the authors asked
        supporters to think again after this person did. In the same query."""
        if person is None or not person.is_authenticated:
            return self.annotate(
                is_supported=Value(False), is_followed=Value(False), has_changed=Value(False)
            )
        said = Coalesce(OuterRef("renewed_at"), OuterRef("at"))
        asked = Revision.objects.filter(proposal=OuterRef("proposal"), is_substantive=True, at__gt=said)
        return self.annotate(
            is_supported=Exists(Support.objects.filter(proposal=OuterRef("pk"), person=person)),
            is_followed=Exists(Follow.objects.filter(contribution=OuterRef("pk"), person=person)),
            has_changed=Exists(Support.objects.filter(Exists(asked), proposal=OuterRef("pk"), person=person)),
        )

    def at_stage(self, *stages: str) -> ProposalQuerySet:
        return self.filter(stage__in=stages)

    def supported_by(self, person: Person) -> ProposalQuerySet:
        return self.filter(supports_rows__person=person)


_HAND = ("person_id", "organisation_id", "role", "accepted_at")
_TEXT = ("number", "title", "summary", "body", "language", "translations", "at")
_MOVE = ("stage", "at", "office_id", "detail", "data")
_FINDING = (
    "office_id", "verdict", "reason_de", "reason_en", "way_on_de", "way_on_en", "at", "estimate", "competence", "body",
    "permit", "implementer_id", "year", "reason_code", "revision", "correction",
)  # fmt: skip
_COSTS = ("cost", "cost_from", "ballot_cost", "yearly_cost")


def _known(person: Person | None) -> bool:
    return person is not None and person.is_authenticated


class Proposal(models.Model):
    """One noun, one page, one address for life."""

    contribution = models.OneToOneField(
        Contribution, primary_key=True, on_delete=models.CASCADE, related_name="proposal", db_constraint=False
    )
    # Copies of the contribution's columns under one composite foreign key (migration 0001): lists need no join.
    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="proposals")
    is_public = models.BooleanField(default=False, editable=False)
    receipt = models.CharField(max_length=16, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=120)
    summary = models.CharField(_("in one sentence"), max_length=200)
    language = models.CharField(max_length=5, default="de")
    # {"en": {"title": …, "summary": …}}: what cards show to readers of another language.
    translations = models.JSONField(default=dict, blank=True)
    theme = models.CharField(_("theme"), max_length=10, choices=Theme.choices)
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, related_name="proposals", verbose_name=_("place")
    )
    location = models.CharField(_("where exactly"), max_length=160, blank=True)
    map_x = models.FloatField(null=True, blank=True)
    map_y = models.FloatField(null=True, blank=True)
    hue = models.CharField(max_length=8, choices=HUES, default="moss")
    pattern = models.CharField(max_length=8, choices=PATTERNS, default="fields")
    stage = models.CharField(max_length=14, choices=Stage.choices, default=Stage.DRAFT)
    # The proposal it became a part of. Its number and its addresses lead there.
    lives_in = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="joined"
    )
    cost = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    supports = models.PositiveIntegerField(default=0, editable=False)
    # Of these, how many were counted in the city the process came from: nobody here knows whose they are.
    supports_taken_over = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    comments = models.PositiveIntegerField(default=0, editable=False)
    # Fair exposure: a place in the default order that is drawn anew every day (proposals/exposure.py).
    exposure = models.FloatField(default=0, editable=False)
    # How often lists showed it in the days the order of today looks back on (proposals/exposure.py).
    shown = models.PositiveIntegerField(default=0, editable=False)
    search = SearchVectorField(null=True, editable=False)
    # What lists filter by: a person or the kind of the organisation that wrote it; whether the city has answered; whether
    # its writers look for more hands, or nobody looks after it any more.
    author_kind = models.CharField(max_length=30, default=PERSON, editable=False)
    is_answered = models.BooleanField(default=False, editable=False)
    seeks_coauthors = models.BooleanField(_("looking for co-authors"), default=False)

    # What `with_story` and `with_own` add.
    story_text: dict[str, Any] | None
    story_moves: list[dict[str, Any]]
    story_findings: list[dict[str, Any]]
    story_hands: list[dict[str, Any]]
    story_files: list[dict[str, Any]]
    story_orphan: bool
    holds_others: bool
    is_supported: bool
    is_followed: bool
    has_changed: bool

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        constraints = [
            models.CheckConstraint(
                condition=Q(cost__isnull=True) | Q(cost__gte=0), name="proposals_proposal_cost_not_negative"
            ),
            # What lives on somewhere is in no list, and a proposal is no part of itself.
            models.CheckConstraint(
                condition=Q(lives_in__isnull=True)
                | Q(stage="merged", is_public=False) & ~Q(lives_in=F("contribution")),
                name="proposals_proposal_lives_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["process", "-supports", "-contribution"],
                name="proposals_by_support",
                condition=Q(is_public=True),
            ),
            models.Index(
                fields=["process", "exposure", "contribution"],
                name="proposals_by_exposure",
                condition=Q(is_public=True),
            ),
            models.Index(
                fields=["process", "place", "exposure", "contribution"],
                name="proposals_place_by_exposure",
                condition=Q(is_public=True),
            ),
            models.Index(
                fields=["process", "-contribution"], name="proposals_newest", condition=Q(is_public=True)
            ),
            models.Index(
                fields=["process", "place", "theme", "-contribution"],
                name="proposals_filtered",
                condition=Q(is_public=True),
            ),
            models.Index(
                fields=["exposure", "contribution"],
                name="proposals_all_exposure",
                condition=Q(is_public=True),
            ),
            models.Index(
                fields=["-supports", "-contribution"],
                name="proposals_all_support",
                condition=Q(is_public=True),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address("proposals:proposal", self.receipt)

    @property
    def newest(self) -> Revision | None:
        """The text as it stands: of `with_story`, or asked for."""
        if not hasattr(self, "story_text"):
            return self.revisions.order_by("-number").first()
        if not self.story_text:
            return None
        at = datetime.fromisoformat(self.story_text["at"])
        return Revision(proposal_id=self.pk, **(self.story_text | {"at": at}))

    @property
    def told_moves(self) -> list[StageMove]:
        """The moves of `with_story`, oldest first; without the person behind each."""
        return [
            StageMove(proposal_id=self.pk, **(move | {"at": datetime.fromisoformat(move["at"])}))
            for move in self.story_moves
        ]

    @property
    def findings(self) -> list[Assessment]:
        """The assessments of `with_story` that stand, newest first; each with the receipt of a `duplicate`."""
        from proposals.models.assessments import Assessment

        told = []
        for row in self.story_findings:
            found = dict(row)
            costs = {name: _decimal(found.pop(f"as_text_{name}")) for name in _COSTS}
            duplicate, at = found.pop("duplicate"), datetime.fromisoformat(found.pop("at"))
            each = Assessment(proposal_id=self.pk, at=at, **costs, **found)
            each.duplicate = duplicate  # type: ignore[attr-defined]
            told.append(each)
        return told

    def in_language(self, name: str, language: str | None = None) -> str:
        """`title` or `summary` in the reader's language where a translation exists, else in its own."""
        language = language or get_language() or self.language
        if language == self.language:
            return str(getattr(self, name))
        return str(self.translations.get(language, {}).get(name) or getattr(self, name))

    def text_language(self, language: str | None = None) -> str:
        """The language `in_language` really answers in, for the `lang` attribute."""
        language = language or get_language() or self.language
        return language if language == self.language or language in self.translations else self.language


def _decimal(text: str | None) -> Decimal | None:
    return Decimal(text) if text is not None else None


class Revision(models.Model):
    """A version of the text. Never changed; a new one takes its place."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=200)
    body = models.TextField(max_length=10_000)
    language = models.CharField(max_length=5, default="de")
    # {"en": {"title": …, "summary": …, "body": …, "by": "human"}}
    translations = models.JSONField(default=dict, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    # What was changed and why, in the writer's words, and whether supporters should think again: the writer says so.
    note = models.CharField(max_length=300, blank=True)
    is_substantive = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="proposals_revision_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} · {self.number}"

    def text(self, language: str) -> tuple[dict[str, Any], str]:
        """Title, summary and body for a reader of `language`, and the language they are really in."""
        if language != self.language and language in self.translations:
            return self.translations[language], language
        return {"title": self.title, "summary": self.summary, "body": self.body}, self.language


class Support(models.Model):
    """A row, not a number: one person, one proposal, once."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="supports_rows")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="supports")
    at = models.DateTimeField()
    # When somebody said that they still support it, after a substantive change.
    renewed_at = models.DateTimeField(null=True, blank=True)
    # The proposal this support came from, where several became one; None for whoever pressed the button here.
    via = models.ForeignKey(Proposal, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "person"],
                name="proposals_support_once_per_person",
                violation_error_message=_("You support this proposal already."),
            ),
        ]
        indexes = [models.Index(fields=["person", "proposal"], name="proposals_support_mine")]

    def __str__(self) -> str:
        return f"{self.person_id} supports {self.proposal_id}"


class StageMove(models.Model):
    """One step on the line: who moved the proposal where, when and why. `detail` is one short fact in both languages."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="moves")
    stage = models.CharField(max_length=14, choices=Stage.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    detail = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["proposal", "at"], name="proposals_moves")]

    def __str__(self) -> str:
        return f"{self.proposal_id} → {self.stage}"


class ListCount(models.Model):
    """How many public proposals of a process lie in one cell of what lists filter by: what stands beside the filters.

    The database appends +1 or -1 for every change of a proposal (migrations 0003, 0007), in the transaction of that change:
    nobody waits for a counter and no count can be wrong. `fold_counts` adds the lines of a cell up once a minute.
    """

    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    theme = models.CharField(max_length=10)
    stage = models.CharField(max_length=14)
    author_kind = models.CharField(max_length=30, default=PERSON)
    is_answered = models.BooleanField(default=False)
    seeks_coauthors = models.BooleanField(default=False)
    n = models.IntegerField()

    class Meta:
        indexes = [
            models.Index(
                fields=[
                    "process",
                    "place",
                    "theme",
                    "stage",
                    "author_kind",
                    "is_answered",
                    "seeks_coauthors",
                ],
                include=["n"],
                name="proposals_count_all_cells",
            )
        ]

    def __str__(self) -> str:
        return f"{self.process_id} {self.place_id} {self.theme} {self.stage}: {self.n}"
