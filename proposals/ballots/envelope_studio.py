"""The envelopes of a vote in the studio: one form for all of them, with room for one more. Frozen with the opening."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MinValueValidator
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cocreation import placetree
from cocreation.models import Phase, Place, Process
from groundwork.answer import require
from groundwork.html.forms import EuroField
from proposals.ballots import envelopes, kinds, words
from proposals.ballots.envelopes import MOST_ENVELOPES, MOST_POINTS
from proposals.ballots.kinds import Kind
from proposals.ballots.phase_studio import may_set, set_options, shown_of
from proposals.ballots.questions import LANGUAGES
from proposals.ballots.rulebook import SPOKEN
from proposals.models import Theme

if TYPE_CHECKING:
    from accounts.models import Person

LONGEST_NAME = 80
_LANGUAGES = {"de": _("German"), "en": _("English")}
_WHOLE = _("Please give a whole number.")


def phases_of(process: Process) -> list[Phase]:
    return [phase for phase in process.line if phase.method == "ballot" and phase.opts.kind != Kind.ANSWERS]


@transaction.atomic
def set_envelopes(
    *, phase: Phase, listed: Sequence[Mapping[str, Any]], most: int | None, at_home: bool, by: Person, at: datetime
) -> Phase:  # fmt: skip
    """Into which envelopes the money is divided, in this order, and in how many one person votes. None at all: one ballot and
    one count, as before. ValueError for envelopes that cannot be read."""
    require(may_set(by, phase, at))
    options = replace(
        phase.opts,
        envelopes=[dict(envelope) for envelope in listed],
        most_envelopes=most if listed else None,
        envelopes_at_home=at_home and bool(listed),
    )
    return set_options(phase=phase, options=options, by=by, at=at)


def suggested(phase: Phase) -> list[dict[str, Any]]:
    """From the shares of places, where the money is divided and the vote keeps to them: one for each place, and one for all
    other projects. Their sums follow the shares. One query."""
    shares = phase.opts.by_place
    if not shares:
        return []
    places = {
        place.slug: place for place in Place.objects.filter(slug__in=[share["place"] for share in shares])
    }
    names = [
        ({code: getattr(places[share["place"]], f"name_{code}") or "" for code in LANGUAGES}, share["place"])
        for share in shares
        if share["place"] in places
    ]
    divided = sum((Decimal(share["amount"]) for share in shares), Decimal(0))
    rest = [({"de": "Alle Orte", "en": "All places"}, "")] if (phase.opts.budget or 0) > divided else []
    return [
        {"name": name, "place": place, "rule": phase.opts.rule, "besides": not place}
        for name, place in [*rest, *names]
    ]


@dataclass(frozen=True, slots=True)
class Group:
    """The fields of one envelope on the page."""

    number: int
    fresh: bool
    names: list[forms.BoundField]
    what: list[forms.BoundField]
    numbers: list[forms.BoundField]
    last: list[forms.BoundField]


def _whole_number(label: Any, initial: Any, least: int, most: int, help_text: Any = "") -> forms.IntegerField:
    said = format_lazy(_("Please give a whole number from {least} to {most}."), least=least, most=most)
    return forms.IntegerField(
        label=label, help_text=help_text, initial=initial, required=False, min_value=least, max_value=most,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 4}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), said),
    )  # fmt: skip


class EnvelopesForm(forms.Form):
    """All envelopes of one phase. One without a name is none; one that is ticked to go goes."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, phase: Phase) -> None:
        super().__init__(data, prefix=phase.key)
        self.phase, self.kind = phase, phase.opts.kind
        self.stored: list[Mapping[str, Any]] = list(phase.opts.envelopes)
        first = self.stored or suggested(phase)
        self.is_suggested = bool(first) and not self.stored
        self.there = len(first)
        self.rooms = min(self.there + (1 if self.there else 2), MOST_ENVELOPES)
        self.fields["most"] = _whole_number(
            _("In how many envelopes may one person vote?"), phase.opts.most_envelopes, 1, MOST_ENVELOPES,
            _("Empty: in all of them. Those in which everybody votes do not count toward the number."),
        )  # fmt: skip
        self.fields["at_home"] = forms.BooleanField(
            label=_("In an envelope of a place only people who live there may vote"),
            help_text=_(
                "What counts is where somebody lives as it was checked. Otherwise everybody may choose any place."
            ),
            initial=phase.opts.envelopes_at_home,
            required=False,
        )
        belongs, rules = self._belongs(), self._rules()
        for number in range(1, self.rooms + 1):
            self._add(number, first[number - 1] if number <= self.there else {}, belongs, rules)

    def _belongs(self) -> list[tuple[str, Any]]:
        own = [place.slug for place in self.phase.process.places.all()]
        inside = sorted(placetree.with_all_below(own))
        places = sorted(
            zip(placetree.names_of(inside), inside, strict=True), key=lambda pair: pair[0].casefold()
        )
        return [
            ("", _("All other projects")),
            *((f"place:{slug}", format_lazy(_("Projects in {name}"), name=name)) for name, slug in places),
            *((f"theme:{slug}", format_lazy(_("Projects on “{name}”"), name=name)) for slug, name in Theme.choices),
        ]  # fmt: skip

    def _rules(self) -> list[tuple[str, Any]]:
        return [(slug, SPOKEN[slug].name) for slug in kinds.rules_of(self.kind) if slug in SPOKEN]

    def _add(self, number: int, one: Mapping[str, Any], belongs: Any, rules: Any) -> None:
        start = f"e{number}_"
        name = one.get("name", {})
        for code in LANGUAGES:
            self.fields[f"{start}name_{code}"] = forms.CharField(
                label=format_lazy(_("Name ({language})"), language=_LANGUAGES[code]),
                max_length=LONGEST_NAME, required=False, initial=name.get(code, ""),
            )  # fmt: skip
        place, theme = one.get("place") or "", one.get("theme") or ""
        self.fields[f"{start}belongs"] = forms.ChoiceField(
            label=_("Which projects are in it?"), choices=belongs, required=False,
            initial=f"place:{place}" if place else f"theme:{theme}" if theme else "",
        )  # fmt: skip
        self.fields[f"{start}amount"] = EuroField(
            label=_("Sum in euros"), required=False, initial=one.get("amount") or None,
            help_text=_("Empty: the share of its place, or what is left of the budget."),
            validators=[MinValueValidator(Decimal("0.01"), _("The sum must be more than zero."))],
        )  # fmt: skip
        self.fields[f"{start}rule"] = forms.ChoiceField(
            label=_("How is it counted?"), choices=rules, required=False,
            initial=kinds.rule_for(self.kind, one.get("rule") or "greedy_cost"),
        )  # fmt: skip
        least = 2 if self.kind == Kind.RANKING else 1
        self.fields[f"{start}min_choices"] = _whole_number(
            _("Projects one must choose for it to count"), one.get("min_choices") or least, least, 1000
        )
        self.fields[f"{start}max_choices"] = _whole_number(
            _("Projects one may choose at most"), one.get("max_choices"), least, 1000, _("Empty: no limit.")
        )
        if self.kind == Kind.POINTS:
            self.fields[f"{start}points"] = _whole_number(
                _("Points one may share out"), one.get("points") or 10, 1, MOST_POINTS
            )
            self.fields[f"{start}most_points"] = _whole_number(
                _("Points for one project at most"),
                one.get("most_points"),
                1,
                MOST_POINTS,
                _("Empty: all of them."),
            )
        self.fields[f"{start}besides"] = forms.BooleanField(
            label=_("Everybody votes in it, besides those one chooses"), required=False, initial=bool(one.get("besides")),
        )  # fmt: skip
        self.fields[f"{start}at"] = _whole_number(_("Place on the ballot"), number, 1, MOST_ENVELOPES)
        if number <= self.there:
            self.fields[f"{start}gone"] = forms.BooleanField(
                label=_("Take this envelope out"), required=False
            )

    def groups(self) -> list[Group]:
        found = []
        for number in range(1, self.rooms + 1):
            start = f"e{number}_"

            def there(*names: str, start: str = start) -> list[forms.BoundField]:
                return [self[f"{start}{name}"] for name in names if f"{start}{name}" in self.fields]

            found.append(
                Group(
                    number,
                    number > self.there,
                    there("name_de", "name_en"),
                    there("belongs", "amount"),
                    there("rule", "min_choices", "max_choices", "points", "most_points"),
                    there("besides", "at", "gone"),
                )
            )
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        found = []
        for number in range(1, self.rooms + 1):
            mine = {
                name.removeprefix(f"e{number}_"): data.get(name)
                for name in self.fields
                if name.startswith(f"e{number}_")
            }
            if mine.get("gone") or not (mine.get("name_de") or mine.get("name_en")):
                self._must_have_a_name(number, mine)
                continue
            found.append((mine.get("at") or number, number, self._one(number, mine)))
        found.sort(key=lambda each: each[:2])
        self.listed = [each for _at, _number, each in found]
        return data

    def _must_have_a_name(self, number: int, mine: Mapping[str, Any]) -> None:
        """One that is there stays unless it is ticked to go; a new one is left out unless something is said of it."""
        if not mine.get("gone") and (number <= len(self.stored) or mine.get("amount") or mine.get("belongs")):
            self.add_error(f"e{number}_name_de", _("Please give the envelope a name."))

    def _one(self, number: int, mine: Mapping[str, Any]) -> dict[str, Any]:
        for code in LANGUAGES:
            if not mine.get(f"name_{code}"):
                self.add_error(f"e{number}_name_{code}", _("Please write the name in this language, too."))
        least, most = (
            mine.get("min_choices") or (2 if self.kind == Kind.RANKING else 1),
            mine.get("max_choices"),
        )
        if most is not None and most < least:
            self.add_error(f"e{number}_max_choices", _("This is fewer than one must choose."))
        points, each = mine.get("points"), mine.get("most_points")
        if points and each and each > points:
            self.add_error(f"e{number}_most_points", _("This is more than one may share out."))
        what, _colon, slug = str(mine.get("belongs") or "").partition(":")
        amount = mine.get("amount")
        return {
            "name": {code: mine.get(f"name_{code}") or "" for code in LANGUAGES},
            "place": slug if what == "place" else "",
            "theme": slug if what == "theme" else "",
            "amount": str(amount) if amount is not None else "",
            "rule": mine.get("rule") or kinds.rule_for(self.kind, "greedy_cost"),
            "min_choices": least,
            "max_choices": most,
            "points": (points or 10) if self.kind == Kind.POINTS else None,
            "most_points": each,
            "besides": bool(mine.get("besides")),
        }


