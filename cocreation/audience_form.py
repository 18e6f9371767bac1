"""Who may do an act, as fields: a row of chips, more precise conditions, and up to three ways of which one is enough.

    editor = AudienceEditor(form, "vote", phase.audience_of("vote"), Choices.now())
    editor.clean(form)      in the form's clean()
    editor.audience(form)   the audience that was chosen

What the editor cannot show (ways within ways) stays as it is until somebody chooses anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.ages import STARTS
from cocreation.audience import KINDS, LEVELS, Audience, AudienceError
from cocreation.models import Group, Place, Process
from groundwork.answer import Words
from groundwork.html.forms import ChipBoxes, Chips

MOST_WAYS = 3
KEPT = "kept"


class PlaceBoxes(forms.CheckboxSelectMultiple):
    """Places as a tree: what lies in a place stands under it, set in."""

    template_name = "cocreation/studio/place_boxes.html"

    def __init__(self, *args: Any, depths: dict[str, int] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.depths = depths or {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        option["depth"] = self.depths.get(str(value), 0)
        return option


@dataclass(frozen=True)
class Choices:
    """What can be chosen from, asked once for all acts of a form: the tree of places, and the groups."""

    places: list[tuple[str, str]]
    depths: dict[str, int]
    groups: list[tuple[str, str]]

    @classmethod
    def of(cls, process: Process) -> Choices:
        ordered = list(_tree(list(Place.objects.all())))
        groups = Group.objects.filter(process=None) | Group.objects.filter(process=process)
        return cls(
            places=[(place.slug, place.name) for place, _depth in ordered],
            depths={place.slug: depth for place, depth in ordered},
            groups=[(group.slug, group.name) for group in groups],
        )


@dataclass(frozen=True)
class Way:
    """The fields of one way, as a page draws them."""

    number: int
    level: forms.BoundField
    more: list[forms.BoundField]
    is_set: bool
    is_precise: bool


class AudienceEditor:
    """The fields of one act in a form."""

    def __init__(self, form: forms.Form, act: str, name: Words, stored: Audience, choices: Choices) -> None:
        self.act, self.name, self.stored = act, name, stored
        ways = alternatives(stored)
        self.kept = ways is None
        for number in range(MOST_WAYS):
            way = ways[number] if ways is not None and number < len(ways) else None
            self._add(form, number, way, choices)

    def prefix(self, number: int) -> str:
        return f"audience_{self.act}" + (f"_or{number}" if number else "")

    def _add(self, form: forms.Form, number: int, way: Audience | None, choices: Choices) -> None:
        prefix = self.prefix(number)
        levels: list[tuple[str, Words]] = [(slug, _capital(words)) for slug, words in LEVELS.items()]
        if number:
            levels = [("", _("nobody else")), *levels]
        elif self.kept:
            levels = [(KEPT, format_lazy(_("As it is: {whom}"), whom=self.stored.sentence())), *levels]
        form.fields[prefix] = forms.ChoiceField(
            label=format_lazy(_("Who may do this: {act}?"), act=self.name)
            if not number
            else _("Who else may do it?"),
            choices=levels,  # type: ignore[arg-type]  # words may be late
            widget=Chips,
            required=not number,
            initial=way.level if way else KEPT if self.kept and not number else "",
        )
        way = way or Audience()
        youngest, oldest = way.age or (None, None)
        form.fields[f"{prefix}_places"] = forms.MultipleChoiceField(
            label=_("Only people who live in"),
            help_text=_("A place includes everything that lies in it."),
            choices=choices.places,
            widget=PlaceBoxes(depths=choices.depths),
            required=False,
            initial=list(way.places),
        )
        form.fields[f"{prefix}_from"] = forms.TypedChoiceField(
            label=_("From the age of"),
            choices=[("", "–"), *((str(age), str(age)) for age in STARTS if age)],
            coerce=int,
            empty_value=None,
            required=False,
            initial=str(youngest) if youngest else "",
        )
        form.fields[f"{prefix}_to"] = forms.TypedChoiceField(
            label=_("Up to the age of"),
            choices=[("", "–"), *((str(age - 1), str(age - 1)) for age in STARTS if age)],
            coerce=int,
            empty_value=None,
            required=False,
            initial=str(oldest) if oldest is not None else "",
        )
        form.fields[f"{prefix}_organisations"] = forms.MultipleChoiceField(
            label=_("Only people who speak for an organisation"),
            choices=list(KINDS.items()),
            widget=ChipBoxes,
            required=False,
            initial=list(way.organisations),
        )
        groups = choices.groups
        if way.group and all(slug != way.group for slug, _name in groups):
            groups = [*groups, (way.group, way.group)]
        form.fields[f"{prefix}_group"] = forms.ChoiceField(
            label=_("Only people of a group"),
            choices=[("", "–"), *groups],
            required=False,
            initial=way.group,
        )
        form.fields[f"{prefix}_code"] = forms.BooleanField(
            label=_("Only people who have an invitation with a code"), required=False, initial=way.code
        )

    # --- as a page draws it ---

    def ways(self, form: forms.Form) -> list[Way]:
        """The first way, those that are set, and one more to fill in."""
        found = []
        for number in range(MOST_WAYS):
            prefix = self.prefix(number)
            level = form[prefix]
            more = [
                form[f"{prefix}_{part}"]
                for part in ("places", "from", "to", "organisations", "group", "code")
            ]
            is_set = bool(level.value()) or any(field.errors for field in (level, *more))
            is_precise = any(field.value() for field in more) or any(field.errors for field in more)
            found.append(Way(number, level, more, is_set, is_precise))
        return found

    # --- as it was filled in ---

    def clean(self, form: forms.Form) -> None:
        """Errors stand next to the field that causes them."""
        data = form.cleaned_data
        for number in range(MOST_WAYS):
            prefix = self.prefix(number)
            level = data.get(prefix)
            if level in ("", None, KEPT):
                continue
            youngest, oldest = data.get(f"{prefix}_from"), data.get(f"{prefix}_to")
            if level != "verified":
                if data.get(f"{prefix}_places"):
                    form.add_error(
                        f"{prefix}_places",
                        _("Where people live is only known of residents whose address is confirmed."),
                    )
                if youngest is not None or oldest is not None:
                    form.add_error(
                        f"{prefix}_from" if youngest is not None else f"{prefix}_to",
                        _("How old people are is only known of residents whose address is confirmed."),
                    )
            if youngest is not None and oldest is not None and oldest < youngest:
                form.add_error(f"{prefix}_to", _("Nobody is of this age: “up to” is less than “from”."))

    def audience(self, form: forms.Form) -> Audience:
        """What was chosen; of a field that is wrong what is stored."""
        data = getattr(form, "cleaned_data", {})
        if data.get(self.prefix(0), KEPT) == KEPT:
            return self.stored
        ways = [self._way(data, self.prefix(number)) for number in range(MOST_WAYS)]
        chosen = [way for way in ways if way]
        try:
            return Audience.read(chosen[0] if len(chosen) == 1 else {"any": chosen})
        except AudienceError:
            return self.stored

    @staticmethod
    def _way(data: dict[str, Any], prefix: str) -> dict[str, Any]:
        if not data.get(prefix):
            return {}
        age = {"from": data.get(f"{prefix}_from"), "to": data.get(f"{prefix}_to")}
        conditions = {
            "places": data.get(f"{prefix}_places"),
            "age": {key: years for key, years in age.items() if years is not None},
            "organisations": data.get(f"{prefix}_organisations"),
            "group": data.get(f"{prefix}_group"),
            "code": data.get(f"{prefix}_code"),
        }
        return {"level": data[prefix]} | {key: value for key, value in conditions.items() if value}


def alternatives(audience: Audience) -> list[Audience] | None:
    """An audience as a few ways without ways within; None where that is not possible."""
    if not audience.ways:
        return [audience]
    own, found = replace(audience, ways=()), []
    for way in audience.ways:
        if own != Audience("anyone"):
            try:
                way = Audience.read({"all": [own.store(), way.store()]})
            except AudienceError:
                return None
        below = alternatives(way)
        if below is None:
            return None
        found += below
    return found if len(found) <= MOST_WAYS else None


def _tree(places: list[Place]) -> Iterator[tuple[Place, int]]:
    below: dict[int | None, list[Place]] = {}
    known = {place.pk for place in places}
    for place in places:
        below.setdefault(place.parent_id if place.parent_id in known else None, []).append(place)

    def walk(above: int | None, depth: int) -> Iterator[tuple[Place, int]]:
        for place in below.get(above, ()):
            yield place, depth
            yield from walk(place.pk, depth + 1)

    return walk(None, 0)


def _capital(words: Words) -> str:
    text = str(words)
    return text[:1].upper() + text[1:]
