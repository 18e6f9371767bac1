"""What the hall publishes as data: places, offices, processes and their phases. Rooms above point to these tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import F
from django.db.models.functions import NullIf
from django.utils.translation import gettext_lazy as _

from cocreation.models import Office, Phase, Place, Process
from groundwork import metrics
from groundwork.answer import Words, late
from groundwork.datasets import ADDRESS, INTEGER, MOMENT, Column, Dataset, add
from groundwork.metrics import Metric

TAKING_PART = (_("participation"), _("co-creation"))


def process_column(path: str = "process__slug") -> Column:
    return Column("process", path, _("Process"), _("The process it belongs to."), required=True, refers=("processes", "slug"))  # fmt: skip


def place_column(path: str = "place__slug", *, required: bool = True) -> Column:
    return Column("place", path, _("Place"), _("The place it is about."), required=required, refers=("places", "slug"))  # fmt: skip


def office_column(path: str = "office__slug") -> Column:
    return Column("office", path, _("Office"), _("The office of the city that is responsible."), required=True, refers=("offices", "slug"))  # fmt: skip


def receipt_column(name: str = "number", path: str = "receipt") -> Column:
    return Column(name, path, _("Number"), _("The receipt number. It stays the same for ever."), key=True, required=True)  # fmt: skip


def in_both(name: str, field: str, words: Words, means: Words) -> tuple[Column, ...]:
    """A text the city holds in German and English: two columns."""
    return tuple(
        Column(f"{name}_{language}", f"{field}_{language}", _said(words, language), means)
        for language in ("de", "en")
    )


def _said(words: Words, language: str) -> Words:
    return late(lambda: f"{words} ({language})")


def address_of(path: str) -> Callable[[Any], str]:
    """Makes the address of a page from what stands in its column: `/de/` leads to the reader's own language as well."""
    return lambda value: f"{settings.SITE_URL}/de/{path}{value}/"


add(
    Dataset(
        "places",
        _("Places"),
        _("The region, its towns, districts and villages, as processes and proposals use them."),
        rows=lambda: Place.objects.all(),
        order=("slug",),
        columns=(
            Column("slug", "slug", _("Short name"), _("The name in addresses."), key=True, required=True),
            *in_both("name", "name", _("Name"), _("What the place is called.")),
            Column("kind", "kind", _("Kind"), _("Region, town, district or village."), choices=tuple(Place.Kind.choices), required=True),
            Column("character", "character", _("Character"), _("Whether the place is urban or rural."), choices=tuple(Place.Character.choices), required=True),
            Column("part_of", "parent__slug", _("Part of"), _("The larger place it lies in."), refers=("places", "slug")),
            Column("population", NullIf(F("population"), 0), _("Residents"), _("How many people live there; empty where the city did not say."), INTEGER, unit=_("people")),
        ),
        chart="kind",
        licence="CC0-1.0",
        theme="REGI",
        keywords=(_("places"), _("districts")),
    )
)  # fmt: skip

add(
    Dataset(
        "offices",
        _("Offices of the city"),
        _("The parts of the administration that own processes, assess, answer and promise."),
        rows=lambda: Office.objects.all(),
        order=("slug",),
        columns=(
            Column("slug", "slug", _("Short name"), _("The name in addresses."), key=True, required=True),
            *in_both("name", "name", _("Name"), _("What the office is called.")),
        ),
        licence="CC0-1.0",
        keywords=(_("administration"),),
    )
)

add(
    Dataset(
        "processes",
        _("Participation processes"),
        _("Every question the city has put to its people, with the promise it made and who decides."),
        rows=lambda: Process.objects.visible_to(None),
        order=("slug",),
        columns=(
            Column("slug", "slug", _("Short name"), _("The name in the address of its page."), key=True, required=True),
            *in_both("title", "title", _("Title"), _("The short name people know it by.")),
            *in_both("question", "question", _("Question"), _("What people are asked.")),
            *in_both("decides", "decides", _("Who decides"), _("The body that decides in the end.")),
            Column("promise", "promise", _("Promise"), _("How much weight the result has."), choices=tuple(Process.Promise.choices), required=True),
            office_column(),
            Column("published", "published_at", _("Published"), _("When it became public."), MOMENT, required=True),
            Column("answer_by", "answer_by", _("Answer by"), _("Until when the city answers."), MOMENT),
            Column("stopped", "stopped_at", _("Stopped"), _("When it was stopped; empty where it was not."), MOMENT),
            Column("address", F("slug"), _("Page"), _("The address of its page."), ADDRESS, show=address_of("processes/"), required=True),
        ),
        chart="promise",
        keywords=TAKING_PART,
    )
)  # fmt: skip

add(
    Dataset(
        "phases",
        _("Phases of the processes"),
        _("What could be done when: every phase of every public process, with its method and its dates."),
        rows=lambda: Phase.objects.filter(process__in=Process.objects.visible_to(None)),
        order=("process__slug", "lane", "order", "key"),
        columns=(
            process_column(),
            Column("key", "key", _("Key"), _("The name of the phase within its process."), required=True),
            Column("id", "pk", _("Number"), _("The number of the phase."), INTEGER, key=True, required=True),
            *in_both("name", "name", _("Name"), _("What the phase is called.")),
            Column("method", "method", _("Method"), _("How people take part in it."), required=True),
            Column("starts", "starts", _("Starts"), _("From when on."), MOMENT),
            Column("ends", "ends", _("Ends"), _("Until when; this moment does not belong to it."), MOMENT),
        ),
        chart="method",
        keywords=TAKING_PART,
    )
)  # fmt: skip

metrics.add(
    Metric(
        "processes",
        _("Processes"),
        _("Questions the city has put to its people."),
        _("Number of processes that are public, those in the archive included."),
        value=lambda at: Process.objects.published().count(),
        unit=_("processes"),
    )
)
