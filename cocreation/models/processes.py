"""Why, when and how: a process is a question with a line of phases; a phase is a method on a stretch of time."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
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
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cocreation.audience import Audience
from cocreation.methods import Method, methods
from cocreation.models.offices import Office
from cocreation.models.places import Place
from cocreation.standing import standing_of
from groundwork.answer import Answer, No
from groundwork.clock import within
from groundwork.prepared import Prepared

if TYPE_CHECKING:
    from accounts.models import Person

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


class ProcessQuerySet(models.QuerySet["Process"]):
    def visible_to(self, person: Person | None) -> ProcessQuerySet:
        """Published processes; drafts too for those who may configure them."""
        from cocreation.roles import roles_of

        if person is not None and person.is_authenticated and roles_of(person).may_configure:
            return self
        return self.filter(published_at__isnull=False)

    def published(self) -> ProcessQuerySet:
        return self.filter(published_at__isnull=False)


class Process(models.Model):
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

    objects = ProcessQuerySet.as_manager()

    class Meta:
        verbose_name = _("process")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("cocreation:process", args=[self.slug])

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @cached_property
    def line(self) -> list[Phase]:
        """All phases in order of time, lane by lane; one query, kept on the object."""
        if "phases" in getattr(self, "_prefetched_objects_cache", ()):
            phases = list(self.phases.all())
        else:
            phases = _phases(process=self.pk)
            for phase in phases:
                phase.process = self
        return sorted(phases, key=lambda p: (p.lane, p.order, p.starts or datetime.max.astimezone()))

    def main_lane(self) -> list[Phase]:
        return [phase for phase in self.line if phase.lane == 0]

    def open_phases(self, at: datetime) -> list[Phase]:
        return [phase for phase in self.line if phase.is_open(at)]

    def phase_with(self, act: str, at: datetime) -> Phase | None:
        """The open phase that switches `act` on, the main lane first."""
        return next((phase for phase in self.open_phases(at) if act in phase.acts), None)

    def allows(self, act: str, person: Person | None, at: datetime) -> Answer:
        """Whether `act` is possible anywhere in this process now. A No says when it was or will be."""
        if not self.is_published:
            return No(_("This process is not published yet."))
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

    def published(self) -> PhaseQuerySet:
        return self.filter(process__published_at__isnull=False)


class Phase(models.Model):
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
        from cocreation.words import not_open_yet, over_since

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
