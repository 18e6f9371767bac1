"""The activities for which the city holds something about people (Art. 30 GDPR): what they are for, on what they rest, how
long things are kept, and who gets them. The legal basis is a property of the activity, and every personal field of the data
map belongs to one.

A house writes in its `datamap.py`:

    declare(Activity("voting", _("Voting"), _("Count every vote once …"), PUBLIC_TASK, people=…, kept=…, given_to=…))
    belongs("ballots", "voting")                                    # a room, or "app.Model"
    describe("feedback.Pledge", is_named=Personal("…", CONSENT, activity="named_thanks"))   # a single field

What nobody assigned goes with the activity of its basis; only what rests on consent has to be assigned, because every
consent is given for one purpose.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.core import checks

from groundwork.answer import Words
from groundwork.datamap import CONSENT, CONTRACT, LEGAL, PUBLIC_TASK, Personal, register
from groundwork.registry import Registry


@dataclass(frozen=True, slots=True)
class Activity:
    """One line of the register. `people` says whose data it is, `given_to` who outside the office gets it."""

    slug: str
    name: Words
    why: Words
    basis: str
    people: Words
    kept: Words
    given_to: Words
    order: int = 50


activities: Registry[Activity] = Registry("activity")

# What the law or the promise to the people here decides for good. A vote nobody could take part in any more because they
# took a consent back would not be a vote; a name, a letter nobody needs and facts about somebody are never owed to the city.
NEVER_ON_CONSENT = {"voting", "eligibility"}
ALWAYS_ON_CONSENT = {"newsletter", "named", "demographics", "push", "guardian"}

STAFF = "staff_work"
BY_BASIS = {PUBLIC_TASK: "participation", CONTRACT: "account", LEGAL: "rights"}

_belongs: dict[str, str] = {}


class WrongBasis(ValueError):
    """An activity on a legal basis it must never have."""


def declare(*found: Activity) -> None:
    for activity in found:
        if activity.slug in NEVER_ON_CONSENT and activity.basis == CONSENT:
            raise WrongBasis(
                f"{activity.slug} must not depend on a consent, because a consent can be taken back."
            )
        if activity.slug in ALWAYS_ON_CONSENT and activity.basis != CONSENT:
            raise WrongBasis(f"{activity.slug} always rests on a consent.")
        activities.add(activity.slug, activity)


def belongs(what: str, activity: str) -> None:
    """Fields of a room ("ballots") or a table ("accounts.Membership") belong to this activity where they do not say otherwise."""
    _belongs[what] = activity


def activity_of(model: str, note: Personal) -> str:
    """The slug of a field's activity; "" where it has none."""
    if note.activity:
        return note.activity
    if note.category == "staff":
        return STAFF
    return _belongs.get(model) or _belongs.get(model.split(".")[0]) or BY_BASIS.get(note.basis, "")


@dataclass(frozen=True, slots=True)
class Held:
    """One personal field within its activity."""

    activity: str
    model: str
    field: str
    note: Personal


def held() -> Iterator[Held]:
    for model, notes in register().items():
        for name, note in notes.items():
            yield Held(activity_of(model, note), model, name, note)


def by_activity() -> list[tuple[Activity, list[Held]]]:
    """The register of processing, in order. Activities that hold nothing in this city (a room was taken out) are left out."""
    fields: dict[str, list[Held]] = {}
    for each in held():
        fields.setdefault(each.activity, []).append(each)
    found = sorted(activities, key=lambda activity: activity.order)
    return [(activity, fields[activity.slug]) for activity in found if activity.slug in fields]


@checks.register("datamap")
def every_field_has_an_activity(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    found: list[checks.CheckMessage] = []
    for each in held():
        activity = activities.find(each.activity)
        name = f"{each.model}.{each.field}"
        if activity is None:
            found.append(
                checks.Error(
                    f"{name} belongs to no activity that is declared ({each.activity or 'none'}).",
                    hint='Say in the datamap.py: belongs("app.Model", "activity"), or Personal(activity=…).',
                    id="groundwork.E006",
                )
            )
        elif activity.basis != each.note.basis:
            found.append(
                checks.Error(
                    f"{name} rests on “{each.note.basis}”, its activity {activity.slug} on “{activity.basis}”.",
                    id="groundwork.E007",
                )
            )
    return found