# --- the section of the studio ---


def context(process: Process, person: Person, at: datetime) -> dict[str, Any]:
    phase = shown_of(process, phases_of(process), at)
    answer = may_set(person, phase, at)
    form = EnvelopesForm(phase=phase)
    missing = [
        gap.words for gap in phase.kind.gaps(phase) if gap.field == "envelopes"
    ] if answer and phase.opts.envelopes else []  # fmt: skip
    return {
        "form": form,
        "phase": phase,
        "answer": answer,
        "missing": missing,
        "full": form.there >= MOST_ENVELOPES,
        "sums": _sums(phase),
        "budget": phase.opts.budget,
    }


def _sums(phase: Phase) -> list[tuple[str, str]]:
    """What each envelope would have: its name and its money."""
    opts = phase.opts
    listed = envelopes.read(opts.envelopes)
    amounts = envelopes.sums(listed, opts.budget, opts.by_place)
    return [
        (each.said, "–" if amount is None else words.amount(amount))
        for each, amount in zip(listed, amounts, strict=True)
    ]


def handle(process: Process, person: Person, at: datetime, data: Mapping[str, Any]) -> forms.BaseForm | None:
    phase = shown_of(process, phases_of(process), at)
    require(may_set(person, phase, at))
    form = EnvelopesForm(data, phase=phase)
    if not form.is_valid():
        return form
    set_envelopes(
        phase=phase, listed=form.listed, most=form.cleaned_data["most"], at_home=form.cleaned_data["at_home"],
        by=person, at=at,
    )  # fmt: skip
    return None
