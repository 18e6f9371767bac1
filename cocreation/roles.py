"""What a person may do for the city: the valid grants, asked once per request and kept on the person."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from cocreation.models.offices import RoleGrant
from groundwork import clock
from groundwork.answer import Answer, No, Yes
from groundwork.prepared import Prepared

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Office, Process

Role = RoleGrant.Role


@dataclass(frozen=True)
class Roles:
    """The valid roles of one person. `offices` are the keys of offices they act for."""

    names: frozenset[str] = frozenset()
    offices: frozenset[int] = frozenset()
    processes: dict[int, frozenset[str]] = field(default_factory=dict)

    @property
    def is_staff(self) -> bool:
        return bool(self.names)

    @property
    def is_admin(self) -> bool:
        return Role.ADMIN in self.names

    @property
    def may_configure(self) -> bool:
        return self.is_admin

    @property
    def may_moderate(self) -> bool:
        return self.is_admin or Role.MODERATOR in self.names

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

_grants: Prepared[tuple[str, int | None, int | None]] = Prepared(
    lambda person, at: (
        RoleGrant.objects.valid(at).filter(person=person).values_list("role", "office_id", "process_id")
    ),
    person=-1,
    at=datetime.max.replace(tzinfo=UTC),
)


def roles_of(person: Person | None, at: datetime | None = None) -> Roles:
    """The roles of a person now; nobody's for visitors. Roles without a second factor do not count (see `staff_ready`)."""
    if person is None or not person.is_authenticated or not person.is_active:
        return NOBODY
    cached: Roles | None = getattr(person, "_roles", None)
    if cached is None:
        grants = _grants(person=person.pk, at=at or clock.now())
        everywhere = [g for g in grants if g[2] is None]
        cached = Roles(
            names=frozenset(role for role, _office, _process in everywhere),
            offices=frozenset(office for _role, office, _process in everywhere if office),
        )
        person._roles = cached  # type: ignore[attr-defined]
    return cached


def may_configure(person: Person | None) -> Answer:
    if roles_of(person).may_configure:
        return Yes()
    return No(_("Only the administration of the city may set up processes."))


def may_moderate(person: Person | None) -> Answer:
    if roles_of(person).may_moderate:
        return Yes()
    return No(_("Only moderators may do this."))


def may_act_for(person: Person | None, office: Office | None) -> Answer:
    if office is not None and roles_of(person).acts_for(office):
        return Yes()
    return No(_("Only the responsible office may do this."))


def people_who_may_moderate(process: Process | None = None) -> list[int]:
    """The inverse, for notices and queues: keys of people with the role now."""
    return list(
        RoleGrant.objects.valid(clock.now())
        .filter(role__in=[Role.ADMIN, Role.MODERATOR])
        .values_list("person_id", flat=True)
        .distinct()
    )
