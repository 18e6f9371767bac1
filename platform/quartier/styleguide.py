"""Every building block in every state, on one page: what a designer signs and what the tests crawl."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from groundwork import clock
from groundwork.html.forms import Cards, ChipBoxes, Chips, EuroField, MomentField, Verdicts
from groundwork.html.line import Lane, Stop

HUES = [
    ("", "165", "roofs"),
    ("moss", "140", "trees"),
    ("river", "235", "river"),
    ("clay", "52", "streets"),
    ("plum", "335", "tiles"),
    ("sun", "82", "roofs"),
    ("violet", "295", "fields"),
]


class Sample(forms.Form):
    """One field of every kind."""

    title = forms.CharField(label=gettext_lazy("Title"), help_text=gettext_lazy("Short and easy to grasp."))
    place = forms.CharField(
        label=gettext_lazy("Place"),
        error_messages={"required": gettext_lazy("Where should it be?")},
    )
    topic = forms.ChoiceField(
        label=gettext_lazy("Topic"), choices=[("green", gettext_lazy("Green and water"))], required=False
    )
    text = forms.CharField(
        label=gettext_lazy("What and why"), widget=forms.Textarea(attrs={"rows": 4}), max_length=600
    )
    cost = EuroField(label=gettext_lazy("Cost in euros"))
    ends = MomentField(
        label=gettext_lazy("Ends"), error_messages={"required": gettext_lazy("When does the phase end?")}
    )
    side = forms.ChoiceField(
        label=gettext_lazy("Your view"),
        widget=Chips(drawings={"for": "plus", "against": "minus", "question": "circle-help"}),
        choices=[
            ("for", gettext_lazy("For")),
            ("against", gettext_lazy("Against")),
            ("question", gettext_lazy("Question")),
        ],
    )
    verdict = forms.ChoiceField(
        label=gettext_lazy("Is that feasible?"),
        widget=Verdicts(drawings={"yes": "circle-check", "changed": "circle-dot", "no": "circle-x"}),
        choices=[
            ("yes", gettext_lazy("Yes")),
            ("changed", gettext_lazy("With a change")),
            ("no", gettext_lazy("No")),
        ],
    )
    who = forms.MultipleChoiceField(
        label=gettext_lazy("Who may vote?"),
        widget=ChipBoxes,
        choices=[("home", gettext_lazy("Residents")), ("guest", gettext_lazy("Guests without an account"))],
    )
    method = forms.ChoiceField(
        label=gettext_lazy("How do people vote?"),
        widget=Cards(
            drawings={"shares": "m-shares", "approve": "m-approve", "rank": "m-rank", "points": "m-points"}
        ),
        choices=[
            ("shares", gettext_lazy("Equal shares")),
            ("approve", gettext_lazy("Ticks")),
            ("rank", gettext_lazy("Ranking")),
            ("points", gettext_lazy("Points")),
        ],
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        widget=forms.RadioSelect,
        choices=[("de", "Deutsch"), ("en", "English")],
        required=False,
    )
    named = forms.BooleanField(label=gettext_lazy("Show my name"), required=False)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    context = {
        "hues": [{"name": name, "degrees": degrees, "pattern": pattern} for name, degrees, pattern in HUES],
        "stops": stops(now),
        "lanes": lanes(),
        "late": late_stops(),
        "minis": minis(),
        "now": now,
        "sunday": next_sunday(now),
        "segments": [("river", 42_000), ("clay", 78_000), ("violet", 27_000)],
        "bar": [("", 93)],
        "budget": 300_000,
        "left": 153_000,
        "thing": SimpleNamespace(pk=3, pattern="trees"),
        "form": Sample(
            initial={
                "title": _("Benches by the river"),
                "side": "for",
                "verdict": "changed",
                "who": ["home"],
                "method": "shares",
                "language": "de",
            },
            prefix="a",
        ),
        "wrong": Sample({"b-title": _("Benches by the river"), "b-cost": "x"}, prefix="b"),
        "text": _("A **drinking fountain**, three trees and benches.\n\n- shade at noon\n- water for all"),
    }
    return render(request, "styleguide.html", context)


def next_sunday(now: datetime) -> datetime:
    return (now + timedelta(days=(6 - now.weekday()) % 7 or 7)).replace(hour=16, minute=0)


def stops(now: datetime) -> list[Stop]:
    return [
        Stop(_("Ideas"), "past", _("filled, drawn through")),
        Stop(_("Check"), "past"),
        Stop(_("Elaboration"), "past"),
        Stop(_("Vote"), "now", due=_("until Sunday"), url="#line"),
        Stop(_("Answer"), "next", _("from the city"), _("by 30 June"), "calendar-clock"),
        Stop(_("Building"), "next", _("hollow, dotted")),
        Stop(_("Review"), "next"),
    ]


def lanes() -> list[Lane]:
    along = [
        Stop(_("Youth budget"), "past", _("in 3 schools")),
        Stop(_("Youth jury"), "past"),
        Stop(_("Young people vote"), "now"),
    ]
    return [(_("Youth budget"), 2, 5, along)]


def late_stops() -> list[Stop]:
    return [
        Stop(_("Promised"), "past", _("24 June")),
        Stop(_("Set up"), "late", _("Delivery takes longer"), _("new: 15 July"), "triangle-alert"),
        Stop(_("Opening"), "next"),
    ]


def minis() -> list[dict[str, Any]]:
    names = [_("Received"), _("Check"), _("Vote"), _("Answer"), _("Building")]
    states = {
        _("Received"): ("now", "next", "next", "next", "next"),
        _("On the ballot"): ("past", "past", "now", "next", "next"),
        _("Late"): ("past", "past", "late", "next", "next"),
        _("Opened"): ("past", "past", "past", "past", "past"),
    }
    rest = {_("On the ballot"): _("until Sunday"), _("Late"): _("new: 15 July")}
    return [
        {
            "words": words,
            "rest": rest.get(words, ""),
            "stops": [Stop(name, state) for name, state in zip(names, along, strict=True)],  # type: ignore[arg-type]
        }
        for words, along in states.items()
    ]


urlpatterns = [path("styleguide/", page, name="styleguide")]
