"""What a person may do for the city: the valid grants, asked once per request and kept on the person.

A grant counts while it is valid, its holder has a second factor and, where the role asks for it, their training is
current. What does not count opens nothing anywhere: no page, no action, no hidden contribution. `Roles.held` says what
would count if nothing were missing, for pages that explain.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Exists, F, Func, OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from accounts.hooks import asked_with_person
from accounts.request import ask_anew, asked
from cocreation.models.offices import RoleGrant, Training
from cocreation.training import NEED_IT, Trained, trained
from groundwork import clock
from groundwork.answer import Answer, No, Yes
from groundwork.prepared import Prepared

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Office, Process

Role = RoleGrant.Role


@dataclass(frozen=True, slots=True)
class Scope:
    """Where something is allowed. False when it is nowhere."""

    everywhere: bool = False
    offices: frozenset[int] = frozenset()
    processes: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.offices or self.processes)

    def __or__(self, other: Scope) -> Scope:
        return Scope(
            self.everywhere or other.everywhere,
            self.offices | other.offices,
            self.processes | other.processes,
        )

    def covers(self, process: Process) -> bool:
        return self.everywhere or process.pk in self.processes or process.office_id in self.offices

    def narrow(self, prefix: str = "") -> Q:
        """The same as a condition on processes, or on what has one: `narrow("process__")`. Empty where it is everywhere."""
        if self.everywhere:
            return Q()
        return Q(**{f"{prefix}pk__in": self.processes}) | Q(**{f"{prefix}office__in": self.offices})


NOWHERE = Scope()


@dataclass(frozen=True, slots=True)
class Grant:
    """A valid grant as the query gives it."""

    role: str
    office: int | None = None
    process: int | None = None
    place: int | None = None
    about: frozenset[int] = frozenset()  # the processes about the place and those below it

    @property
    def scope(self) -> Scope:
        if self.place is not None:
            return Scope(processes=self.about)
        if self.process is not None:
            return Scope(processes=frozenset({self.process}))
        return Scope(offices=frozenset({self.office})) if self.office is not None else Scope(everywhere=True)


@dataclass(frozen=True)
class Roles:
    """The roles of one person that count now. The short questions ask "anywhere?", the scopes say where."""

    grants: tuple[Grant, ...] = ()
    has_second_factor: bool = True
    training: Trained = field(default_factory=Trained)
    # The same without asking for a second factor and a training; None where nothing is missing.
    without_conditions: Roles | None = None

    @property
    def held(self) -> Roles:
        return self.without_conditions or self

    @property
    def names(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)

    @property
    def resting(self) -> list[str]:
        """Roles a person holds that do not count, because their training is missing or has run out."""
        return [role for role in Role.values if role in NEED_IT & self.held.names - self.names]

    @property
    def offices(self) -> frozenset[int]:
        """Offices they act for."""
        return frozenset(g.office for g in self.grants if g.role == Role.OFFICIAL and g.office is not None)

    def where(self, *roles: str) -> Scope:
        found = NOWHERE
        for grant in self.grants:
            if grant.role in roles:
                found |= grant.scope
        return found

    @property
    def configures(self) -> Scope:
        return self.where(Role.ADMIN, Role.OWNER)

    @property
    def moderates(self) -> Scope:
        return self.where(Role.ADMIN, Role.MODERATOR)

    @property
    def reads_drafts(self) -> Scope:
        """Whose drafts and set-up they see: those who set up, accompany or observe."""
        return self.where(Role.ADMIN, Role.OWNER, Role.FACILITATOR, Role.OBSERVER)

    @property
    def reads_hidden(self) -> Scope:
        """Where they see what moderation took off the pages: those who moderate or observe."""
        return self.where(Role.ADMIN, Role.MODERATOR, Role.OBSERVER)

    @property
    def observes(self) -> Scope:
        """Where they look on while offices work. Whoever acts for an office needs no leave to look."""
        return self.where(Role.OBSERVER)

    @property
    def may_read_work(self) -> bool:
        return self.may_assess or bool(self.observes)

    @property
    def is_staff(self) -> bool:
        return bool(self.grants)

    @property
    def is_admin(self) -> bool:
        return Role.ADMIN in self.names

    @property
    def may_configure(self) -> bool:
        return bool(self.configures)

    @property
    def may_read_drafts(self) -> bool:
        return bool(self.reads_drafts)

    @property
    def may_moderate(self) -> bool:
        return bool(self.moderates)

    @property
    def may_read_hidden(self) -> bool:
        return bool(self.reads_hidden)

    @property
    def may_assess(self) -> bool:
        return self.is_admin or Role.OFFICIAL in self.names

    @property
    def may_verify(self) -> bool:
        return self.is_admin or Role.CLERK in self.names

    def acts_for(self, office: Office | int | None) -> bool:
        """Officials act for their offices, admins for all."""
        key = office if isinstance(office, int) or office is None else office.pk
        return self.is_admin or key in self.offices


NOBODY = Roles()

_grants: Prepared[tuple[Any, ...]] = Prepared(
    lambda person, at: (
        RoleGrant.objects.valid(at)
        .filter(person=person)
        .annotate(
            about=Func(
                F("place_id"),
                function="cocreation_processes_about",
                output_field=ArrayField(BigIntegerField()),
            ),
            factor=Exists(Authenticator.objects.filter(user=OuterRef("person"))),
            trainings=ArraySubquery(
                Training.objects.standing()
                .filter(person=OuterRef("person"))
                .values(json=JSONObject(topics="topics", on="completed_on"))
            ),
        )
        .values_list("role", "office_id", "process_id", "place_id", "about", "factor", "trainings")
    ),
    person=-1,
    at=datetime.max.replace(tzinfo=UTC),
)


asked_with_person.add("grants", lambda: Exists(RoleGrant.objects.filter(person=OuterRef("pk"))))


def roles_of(person: Person | None, at: datetime | None = None) -> Roles:
    """The roles of a person that count now; nobody's for visitors. One query, kept on the person; none where the request
    knows that they were never given any."""
    if person is None or not person.is_authenticated or not person.is_active or person.is_guest:
        return NOBODY
    cached: Roles | None = getattr(person, "_roles", None)
    if cached is None:
        at = at or clock.now()
        never = asked(person, "grants") is False
        cached = NOBODY if never else roles_from(_grants(person=person.pk, at=at), at)
        person._roles = cached  # type: ignore[attr-defined]
    return cached


def roles_from(rows: Iterable[tuple[Any, ...]], at: datetime) -> Roles:
    """What rows of the query say at this moment."""
    grants, factor, reached = [], False, Trained()
    for role, office, process, place, about, has_factor, trainings in rows:
        grants.append(Grant(role, office, process, place, frozenset(about or ())))
        factor = has_factor
        reached = trained((each["topics"], date.fromisoformat(each["on"])) for each in trainings)
    if not grants:
        return NOBODY
    current = reached.is_current(at)
    counting = tuple(grant for grant in grants if factor and (current or grant.role not in NEED_IT))
    held = Roles(tuple(grants), factor, reached)
    return held if len(counting) == len(grants) else Roles(counting, factor, reached, held)


def forget_roles(person: Person) -> None:
    """Ask anew: after a grant was made or ended in this request."""
    person._roles = None  # type: ignore[attr-defined]
    ask_anew(person, "grants")


# --- questions; with a process they are about this one, without they ask "anywhere?" ---


def may_configure(
    person: Person | None, process: Process | None = None, *, office: Office | None = None
) -> Answer:
    """Set up processes: those of one's office, or all. `office` asks about a process that office is going to have."""
    scope = roles_of(person).configures
    if not scope:
        return No(_("Only the administration of the city may set up processes."))
    if process is not None and not scope.covers(process):
        return No(_("Only the office responsible for this process may set it up."))
    if office is not None and not (scope.everywhere or office.pk in scope.offices):
        return No(_("You may set up processes of your own office only."))
    return Yes()


