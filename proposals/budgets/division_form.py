"""The form by which the money is divided: the sum, the formula, and what is known of every place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cocreation.models import Place
from groundwork.html.forms import Cards, EuroField
from proposals.budgets import formula as pure
from proposals.budgets import money_page
from proposals.budgets.dividing import Plan, in_cents, measures_of
from proposals.budgets.formula import Formula, Measures
from proposals.budgets.models import Division

MOST_WEIGHT = 100
MEASURES = ("population", "deprivation", "deficit", "priority")
WEIGHTS = {
    "weight_population": _("Inhabitants"),
    "weight_deprivation": _("Deprivation"),
    "weight_deficit": _("Missing services"),
    "weight_priority": _("What residents put first"),
}
LANGUAGES = ("de", "en")


class WholeField(forms.IntegerField):
    """A whole number as people type it, with its bounds said in one sentence."""

    def __init__(self, *, most: int, least: int = 0, **kwargs: Any) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "off", "maxlength": len(str(most))}
        said = _("Please give a whole number from %(least)s to %(most)s.") % {"least": least, "most": most}
        super().__init__(
            min_value=least,
            max_value=most,
            widget=forms.TextInput(attrs=attrs),
            error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), said),
            **kwargs,
        )

    def to_python(self, value: Any) -> int | None:
        return super().to_python(value.replace(".", "").replace(" ", "") if isinstance(value, str) else value)


class DivisionForm(forms.Form):
    total = EuroField(
        label=_("Money in total, in euros"),
        validators=[MinValueValidator(Decimal("0.01"), _("The budget must be more than zero."))],
    )
    common = EuroField(
        label=_("Of it for projects of all places, in euros"),
        required=False,
        help_text=_("This is not divided. Empty: everything is divided."),
        validators=[MinValueValidator(Decimal(0), _("This cannot be less than zero."))],
    )
    base = EuroField(
        label=_("Base for every place, in euros"),
        required=False,
        help_text=_("Every place gets this first, however small it is."),
        validators=[MinValueValidator(Decimal(0), _("This cannot be less than zero."))],
    )
    solidarity_percent = WholeField(
        label=_("Solidarity share, in percent"),
        most=100,
        required=False,
        help_text=_("So much of what is divided goes to the places that need most, before everything else."),
    )
    solidarity_places = WholeField(label=_("For how many of the neediest places?"), most=999, required=False)
    method = forms.ChoiceField(
        label=_("How do the weights count?"),
        choices=[("shares", _("Exactly")), ("points", _("By points"))],
        widget=Cards(
            drawings={"shares": "m-shares", "points": "m-points"},
            abouts={
                "shares": _("By residents, and by how many of them are deprived or lack services."),
                "points": _(
                    "Each criterion gives a place 1 to 4 points, as in Porto Alegre. The points are weighted."
                ),
            },
        ),
    )
    binding = forms.BooleanField(
        label=_("The vote keeps to the shares"),
        required=False,
        help_text=_(
            "The share of a place goes first to its own projects, most votes first. What is left of it goes to all projects."
            " Without the tick the shares are only for comparison."
        ),
    )
    source_de = forms.CharField(label=_("Where the figures come from (German)"), max_length=200)
    source_en = forms.CharField(label=_("Where the figures come from (English)"), max_length=200)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, places: Sequence[Place], before: Division | None,
        total: Decimal | None, says_why: bool, preview: bool = False,
    ) -> None:  # fmt: skip
        self.places = places
        initial = _initial(before, total)
        super().__init__(data, initial=initial)
        self.before = before
        for name, label in WEIGHTS.items():
            self.fields[name] = WholeField(label=label, most=MOST_WEIGHT, required=False)
        for number, points in enumerate((2, 3, 4), start=1):
            self.fields[f"band_{number}"] = WholeField(
                label=_("%(points)s points from so many residents on") % {"points": points},
                most=10_000_000,
                least=1,
                required=False,
            )
        known = {share.place_id: measures_of(share) for share in before.shares.all()} if before else {}
        for place in places:
            first = known.get(place.pk) or Measures(place.slug, place.population)
            for name in MEASURES:
                self.fields[f"{name}_{place.pk}"] = WholeField(
                    label=_("%(measure)s in %(place)s") % {"measure": HEADS[name], "place": place.name},
                    most={"population": 100_000_000, "priority": pure.MOST_PRIORITY}.get(name, 100),
                    least=1 if name == "population" else 0,
                    required=name == "population",
                    initial=getattr(first, name),
                )
        if says_why:
            for language, label in (
                ("de", _("Why is the money divided differently? (German)")),
                ("en", _("Why is the money divided differently? (English)")),
            ):
                self.fields[f"reason_{language}"] = forms.CharField(
                    label=label, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
                    help_text=_("Everybody can read this."),
                )  # fmt: skip
        if preview:  # what everybody reads can wait until it is published
            for name in self.fields:
                if name.startswith(("source_", "reason_")):
                    self.fields[name].required = False

    def ask_no_reason(self) -> None:
        """For those who only look at it."""
        for language in LANGUAGES:
            self.fields.pop(f"reason_{language}", None)

    # --- what the template draws ---

    def named(self, *names: str) -> list[forms.BoundField]:
        return [self[name] for name in names]

    def money_fields(self) -> list[forms.BoundField]:
        return self.named("total", "common", "base", "solidarity_percent", "solidarity_places")

    def weight_fields(self) -> list[forms.BoundField]:
        return self.named(*WEIGHTS)

    def band_fields(self) -> list[forms.BoundField]:
        return self.named("band_1", "band_2", "band_3")

    def last_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(("source_", "reason_"))]

    def place_rows(self) -> list[tuple[Place, list[forms.BoundField]]]:
        return [(place, self.named(*(f"{name}_{place.pk}" for name in MEASURES))) for place in self.places]

    @cached_property
    def shown(self) -> dict[str, Any] | None:
        """What comes of it: of what was typed, or of the untouched form; None where it cannot be divided."""
        plan = self.first_plan() if not self.is_bound else self.plan() if self.is_valid() else None
        if plan is None:
            return None
        rows = money_page.planned_rows(plan, self.places)
        return {
            "rows": rows,
            "steps": [*money_page.sentences(plan, rows), *money_page.points_sentences(plan)],
            "by_points": plan.formula.by_points,
            "common": plan.common,
            "total": plan.total,
        }

    # --- what it says ---

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        plan = self._plan(data)
        if not any(data.get(name) for name in WEIGHTS):
            self.add_error("weight_population", _("At least one weight must be more than zero."))
        elif plan.common >= plan.total:
            self.add_error("common", _("Something must be left to divide."))
        elif (
            plan.formula.by_points
            and not 0 < plan.formula.bands[0] < plan.formula.bands[1] < plan.formula.bands[2]
        ):
            self.add_error(
                "band_1", _("The three numbers of residents must grow, each more than the one before.")
            )
        elif plan.formula.solidarity_percent and not 1 <= plan.formula.solidarity_places <= len(self.places):
            self.add_error(
                "solidarity_places",
                _("Please give a whole number from %(least)s to %(most)s.")
                % {"least": 1, "most": len(self.places)},
            )
        elif pure.wrong(plan.cents, plan.measures, plan.formula):
            self.add_error(
                "base", _("The base of all places and the solidarity share are more than is divided.")
            )
        return data

    def plan(self) -> Plan:
        """What was typed, valid."""
        return self._plan(self.cleaned_data)

    def first_plan(self) -> Plan | None:
        """What stands in the untouched form; None while it divides nothing yet."""
        values = {name: self.get_initial_for_field(field, name) for name, field in self.fields.items()}
        if not values["total"] or not self.places:
            return None
        plan = self._plan(values)
        return None if pure.wrong(plan.cents, plan.measures, plan.formula) else plan

    def _plan(self, data: Mapping[str, Any]) -> Plan:
        def whole(name: str) -> int:
            return int(data.get(name) or 0)

        formula = Formula(
            population=whole("weight_population"),
            deprivation=whole("weight_deprivation"),
            deficit=whole("weight_deficit"),
            priority=whole("weight_priority"),
            by_points=data.get("method") == "points",
            bands=(whole("band_1"), whole("band_2"), whole("band_3")),
            base=in_cents(data.get("base") or Decimal(0)),
            solidarity_percent=whole("solidarity_percent"),
            solidarity_places=whole("solidarity_places"),
        )
        measures = [
            Measures(place.slug, *(whole(f"{name}_{place.pk}") for name in MEASURES)) for place in self.places
        ]
        return Plan(
            total=data["total"],
            common=data.get("common") or Decimal(0),
            formula=formula,
            measures=measures,
            binding=bool(data.get("binding")),
            source={language: data.get(f"source_{language}") or "" for language in LANGUAGES},
            reason={language: data.get(f"reason_{language}") or "" for language in LANGUAGES},
        )


HEADS = {
    "population": _("Inhabitants"),
    "deprivation": _("Deprived, %"),
    "deficit": _("Unserved, %"),
    "priority": _("Priority, 0–4"),
}


def _initial(before: Division | None, total: Decimal | None) -> dict[str, Any]:
    """The newest version, or a division that is fair in a simple way: half by residents, half by need."""
    if before is None:
        return {
            "total": total, "method": "shares", "binding": True, "weight_population": 50, "weight_deprivation": 25,
            "weight_deficit": 25, "weight_priority": 0, "band_1": 2_500, "band_2": 5_000, "band_3": 7_500,
        }  # fmt: skip
    return {
        "total": before.total, "common": before.common, "base": before.base, "binding": before.binding,
        "method": "points" if before.by_points else "shares", "solidarity_percent": before.solidarity_percent,
        "solidarity_places": before.solidarity_places or None, "weight_population": before.population,
        "weight_deprivation": before.deprivation, "weight_deficit": before.deficit, "weight_priority": before.priority,
        "band_1": before.bands[0], "band_2": before.bands[1], "band_3": before.bands[2],
        "source_de": getattr(before, "source_de", ""), "source_en": getattr(before, "source_en", ""),
    }  # fmt: skip
