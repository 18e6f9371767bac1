"""What is known of somebody in one process, asked only as far as an audience needs it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from accounts.models import Membership, Person, Verification
from groundwork.prepared import Prepared

if TYPE_CHECKING:
    from cocreation.models import Eligibility, Process


_checked: Prepared[tuple[str, str]] = Prepared(
    lambda person, at: (
        Verification.objects.valid(at).filter(person=person).values_list("residence", "age_band")
    ),
    person=-1,
    at=datetime.max.replace(tzinfo=UTC),
)


class Standing:
    """One person (or visitor) in one process. Every question costs at most one query, and none the second time."""

    def __init__(self, person: Person | None, process: Process, at: datetime) -> None:
        known = person is not None and person.is_authenticated and person.is_active
        self.person = person if known else None
        self.process = process
        self.at = at

    @property
    def signed_in(self) -> bool:
        return self.person is not None

    @property
    def confirmed(self) -> bool:
        """An account with a confirmed address; somebody who takes part without an account has none."""
        return self.person is not None and not self.person.is_guest

    @property
    def needs_account(self) -> bool:
        """Where the city confirms residents, it confirms accounts: who takes part without one needs that first."""
        return not self.confirmed and self.process.identity == self.process.Identity.CITY

    @property
    def identify_url(self) -> str:
        """Where this process says how to confirm who one is."""
        if self.process.identity == self.process.Identity.REGISTER:
            return self.process.get_absolute_url() + "identify/"
        return "accounts:verifications"

    @property
    def code_url(self) -> str:
        """Where the code of an invitation is typed in, however else the process checks."""
        return self.process.get_absolute_url() + "identify/"

    @cached_property
    def entry(self) -> Eligibility | None:
        """The entry of this process that this person claimed."""
        if self.person is None:
            return None
        return self.person.eligibilities.filter(process=self.process, revoked_at__isnull=True).first()

    @cached_property
    def _check(self) -> tuple[str, str] | None:
        """(residence, age band) as somebody checked them."""
        if self.process.identity == self.process.Identity.REGISTER:
            return (self.entry.residence, self.entry.age_band) if self.entry else None
        if self.person is None or self.person.is_guest:
            return None
        return _checked.first(person=self.person.pk, at=self.at)

    @property
    def checked(self) -> bool:
        return self._check is not None

    @property
    def residence(self) -> str:
        return self._check[0] if self._check else ""

    @property
    def age_band(self) -> str:
        return self._check[1] if self._check else ""

    @property
    def invited(self) -> bool:
        return self.entry is not None and self.entry.invited

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of organisations this person speaks for."""
        if self.person is None:
            return frozenset()
        mine = Membership.objects.confirmed().filter(person=self.person)
        return frozenset(mine.values_list("organisation__kind", flat=True))

    @cached_property
    def groups(self) -> frozenset[str]:
        if self.person is None:
            return frozenset()
        mine = self.person.group_memberships.filter(ended_at__isnull=True)
        return frozenset(mine.values_list("group__slug", flat=True))


def standing_of(person: Person | None, process: Process, at: datetime) -> Standing:
    """The standing of a person in a process, kept on the person for this request."""
    if person is None or not person.is_authenticated:
        return Standing(None, process, at)
    kept: dict[Any, Standing] = person.__dict__.setdefault("_standings", {})
    found = kept.get(process.pk)
    if found is None:
        found = kept[process.pk] = Standing(person, process, at)
    return found


def city_checks(at: datetime, **conditions: Any) -> Q:
    """People whose residence the city confirmed, valid now: a condition on Person."""
    return Q(pk__in=Verification.objects.valid(at).filter(**conditions).values("person"))


def forget_standings(person: Person) -> None:
    """After something about the person was checked, claimed or joined within this request."""
    person.__dict__.pop("_standings", None)


class GuestToBe(Standing):
    """Somebody who is about to take part without an account, and without an entry of the process."""

    def __init__(self, process: Process, at: datetime) -> None:
        super().__init__(Person(is_guest=True), process, at)

    entry = None  # type: ignore[assignment]
    kinds = frozenset()  # type: ignore[assignment]
    groups = frozenset()  # type: ignore[assignment]