def may_read_drafts(person: Person | None, process: Process) -> Answer:
    if roles_of(person).reads_drafts.covers(process):
        return Yes()
    return No(_("Only the office responsible for this process may set it up."))


def may_moderate(person: Person | None, process: Process | None = None) -> Answer:
    scope = roles_of(person).moderates
    if not scope:
        return No(_("Only moderators may do this."))
    if process is not None and not scope.covers(process):
        return No(_("You do not moderate this process. Ask one of its moderators."))
    return Yes()


def may_read_work(person: Person | None, process: Process) -> Answer:
    """Look at what offices assess and answer here."""
    roles = roles_of(person)
    if roles.may_assess or roles.observes.covers(process):
        return Yes()
    return No(_("You may look at the work on other processes, not on this one."))


def may_change_work(person: Person | None) -> Answer:
    """Assess and answer, and not only look on."""
    return Yes() if roles_of(person).may_assess else No(_("You may look at this, not change it."))


def may_facilitate(person: Person | None, process: Process) -> Answer:
    """Lead its conversations and meetings."""
    if roles_of(person).where(Role.ADMIN, Role.FACILITATOR).covers(process):
        return Yes()
    return No(_("Only facilitators of this process may do this."))


def may_act_for(person: Person | None, office: Office | None) -> Answer:
    if office is not None and roles_of(person).acts_for(office):
        return Yes()
    return No(_("Only the responsible office may do this."))
