"""Why, when and how: a process is a question with a line of phases; a phase is a method on a stretch of time."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    ArrayField,
    BigIntegerRangeField,
    DateTimeRangeField,
    IntegerRangeField,
    RangeBoundary,
    RangeOperators,
)
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Deferrable, F, Func, Q
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cocreation.audience import Audience
from cocreation.methods import Method, methods
from cocreation.models.offices import Office
from cocreation.models.places import Place
from cocreation.standing import standing_of
from groundwork.addresses import address
from groundwork.answer import Answer, No
from groundwork.clock import within
from groundwork.prepared import Prepared

if TYPE_CHECKING:
    from accounts.models import Person

# Phases without a date stand last.
_NEVER = datetime.max.replace(tzinfo=UTC)

HUES = [
    ("moss", _("moss")),
    ("river", _("river")),
    ("clay", _("clay")),
    ("plum", _("plum")),
    ("sun", _("sun")),
    ("violet", _("violet")),
]
PATTERNS = [
    ("river", _("river")),
    ("fields", _("fields")),
    ("roofs", _("roofs")),
    ("trees", _("trees")),
    ("streets", _("streets")),
    ("tiles", _("tiles")),
]


class Versioned(models.Model):
    """Rows several people edit at the same time: who saved last, and a number that says whether one has seen it."""

    version = models.PositiveIntegerField(default=0, db_default=0)
    changed_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        abstract = True

    def touch(self, by: Person, at: datetime) -> None:
        self.version, self.changed_by, self.changed_at = self.version + 1, by, at


class ProcessQuerySet(models.QuerySet["Process"]):
    def visible_to(self, person: Person | None) -> ProcessQuerySet:
        """Published processes; drafts and dry runs too for those who set them up, accompany or observe them; to invented
        people their own."""
        from cocreation.roles import roles_of

        if rehearsed := int(getattr(person, "rehearses", 0)):
            return self.filter(pk=rehearsed)
        drafts = roles_of(person).reads_drafts
        if drafts.everywhere:
            return self
        return self.filter(Q(published_at__isnull=False) | drafts.narrow()) if drafts else self.published()

    def published(self) -> ProcessQuerySet:
        """Dry runs are never published: what asks here (lists, search, feeds, numbers) does not know of them."""
        return self.filter(published_at__isnull=False)

    def real(self) -> ProcessQuerySet:
        """Without dry runs: for lists of those who may configure."""
        return self.filter(dry_run_of__isnull=True)


class Process(Versioned):
    """A question to the people, what is open and what is fixed, who decides and until when the answer comes."""

    class Promise(models.TextChoices):
        INFORM = "inform", _("We inform you")
        CONSULT = "consult", _("We ask for your opinion")
        INVOLVE = "involve", _("We work your concerns in")
        COLLABORATE = "collaborate", _("We develop the solution together")
        EMPOWER = "empower", _("You decide, we carry it out")

    class Identity(models.TextChoices):
        CITY = "city", _("The city confirms residents, once for all processes")
        REGISTER = "register", _("This process checks by itself: register, letters, online identity, desk")

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(_("short name"), max_length=80)
    question = models.CharField(_("question"), max_length=160, blank=True)
    lead = models.TextField(_("introduction"), max_length=500, blank=True)
    what_open = models.TextField(_("what is open"), max_length=400, blank=True)
    what_fixed = models.TextField(_("what is fixed"), max_length=400, blank=True)
    how_decided = models.TextField(_("how it is decided"), max_length=400, blank=True)
    decides = models.CharField(_("who decides"), max_length=120, blank=True)
    offline = models.TextField(_("ways to take part without the internet"), max_length=400, blank=True)
    promise = models.CharField(_("promise"), max_length=12, choices=Promise.choices, default=Promise.INVOLVE)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="processes", verbose_name=_("office")
    )
    places = models.ManyToManyField(Place, related_name="processes", verbose_name=_("places"))
    answer_by = models.DateTimeField(_("answer by"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes it takes"), default=5)
    hue = models.CharField(_("colour"), max_length=8, choices=HUES, default="moss")
    pattern = models.CharField(_("picture"), max_length=8, choices=PATTERNS, default="fields")
    recipe = models.SlugField(max_length=40, blank=True)
    source = models.CharField(max_length=200, blank=True)
    # Where it was taken over from, the oldest first: [{"city", "office", "date", "origin"}].
    attribution = models.JSONField(default=list, blank=True)
    content_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)
    identity = models.CharField(
        _("how people are checked"), max_length=8, choices=Identity.choices, default=Identity.CITY
    )
    contacts = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    # The draft that this is a dry run of. Dry runs have keys below zero, and so does whatever points at one.
    dry_run_of = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.CASCADE, related_name="dry_runs"
    )
    # When a draft is to become public by itself.
    publish_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stop_reason = models.TextField(_("reason for stopping"), max_length=600, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = ProcessQuerySet.as_manager()

    class Meta:
        verbose_name = _("process")
        constraints = [
            models.CheckConstraint(
                condition=Q(dry_run_of__isnull=True, id__gt=0)
                | Q(dry_run_of__isnull=False, id__lt=0, published_at__isnull=True),
                name="cocreation_process_dry_run_is_apart",
            ),
            models.UniqueConstraint(fields=["dry_run_of"], name="cocreation_process_one_dry_run"),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True)
                | Q(
                    stop_reason_de__gt="",
                    stop_reason_en__gt="",
                    stop_reason_de__isnull=False,
                    stop_reason_en__isnull=False,
                ),
                name="cocreation_process_stopped_with_reason",
                violation_error_message=_("Whoever stops a process says why, in both languages."),
            ),
            models.CheckConstraint(
                condition=Q(publish_at__isnull=True) | Q(published_at__isnull=True),
                name="cocreation_process_planned_or_published",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address("cocreation:process", self.slug)

    @property
    def after_cities(self) -> list[str]:
        """The cities this process was taken over from, for the sentence of thanks."""
        return list(dict.fromkeys(one["city"] for one in self.attribution))

    @property
    def is_published(self) -> bool:
        """A dry run behaves as if it were, towards the few who reach it at all; no query finds it as published."""
        return self.published_at is not None or self.is_dry_run

    @property
    def is_dry_run(self) -> bool:
        return self.dry_run_of_id is not None

    def people(self) -> models.QuerySet[Person]:
        """Everyone who could take part: people with an account; in a dry run its invented people and nobody else."""
        from accounts.models import Person

        if self.is_dry_run:
            return Person.objects.filter(dry_runs=self.pk)
        return Person.objects.filter(is_active=True, is_guest=False)

    @cached_property
    def line(self) -> list[Phase]:
        """All phases in order of time, lane by lane; one query, kept on the object."""
        if "phases" in getattr(self, "_prefetched_objects_cache", ()):
            return sorted(self.phases.all(), key=Phase.in_line)
        phases = phases_of(self.pk)
        for phase in phases:
            phase.process = self
        return phases

    def main_lane(self) -> list[Phase]:
        return [phase for phase in self.line if phase.lane == 0]

    def is_stopped(self, at: datetime) -> bool:
        return self.stopped_at is not None and self.stopped_at <= at

    def has_begun(self, at: datetime) -> bool:
        """Public, and its first phase has started: from here on scope and promise stand."""
        return self.is_published and any(phase.starts and phase.starts <= at for phase in self.line)

    @property
    def lived(self) -> list[Phase]:
        """The phases that took or take place: of a stopped process those that were over by then."""
        stopped = self.stopped_at
        return [phase for phase in self.line if phase.is_over(stopped)] if stopped else self.line

    @property
    def owed_by(self) -> datetime | None:
        """Until when the city owes its answer; a stopped process owes none."""
        return None if self.stopped_at else self.answer_by

    def open_phases(self, at: datetime) -> list[Phase]:
        """The phases under way; none of a process that was stopped."""
        return [] if self.is_stopped(at) else [phase for phase in self.line if phase.is_open(at)]

    def phase_with(self, act: str, at: datetime) -> Phase | None:
        """The open phase that switches `act` on, the main lane first."""
        return next((phase for phase in self.open_phases(at) if act in phase.acts), None)

    def allows(self, act: str, person: Person | None, at: datetime) -> Answer:
        """Whether `act` is possible anywhere in this process now. A No says when it was or will be."""
        from cocreation.words import stopped

        if not self.is_published:
            return No(_("This process is not published yet."))
        if self.is_dry_run and getattr(person, "rehearses", 0) != self.pk:
            return No(
                _("This is a dry run. Only its invented people can do something here: act as one of them.")
            )
        if self.is_stopped(at):
            return stopped(self)
        phase = self.phase_with(act, at)
        if phase is not None:
            return phase.allows(act, person, at)
        return self._when_not_now(act, at)

    def _when_not_now(self, act: str, at: datetime) -> No:
        from cocreation.words import not_open_yet, over_since

        candidates = [phase for phase in self.line if act in phase.acts]
        coming = next((p for p in candidates if p.starts and p.starts > at), None)
        if coming:
            return not_open_yet(coming)
        past = [p for p in candidates if p.ends and p.ends <= at]
        if past:
            return over_since(past[-1])
        return No(_("This is not part of this process."))


class Int8Range(Func):
    function = "int8range"
    output_field = BigIntegerRangeField()


class Int4Range(Func):
    function = "int4range"
    output_field = IntegerRangeField()


class TsTzRange(Func):
    function = "tstzrange"
    output_field = DateTimeRangeField()


class PhaseQuerySet(models.QuerySet["Phase"]):
    def open(self, at: datetime) -> PhaseQuerySet:
        """The same half-open interval as `Phase.is_open`, in SQL."""
        return self.filter(starts__lte=at).filter(Q(ends__isnull=True) | Q(ends__gt=at))

    def over(self, at: datetime) -> PhaseQuerySet:
        return self.filter(ends__lte=at)

    def of_method(self, slug: str) -> PhaseQuerySet:
        return self.filter(method=slug)

    def lived(self) -> PhaseQuerySet:
        """The same phases as `Process.lived`, in SQL."""
        return self.filter(Q(process__stopped_at__isnull=True) | Q(ends__lte=F("process__stopped_at")))

    def published(self) -> PhaseQuerySet:
        """Phases of public processes. Those of a stopped process lead nowhere any more."""
        return self.filter(process__published_at__isnull=False, process__stopped_at__isnull=True)


class Phase(Versioned):
    """A method on `[starts, ends)` in a lane. It opens and closes by the clock alone."""

    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="phases")
    key = models.SlugField(max_length=40)
    method = models.SlugField(max_length=40)
    lane = models.PositiveSmallIntegerField(default=0)
    order = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("name"), max_length=80)
    text = models.CharField(_("one sentence about it"), max_length=200, blank=True)
    starts = models.DateTimeField(_("starts"), null=True, blank=True)
    ends = models.DateTimeField(_("ends"), null=True, blank=True)
    acts = ArrayField(models.SlugField(max_length=40), default=list, blank=True)
    audience = models.JSONField(default=dict, blank=True)
    options = models.JSONField(default=dict, blank=True)

    objects = PhaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("phase")
        constraints = [
            models.UniqueConstraint(fields=["process", "key"], name="cocreation_phase_key_once"),
            models.CheckConstraint(
                condition=Q(starts__isnull=True) | Q(ends__isnull=True) | Q(starts__lt=F("ends")),
                name="cocreation_phase_starts_before_ends",
                violation_error_message=_("A phase must end after it starts."),
            ),
            # No btree_gist anywhere: equality is written as overlap of one-element ranges.
            ExclusionConstraint(
                name="cocreation_phase_lane_no_overlap",
                expressions=[
                    (Int8Range("process", "process", RangeBoundary(True, True)), RangeOperators.OVERLAPS),
                    (Int4Range("lane", "lane", RangeBoundary(True, True)), RangeOperators.OVERLAPS),
                    (TsTzRange("starts", "ends", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                condition=Q(starts__isnull=False, ends__isnull=False),
                deferrable=Deferrable.IMMEDIATE,
                violation_error_message=_("Phases of one lane must not overlap."),
                violation_error_code="phase_overlap",
            ),
        ]
        indexes = [models.Index(fields=["starts", "ends"], name="cocreation_phase_time")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        # Without this the exclusion constraint evaluates a range that ends before it starts: a DataError, not a message.
        if self.starts and self.ends and self.ends <= self.starts:
            raise ValidationError({"ends": _("A phase must end after it starts.")})

    @property
    def kind(self) -> Method:
        return methods.get(self.method)

    @property
    def opts(self) -> Any:
        """The method's options as its dataclass; unknown keys of an older version are dropped, missing ones default."""
        return self.kind.read_options(self.options)

    def set_opts(self, options: Any) -> None:
        self.options = {"version": self.kind.options_version} | jsonable(asdict(options))

    def in_line(self) -> tuple[int, int, datetime]:
        """What phases are sorted by: lane by lane, in order of time."""
        return self.lane, self.order, self.starts or _NEVER

    def is_open(self, at: datetime) -> bool:
        return within(at, self.starts, self.ends)

    def is_over(self, at: datetime) -> bool:
        return self.ends is not None and self.ends <= at

    def is_ahead(self, at: datetime) -> bool:
        return self.starts is None or at < self.starts

    def audience_of(self, act: str) -> Audience:
        return Audience.read(self.audience.get(act) or self.kind.default_audience(act))

    def allows(self, act: str, person: Person | None, at: datetime) -> Answer:
        """The only question rooms ask the hall: may this person do this act in this phase at this moment?"""
        from cocreation.words import not_open_yet, over_since, stopped

        if self.process_id < 0 and getattr(person, "rehearses", 0) != self.process_id:
            return No(
                _("This is a dry run. Only its invented people can do something here: act as one of them.")
            )
        if self.process.is_stopped(at):
            return stopped(self.process)
        if act not in self.acts:
            return No(_("This is not possible in this phase."))
        if self.is_ahead(at):
            return not_open_yet(self)
        if self.is_over(at):
            return over_since(self)
        return self.audience_of(act).admits(standing_of(person, self.process, at))


def jsonable(options: dict[str, Any]) -> dict[str, Any]:
    """Options as JSON stores them: tuples become lists, amounts and the like become text."""
    plain = (bool, int, float, list, dict, type(None))
    return {
        key: list(value) if isinstance(value, tuple) else value if isinstance(value, plain) else str(value)
        for key, value in options.items()
    }


_phases: Prepared[Phase] = Prepared(lambda process: Phase.objects.filter(process=process), process=-1)


def phases_of(process: int) -> list[Phase]:
    """All phases of the process of this key in order of time, lane by lane. One query."""
    return sorted(_phases(process=process), key=Phase.in_line)


class RemovedPhase(models.Model):
    """A phase that was taken out of a draft, as it was: so that taking out can be undone."""

    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="removed_phases")
    name = models.CharField(max_length=80, blank=True)
    stored = models.JSONField()
    removed_at = models.DateTimeField()
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("removed phase")
        ordering = ["-removed_at", "-pk"]

    def __str__(self) -> str:
        """Its name in the reader's language, where it had one."""
        return str(self.stored.get(f"name_{get_language()}") or self.name)
