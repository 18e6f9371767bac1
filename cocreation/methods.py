"""Methods: type in code, occurrence in the database. A room's `manifest.py` registers its method here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.core import checks
from django.utils.translation import gettext_lazy as _

from groundwork.answer import No, Words
from groundwork.registry import Registry

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Phase


@dataclass(frozen=True, slots=True)
class Act:
    """Something people may do. `level` is the default audience: "anyone", "confirmed" or "verified".

    Whoever lacks an identity does it all the same and it waits: a kind of this slug in `pending.acts` completes it. Only
    reading and the work of offices do not wait (`waits=False`).
    """

    slug: str
    name: Words
    level: str = "confirmed"
    waits: bool = True


@dataclass(frozen=True, slots=True)
class Gap:
    """Something missing before a phase may open; `field` is the form field to jump to."""

    words: Words
    field: str = ""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a person can do now: the participation box, the row on the home page. `done` once they did it."""

    words: Words
    verb: Words
    url: str
    icon: str = "pencil-line"
    done: bool = False
    done_words: Words = ""


def option(
    default: Any,
    label: Words,
    *,
    help: Words = "",
    choices: Sequence[tuple[str, Words]] = (),
    long: bool = False,
) -> Any:
    """A field of a method's options that the studio asks for; fields without it keep their default.
    `long`: a text of several paragraphs.

    least: int = option(1, _("How many projects at least?"))
    """
    return field(default=default, metadata={"label": label, "help": help, "choices": choices, "long": long})


@dataclass(frozen=True)
class NoOptions:
    """A method without options."""


class Method:
    """One way of taking part. Subclass, set the attributes, register an instance with `methods.register`."""

    slug: ClassVar[str]
    name: ClassVar[Words]
    about: ClassVar[Words] = ""
    icon: ClassVar[str] = "circle-dot"
    picture: ClassVar[str] = ""
    acts: ClassVar[Sequence[Act]] = ()
    options: ClassVar[type] = NoOptions
    options_version: ClassVar[int] = 1
    # The answer to whoever wants to change what people may do in a phase that has begun.
    stays: ClassVar[No] = No(_("This phase has begun. What people may do in it stays as it is."))
    # The room records the beginning and the end of its phases under verbs of its own.
    announces_itself: ClassVar[bool] = False

    def default_audience(self, act: str) -> dict[str, Any]:
        return {"level": next((a.level for a in self.acts if a.slug == act), "confirmed")}

    def read_options(self, stored: dict[str, Any]) -> Any:
        known = {known.name for known in fields(self.options)}
        return self.options(**{key: value for key, value in stored.items() if key in known})

    def gaps(self, phase: Phase) -> list[Gap]:
        """What is missing before the phase may open. Dates are asked for by the studio itself."""
        return []

    def invitation(self, phase: Phase, person: Person | None, at: datetime) -> Invitation | None:
        """What this phase asks of people while it is open. At most one query."""
        return None

    def total(self, phase: Phase) -> Words:
        """The phase in one number for the line of the process ("214 ideas"). At most one query."""
        return ""


class Methods(Registry[Method]):
    def register(self, method: type[Method]) -> type[Method]:
        self.add(method.slug, method())
        return method


methods = Methods("method")


@checks.register("methods", checks.Tags.database)
def every_stored_method_is_known(
    app_configs: object, databases: Any = None, **kwargs: object
) -> list[checks.CheckMessage]:
    """A phase of a method that no room registers is a system check, not a 500 on somebody's page."""
    if not databases:
        return []
    from django.db import DatabaseError

    from cocreation.models import Phase

    try:
        unknown = set(Phase.objects.values_list("method", flat=True).distinct()) - set(methods.slugs())
    except DatabaseError:  # not migrated yet
        return []
    return [
        checks.Error(f"Phases use the unknown method {slug!r}.", id="cocreation.E001")
        for slug in sorted(unknown)
    ]


UNNAMED = _("(no name yet)")
