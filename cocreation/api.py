"""Places, processes and their phases; following a contribution. Setting a process up: api_studio.py."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path
from rest_framework import serializers

from cocreation import actions
from cocreation.models import Contribution, Office, Phase, Place, Process
from cocreation.participation import may_follow
from cocreation.querysets import STATES, in_state
from groundwork import clock
from groundwork.answer import require
from groundwork.webapi.lists import Filter, Listing
from groundwork.webapi.shown import Shown, moment, shows, words
from groundwork.webapi.view import Asked, Endpoint, lists, reads, writes


class PlaceOut(Shown):
    slug = words()
    name = words("In the language of the answer.")
    kind = serializers.ChoiceField(choices=Place.Kind.choices)
    parent = words("Slug of the place it lies in.", source="parent.slug", default=None, allow_null=True)
    population = serializers.IntegerField()


class OfficeOut(Shown):
    slug = words()
    name = words()


class PhaseOut(Shown):
    key = words("Its name within the process.")
    method = words("What people do in it: ideas, debate, assessment, ballot, answer …")
    name = words()
    about = words("One sentence.", source="text")
    starts = moment(allow_null=True)
    ends = moment("It ends before this moment.", allow_null=True)
    acts = serializers.ListField(child=serializers.CharField(), help_text="What is possible in it.")
    is_open = serializers.SerializerMethodField()

    def get_is_open(self, phase: Phase) -> bool:
        return phase.is_open(self.asked.at) and not phase.process.is_stopped(self.asked.at)


class ProcessOut(Shown):
    slug = words()
    url = words("The page for people.", source="get_absolute_url")
    title = words()
    question = words()
    lead = words("Introduction.")
    what_open = words()
    what_fixed = words()
    how_decided = words()
    decides = words("Who decides.")
    promise = serializers.ChoiceField(choices=Process.Promise.choices)
    office = OfficeOut()
    places = serializers.SerializerMethodField(help_text="Slugs.")
    answer_by = moment(allow_null=True)
    published_at = moment("Null for a draft.", allow_null=True)
    stopped_at = moment(allow_null=True)
    archived_at = moment(allow_null=True)
    state = serializers.SerializerMethodField(help_text="open, announced or over; by the clock.")
    version = serializers.IntegerField(help_text="Counts every change of its texts.")
    phases = serializers.SerializerMethodField(help_text="With `include=phases`.")

    def get_places(self, process: Process) -> list[str]:
        return [place.slug for place in process.places.all()]

    def get_state(self, process: Process) -> str:
        at = self.asked.at
        if process.is_stopped(at):
            return "over"
        if process.open_phases(at):
            return "open"
        return "announced" if any(phase.is_ahead(at) for phase in process.line) else "over"

    @shows(PhaseOut, many=True)
    def get_phases(self, process: Process) -> list[dict[str, Any]] | None:
        if "phases" not in self.asked.include:
            return None
        return list(PhaseOut(process.line, many=True, context=self.context).data)


PHASES = {"phases": "the phases"}


def processes_for(person: Any) -> QuerySet[Process]:
    """Those a person may see, with all an answer shows: constant queries."""
    found: Any = Process.objects.visible_to(person).real().select_related("office")
    return found.prefetch_related(
        "places", Prefetch("phases", queryset=Phase.objects.select_related("process"))
    )


def process_named(slug: str, person: Any) -> Process:
    return get_object_or_404(processes_for(person), slug=slug)


def _in_state(rows: Any, value: str) -> Any:
    return in_state(rows, value, clock.now())


class Places(Endpoint):
    tag = "places"

    @lists(
        PlaceOut, id="listPlaces", words="Places",
        listing=Listing(
            {"name": ("slug",)},
            {"kind": Filter("kind", "Only this kind.", Place.Kind.values), "parent": Filter("parent__slug", "Within this place.")},
        ),
    )  # fmt: skip
    def get(self, asked: Asked) -> QuerySet[Place]:
        """The tree from the region to the village."""
        return Place.objects.select_related("parent")


class OnePlace(Endpoint):
    tag = "places"

    @reads(PlaceOut, id="readPlace", words="One place")
    def get(self, asked: Asked, slug: str) -> Place:
        return get_object_or_404(Place.objects.select_related("parent"), slug=slug)


class Offices(Endpoint):
    tag = "places"

    @lists(OfficeOut, id="listOffices", words="Offices", listing=Listing({"name": ("slug",)}))
    def get(self, asked: Asked) -> QuerySet[Office]:
        """The parts of the administration that answer."""
        return Office.objects.all()


class Processes(Endpoint):
    tag = "processes"

    @lists(
        ProcessOut, id="listProcesses", words="Processes",
        listing=Listing(
            {"newest": ("-pk",), "name": ("slug",)},
            {
                "state": Filter(_in_state, "Where it stands now.", STATES),
                "place": Filter("places__slug", "About this place."),
                "office": Filter("office__slug", "Of this office."),
            },
            PHASES,
        ),
    )  # fmt: skip
    def get(self, asked: Asked) -> QuerySet[Process]:
        """Questions of the city to its people. Drafts are seen by those who set them up."""
        return processes_for(asked.person)


class OneProcess(Endpoint):
    tag = "processes"

    @reads(ProcessOut, id="readProcess", words="One process", includes=PHASES)
    def get(self, asked: Asked, slug: str) -> Process:
        return process_named(slug, asked.person)


class Follow(Endpoint):
    """Following a contribution, as the button on its page."""

    tag = "contributions"

    @writes(None, id="follow", words="Follow a contribution")
    def put(self, asked: Asked, receipt: str) -> None:
        """Its news come to your inbox. Twice is the same as once."""
        found = visible_contribution(receipt, asked.person)
        require(may_follow(asked.person))
        actions.follow(person=asked.person, contribution=found, at=asked.at)

    @writes(None, id="unfollow", words="Follow it no longer")
    def delete(self, asked: Asked, receipt: str) -> None:
        actions.unfollow(person=asked.person, contribution=visible_contribution(receipt, asked.person))


def visible_contribution(receipt: str, person: Any) -> Contribution:
    found = Contribution.objects.visible_to(person).select_related("process", "author", "organisation")
    return get_object_or_404(found, receipt=receipt)


class Phases(Endpoint):
    tag = "processes"

    @lists(
        PhaseOut,
        id="listPhases",
        words="Phases of a process",
        listing=Listing({"time": ("lane", "order", "pk")}),
    )
    def get(self, asked: Asked, slug: str) -> QuerySet[Phase]:
        process = process_named(slug, asked.person)
        return Phase.objects.filter(process=process).select_related("process")


urlpatterns = [
    path("places", Places.as_view(), name="places"),
    path("places/<slug:slug>", OnePlace.as_view(), name="place"),
    path("offices", Offices.as_view(), name="offices"),
    path("processes", Processes.as_view(), name="processes"),
    path("processes/<slug:slug>", OneProcess.as_view(), name="process"),
    path("processes/<slug:slug>/phases", Phases.as_view(), name="phases"),
    path("contributions/<str:receipt>/follow", Follow.as_view(), name="follow"),
]
