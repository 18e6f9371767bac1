"""Who may do an act, as data: `{"level": "verified", "places": ["lindach"]}`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from groundwork.answer import Answer, No, Words, Yes

if TYPE_CHECKING:
    from accounts.models import Person

LEVELS: dict[str, Words] = {
    "anyone": _("everyone, without an account"),
    "confirmed": _("everyone with a confirmed e-mail address"),
    "verified": _("residents whose address is confirmed"),
}


@dataclass(frozen=True, slots=True)
class Audience:
    """A level of identity and, where set, the places one must live in. Organisations never pass "verified"."""

    level: str = "confirmed"
    places: tuple[str, ...] = ()

    @classmethod
    def read(cls, stored: dict[str, Any]) -> Audience:
        return cls(stored.get("level", "confirmed"), tuple(stored.get("places", ())))

    def store(self) -> dict[str, Any]:
        return {"level": self.level} | ({"places": list(self.places)} if self.places else {})

    def sentence(self) -> Words:
        return LEVELS[self.level]

    def admits(self, person: Person | None, at: datetime) -> Answer:
        """Yes, or the sentence a person reads who does not (yet) fit, with the next step."""
        if self.level == "anyone":
            return Yes()
        if person is None or not person.is_authenticated or not person.is_active:
            return No(
                _("Please sign in first. What you wrote is kept."),
                _("Sign in"),
                "account_login",
                identify=True,
            )
        if self.level == "confirmed":
            return Yes()
        residence = residence_of(person, at)
        if residence is None:
            return No(
                _("This is for residents whose address is confirmed. Yours is not confirmed yet."),
                _("How to confirm your address"),
                "accounts:verifications",
                identify=True,
            )
        if self.places and residence not in self.places:
            return No(_("This is for people who live in the places of this process."))
        return Yes()


def residence_of(person: Person, at: datetime) -> str | None:
    """The verified place of a person, or None. Asked once per request: the answer stays on the object."""
    cached: str | bool | None = getattr(person, "_residence", False)
    if cached is False:
        cached = person.verifications.valid(at).values_list("residence", flat=True).first()
        person._residence = cached  # type: ignore[attr-defined]
    return cached  # type: ignore[return-value]
