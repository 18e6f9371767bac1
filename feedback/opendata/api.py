"""The city in figures: what page, desk and tables show, with how each figure is counted."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import path
from rest_framework import serializers

from feedback.opendata import figures
from feedback.opendata.figures import Reading
from groundwork.webapi.shown import Shown, moment, words
from groundwork.webapi.view import Asked, Endpoint, reads


class FigureOut(Shown):
    metric = words("Its name for programs.", source="metric.slug")
    name = words(source="metric.words")
    value = serializers.SerializerMethodField(
        help_text="Null where there is nothing to count yet, or too few people stand behind it."
    )
    unit = words("“%”, or empty for a count.", source="metric.unit")
    about = words("What it says.", source="metric.about")
    formula = words("How it is counted.", source="metric.formula")
    since = moment("Since when it says this.", allow_null=True)
    fresh_at = moment("When it was counted last.", allow_null=True)

    def get_value(self, found: Reading) -> float | None:
        value: float | None = found.as_json()["value"]
        return value


class FiguresOut(Shown):
    items = FigureOut(many=True)


class Figures(Endpoint):
    tag = "data"

    @reads(FiguresOut, id="listFigures", words="The city in figures")
    def get(self, asked: Asked) -> dict[str, Any]:
        """All figures as they stand: the very ones of the page, the desk and the open table."""
        return {"items": figures.current()}


class OneFigure(Endpoint):
    tag = "data"

    @reads(FigureOut, id="readFigure", words="One figure")
    def get(self, asked: Asked, slug: str) -> Reading:
        found = figures.find(slug)
        if found is None:
            raise Http404
        return found


urlpatterns = [
    path("figures", Figures.as_view(), name="figures"),
    path("figures/<slug:slug>", OneFigure.as_view(), name="figure"),
]
