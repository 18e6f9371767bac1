"""Who may do an act, as data: conditions that must all hold, and ways of which one is enough.

{"level": "verified", "places": ["lindach"]}                        lives in Lindach, address confirmed
{"age": {"from": 14, "to": 21}, "group": "youth-council"}           both must hold
{"any": [{"level": "verified"}, {"organisations": ["company"]}]}    one of them is enough
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.ages import bands
from accounts.models import Organisation
from cocreation.placetree import names_of, with_all_below
from groundwork.answer import Answer, No, Words, Yes, late

if TYPE_CHECKING:
    from cocreation.models import Process
    from cocreation.standing import Standing

LEVELS: dict[str, Words] = {
    "anyone": _("everyone, without an account"),
    "confirmed": _("everyone with a confirmed e-mail address"),
    "verified": _("residents whose address is confirmed"),
}
_ORDER = ("anyone", "confirmed", "verified")
DEEPEST, MOST = 4, 20
KINDS = dict(Organisation.Kind.choices)
# "companies" after "speak for": the kinds of organisations in the plural.
KINDS_IN_PLURAL: dict[str, Words] = {
    "public_administration": _("public administrations"),
    "company": _("companies"),
    "university_or_research": _("universities or research institutes"),
    "civil_society": _("associations"),
    "creative_and_arts": _("groups of artists and creatives"),
    "neighbourhood_group": _("neighbourhood groups"),
}


class AudienceError(ValueError):
    """This does not say who may do an act; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Audience:
    """All that is said must hold; of `ways` one is enough. Organisations never pass "verified": people live somewhere.

    `age` is (youngest, oldest), None for no limit; `group` the slug of a named group; `code`: somebody redeemed an
    invitation. Places include everything below them.
    """

    level: str = "confirmed"
    places: tuple[str, ...] = ()
    age: tuple[int | None, int | None] | None = None
    organisations: tuple[str, ...] = ()
    group: str = ""
    code: bool = False
    ways: tuple[Audience, ...] = ()

    # --- as data ---

    @classmethod
    def read(cls, stored: Any) -> Audience:
        """From JSON. Raises AudienceError for anything that is not an audience."""
        return _read(stored, depth=0)

    def store(self) -> dict[str, Any]:
        """As short as can be: a level that follows from the rest is not said."""
        found: dict[str, Any] = {}
        if self.places:
            found["places"] = list(self.places)
        if self.age is not None:
            youngest, oldest = self.age
            found["age"] = {
                key: years for key, years in (("from", youngest), ("to", oldest)) if years is not None
            }
        if self.organisations:
            found["organisations"] = list(self.organisations)
        if self.group:
            found["group"] = self.group
        if self.code:
            found["code"] = True
        if self.ways:
            found["any"] = [way.store() for way in self.ways]
        if not found or self.level != _implied(found) or self.places:
            found = {"level": self.level} | found
        return found

    # --- as a question ---

    @property
    def is_open(self) -> bool:
        """Everyone, also without an account."""
        return self == Audience("anyone")

    @property
    def asks_who(self) -> bool:
        """Whether every way in asks at least for a confirmed account, or for an invitation."""
        return self.level != "anyone" or self.code or bool(self.ways and all(w.asks_who for w in self.ways))

    @property
    def is_checked(self) -> bool:
        """Whether every way in leads through a check of who somebody is: then one person is one, across accounts."""
        return (
            self.level == "verified" or self.code or bool(self.ways and all(w.is_checked for w in self.ways))
        )

    def counts_entries(self, process: Process) -> bool:
        """Whether every way in leads through an entry of the process (its register, its invitations): then the entry is
        what is counted once, whichever account holds it. Otherwise the account is, and visitors need one."""
        if process.identity == process.Identity.REGISTER:
            return self.is_checked
        return self.code or bool(self.ways and all(way.counts_entries(process) for way in self.ways))

    def admits(self, who: Standing) -> Answer:
        """Yes, or the sentence a person reads who does not (yet) fit, with the next step."""
        answer = self._identity(who)
        if not answer:
            return answer
        if self.code and not who.invited:
            return No(
                _("This is for people who were invited. Please enter the code of your invitation first."),
                _("Enter the code"),
                who.code_url,
                identify=True,
            )
        if self.places and who.residence not in with_all_below(self.places):
            return No(_("This is for people who live in the places of this process."))
        if self.age is not None and who.age_band not in bands(*self.age):
            return self._too_young_or_old(who)
        if self.organisations and not who.kinds & set(self.organisations):
            return No(
                format_lazy(_("This is for people who {what}."), what=_speaks_for(self.organisations)),
                _("Register your organisation or join it"),
                "accounts:my_organisations",
            )
        if self.group and self.group not in who.groups:
            return No(format_lazy(_("This is for people who {what}."), what=_belongs_to(self.group)))
        return self._ways(who)

    def _identity(self, who: Standing) -> Answer:
        if self.level == "anyone":
            return Yes()
        if not who.signed_in:
            return No(
                _("Please sign in first. What you wrote is kept."),
                _("Sign in"),
                "account_login",
                identify=True,
            )
        if not who.confirmed and (self.level == "confirmed" or who.needs_account):
            return No(
                _(
                    "For this you need an account with a confirmed e-mail address. What you did so far comes along."
                ),
                _("Make it an account"),
                "cocreation:claim",
                identify=True,
            )
        if self.level == "verified" and not who.checked:
            return No(
                _("This is for residents whose address is confirmed. Yours is not confirmed yet."),
                _("How to confirm your address"),
                who.identify_url,
                identify=True,
            )
        return Yes()

    def _too_young_or_old(self, who: Standing) -> No:
        sentence = format_lazy(_("This is for people who {what}."), what=_is_aged(self.age))
        if who.age_band:
            return No(sentence)
        return No(
            format_lazy(_("{sentence} Your age is not confirmed yet."), sentence=sentence),
            _("How to confirm it"),
            who.identify_url,
            identify=True,
        )

    def _ways(self, who: Standing) -> Answer:
        if not self.ways:
            return Yes()
        answers = [way.admits(who) for way in self.ways]
        refusals = [answer for answer in answers if isinstance(answer, No)]
        if len(refusals) < len(answers):
            return Yes()
        # The step that is nearest: what identifying alone would open.
        nearest = next((no for no in refusals if no.identify), refusals[0])
        if not who.signed_in:
            return nearest
        return No(
            format_lazy(_("This is for {whom}."), whom=self.sentence()),
            nearest.next_step,
            nearest.next_url,
            identify=nearest.identify,
        )

    # --- in words ---

    def sentence(self) -> Words:
        """Whom it is for, in words that go on after "for": "people who live in Lindach and are 14 to 21 years old"."""
        own = list(self._clauses())
        if not own and not self.ways:
            return LEVELS[self.level]
        parts: list[Words] = []
        if own:
            parts.append(format_lazy(_("people who {what}"), what=late(lambda: _and(own))))
        if self.ways:
            ways = [way.sentence() for way in self.ways]
            parts.append(late(lambda: _now("; or ").join(str(way) for way in ways)))
        if len(parts) == 1:
            return parts[0]
        return format_lazy(_("{people}, namely {ways}"), people=parts[0], ways=parts[1])

    def _clauses(self) -> Iterable[Words]:
        if self.age is not None:
            yield _is_aged(self.age)
        if self.places:
            yield late(lambda: _now("live in {places}").format(places=_or(names_of(self.places))))
        elif self.level == "verified" and (self.organisations or self.group or self.code):
            yield _("have had their address confirmed")
        if self.organisations:
            yield _speaks_for(self.organisations)
        if self.group:
            yield _belongs_to(self.group)
        if self.code:
            yield _("have an invitation")

    # --- the inverse: everyone it admits, in SQL ---

    def people(self, process: Process, at: datetime) -> Q:
        """Accounts it admits in a process whose residents the city itself confirms. A condition on Person."""
        from cocreation.standing import city_checks

        found = Q()
        checks = {}
        if self.level == "verified":
            checks["residence__in"] = sorted(with_all_below(self.places)) if self.places else None
            checks["age_band__in"] = list(bands(*self.age)) if self.age is not None else None
            found &= city_checks(at, **{key: value for key, value in checks.items() if value is not None})
        if self.code:
            found &= Q(
                eligibilities__process=process,
                eligibilities__invited=True,
                eligibilities__revoked_at__isnull=True,
            )
        if self.organisations:
            found &= Q(
                memberships__confirmed_at__isnull=False,
                memberships__ended_at__isnull=True,
                memberships__organisation__confirmed_at__isnull=False,
                memberships__organisation__kind__in=self.organisations,
            )
        if self.group:
            found &= Q(group_memberships__group__slug=self.group, group_memberships__ended_at__isnull=True)
        return found & self._any(way.people(process, at) for way in self.ways)

    def entries(self) -> Q:
        """Rows of the register of a process it admits, as far as the register knows. A condition on Eligibility."""
        found = Q()
        if self.places:
            found &= Q(residence__in=sorted(with_all_below(self.places)))
        if self.age is not None:
            found &= Q(age_band__in=bands(*self.age))
        if self.code:
            found &= Q(invited=True)
        return found & self._any(way.entries() for way in self.ways)

    @staticmethod
    def _any(conditions: Iterable[Q]) -> Q:
        either = Q()
        for condition in conditions:
            if not condition:
                return Q()
            either |= condition
        return either


# --- reading ---

_KEYS = {"level", "places", "age", "organisations", "group", "code", "any", "all"}


def _read(stored: Any, depth: int) -> Audience:
    if not isinstance(stored, dict):
        raise AudienceError("An audience is an object.")
    if depth > DEEPEST:
        raise AudienceError("An audience this deep is not meant.")
    if unknown := stored.keys() - _KEYS:
        raise AudienceError(f"Unknown condition: {', '.join(sorted(map(str, unknown)))}.")
    if "all" in stored:
        return _merged([stored | {"all": None}] if stored.keys() - {"all"} else [], stored["all"], depth)
    level = stored.get("level", _implied(stored))
    if level not in LEVELS:
        raise AudienceError(f"Unknown level: {level!r}.")
    audience = Audience(
        level=max(level, _implied(stored, least="anyone"), key=_ORDER.index),
        places=_strings(stored, "places"),
        age=_age(stored.get("age")),
        organisations=_strings(stored, "organisations"),
        group=_string(stored, "group"),
        code=_true(stored, "code"),
        ways=tuple(_read(way, depth + 1) for way in _list(stored, "any")),
    )
    if unknown_kinds := set(audience.organisations) - KINDS.keys():
        raise AudienceError(f"Unknown kind of organisation: {', '.join(sorted(unknown_kinds))}.")
    return audience


def _merged(own: list[dict[str, Any]], parts: Any, depth: int) -> Audience:
    """Conditions under "all" in one: each may be said once, alternatives of several parts are multiplied out."""
    if not isinstance(parts, list) or not parts or len(parts) > MOST:
        raise AudienceError("“all” is a list of conditions.")
    merged: dict[str, Any] = {}
    for part in [{key: value for key, value in each.items() if key != "all"} for each in own] + parts:
        found = _read(part, depth + 1).store()
        for key, value in found.items():
            if key == "level":
                merged[key] = max(merged.get(key, "anyone"), value, key=_ORDER.index)
            elif key == "any" and "any" in merged:
                merged[key] = [{"all": [one, other]} for one in merged[key] for other in value]
            elif merged.setdefault(key, value) != value:
                raise AudienceError(f"“{key}” is said twice.")
    return _read(merged, depth + 1)


def _implied(stored: dict[str, Any], least: str = "confirmed") -> str:
    """The level that follows from the conditions: where and how old somebody is, is known of checked people only."""
    if stored.get("places") or stored.get("age"):
        return "verified"
    if stored.get("code") or stored.get("any"):
        return "anyone"
    return "confirmed" if stored.get("organisations") or stored.get("group") else least


def _list(stored: dict[str, Any], key: str) -> list[Any]:
    found = stored.get(key) or []
    if not isinstance(found, list | tuple) or len(found) > MOST:
        raise AudienceError(f"“{key}” is a list of at most {MOST}.")
    return list(found)


def _strings(stored: dict[str, Any], key: str) -> tuple[str, ...]:
    found = _list(stored, key)
    if not all(isinstance(each, str) and 0 < len(each) <= 60 for each in found):
        raise AudienceError(f"“{key}” is a list of short names.")
    return tuple(dict.fromkeys(found))


def _string(stored: dict[str, Any], key: str) -> str:
    found = stored.get(key) or ""
    if not isinstance(found, str) or len(found) > 60:
        raise AudienceError(f"“{key}” is a short name.")
    return found


def _true(stored: dict[str, Any], key: str) -> bool:
    found = stored.get(key, False)
    if not isinstance(found, bool):
        raise AudienceError(f"“{key}” is true or false.")
    return found


def _age(stored: Any) -> tuple[int | None, int | None] | None:
    if stored is None:
        return None
    if not isinstance(stored, dict) or not stored or stored.keys() - {"from", "to"}:
        raise AudienceError("“age” says “from” and “to”.")
    youngest, oldest = stored.get("from"), stored.get("to")
    if any(years is not None and type(years) is not int for years in (youngest, oldest)):
        raise AudienceError("Ages are whole years.")
    try:
        if not bands(youngest, oldest):
            raise AudienceError("Nobody is of this age.")
    except ValueError as error:
        raise AudienceError(str(error)) from None
    return youngest, oldest


# --- words ---


def _is_aged(age: tuple[int | None, int | None] | None) -> Words:
    youngest, oldest = age or (None, None)
    if youngest and oldest is not None:
        return format_lazy(_("are {youngest} to {oldest} years old"), youngest=youngest, oldest=oldest)
    if oldest is not None:
        return format_lazy(_("are {oldest} years old or younger"), oldest=oldest)
    return format_lazy(_("are {youngest} years old or older"), youngest=youngest or 0)


def _speaks_for(kinds: Iterable[str]) -> Words:
    words = [KINDS_IN_PLURAL[kind] for kind in kinds]
    return late(lambda: _now("speak for {kinds}").format(kinds=_or(map(str, words))))


def _belongs_to(group: str) -> Words:
    def words() -> str:
        from cocreation.groups import name_of

        return _now("belong to the group “{group}”").format(group=name_of(group))

    return late(words)


def _or(words: Iterable[str]) -> str:
    return _listed(list(words), _now(" or "))


def _and(words: Iterable[Words]) -> str:
    return _listed([str(each) for each in words], _now(" and "))


def _listed(words: list[str], last: str) -> str:
    return last.join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""
