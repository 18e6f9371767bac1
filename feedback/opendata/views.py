"""The catalogue and the page of a data set for people; the same as documents for programs; the files themselves."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cocreation.data_package import VERSION, in_order
from cocreation.desk import desk_context, staff_required
from cocreation.models import Process
from feedback.opendata import addresses, figures, linked, metadata, packages, packing, reading
from feedback.opendata.models import Release, ReleaseFile
from feedback.opendata.words import ABOUT, TIERS
from groundwork import clock, small_numbers
from groundwork.datasets import LICENCES, OPEN, TYPES, datasets, reasons
from groundwork.html.linked import script
from groundwork.html.ranges import Stored, serve

VERSIONS_AT_ONCE = 12


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    rows = [
        (dataset, release, release.is_stale(at) if release else False, TIERS[dataset.tier])
        for dataset, release in reading.listed()
    ]
    context = {
        "menu": "data", "rows": rows, "about": ABOUT, "reasons": list(reasons.values()),
        "fresh": max((release.fresh_at for _d, release, _s, _t in rows if release), default=None),
    }  # fmt: skip
    return render(request, "feedback/opendata/catalogue.html", context)


@require_safe
def dataset(request: HttpRequest, slug: str) -> HttpResponse:
    found = reading.find(slug)
    if found is None:
        raise Http404
    versions = reading.versions(slug) if found.tier == OPEN else []
    release = versions[0] if versions else None
    context = {
        "menu": "data", "dataset": found, "release": release, "versions": versions[:VERSIONS_AT_ONCE],
        "more_versions": max(0, len(versions) - VERSIONS_AT_ONCE), "tier": TIERS[found.tier],
        "stale": release.is_stale(clock.now()) if release else False,
        "columns": reading.dictionary(release, found), "types": TYPES,
        "examples": reading.examples(found, release) if release else [],
        "heads": [column["name"] for column in release.columns] if release else [],
        "bars": reading.bars(found, release) if release else [],
        "chart_words": found.column(found.chart).words if found.chart else "",
        "linked": script(linked.dataset(found, release)),
    }  # fmt: skip
    return render(request, "feedback/opendata/dataset.html", context)


@require_safe
def process(request: HttpRequest, slug: str) -> HttpResponse:
    """What can be taken along of one process: everything in one file, and what is in it."""
    found = get_object_or_404(Process.objects.published(), slug=slug)
    package = packages.of(found)
    counts = package.counts if package else {}
    context = {
        "menu": "data", "process": found, "package": package, "version": VERSION, "terms": LICENCES[packing.LICENCE],
        "rows": [(each.words, counts[each.type]) for each in in_order() if counts.get(each.type)],
    }  # fmt: skip
    return render(request, "feedback/opendata/process.html", context)


@require_safe
def city_figures(request: HttpRequest) -> HttpResponse:
    """What the city counts about itself, each figure with its definition."""
    return render(request, "feedback/opendata/figures.html", {"menu": "data", "readings": figures.current(), "k": small_numbers.k()})  # fmt: skip


@staff_required()
@require_safe
def desk_figures(request: HttpRequest) -> HttpResponse:
    """The same figures for staff: the very same rows."""
    context = desk_context(request, "figures") | {"readings": figures.current()}
    return render(request, "feedback/opendata/desk_figures.html", context)


# --- for programs, at addresses without a language ---


@require_safe
def file(request: HttpRequest, slug: str, number: int, name: str) -> HttpResponseBase:
    """One file of one version: the address stays the same for ever."""
    found = get_object_or_404(
        ReleaseFile.objects.select_related("release"),
        release__dataset__in=_open(), release__dataset=slug, release__number=number, name=name,
    )  # fmt: skip
    stored = Stored(found.stored, found.name, found.size, found.sha256, found.media_type)
    return serve(request, stored, found.release.taken_out_at or found.release.made_at)


@require_safe
def newest_file(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Leads to this file of the newest version."""
    release = get_object_or_404(
        Release.objects.filter(dataset__in=_open(), dataset=slug).order_by("-number")[:1]
    )
    get_object_or_404(release.files, name=name)
    found = HttpResponseRedirect(reverse("opendata_file", args=[slug, release.number, name]))
    found.headers["Access-Control-Allow-Origin"] = "*"
    return found


@require_safe
def process_package(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Everything public about a process, as it is now."""
    found = get_object_or_404(Process.objects.published(), slug=slug)
    package = packages.of(found)
    if package is None:
        raise Http404
    name = f"{found.slug}-participation-data.zip"
    stored = Stored(package.stored, name, package.size, package.sha256, "application/zip")
    return serve(request, stored, package.made_at)


@require_safe
def package_schema(request: HttpRequest) -> HttpResponse:
    """The published form of packages, as JSON Schema."""
    return _json(packing.schema(), "application/schema+json")


def _open() -> list[str]:
    return [each.slug for each in datasets if each.tier == OPEN]


@require_safe
def dcat(request: HttpRequest, form: str) -> HttpResponse:
    """The catalogue as DCAT-AP, in Turtle or JSON-LD."""
    if form not in ("ttl", "jsonld"):
        raise Http404
    from feedback.opendata import catalogue as dcat_ap  # rdflib takes a moment to load

    graph = dcat_ap.graph(reading.newest().values(), reading.began())
    if form == "ttl":
        return _document(graph.serialize(format="turtle"), "text/turtle; charset=utf-8")
    return _document(graph.serialize(format="json-ld", auto_compact=True), "application/ld+json")


@require_safe
def figures_json(request: HttpRequest) -> HttpResponse:
    """The figures as they stand, with their definitions."""
    return _json({"figures": [reading.as_json() for reading in figures.current()]}, "application/json")


@require_safe
def whole_package(request: HttpRequest) -> HttpResponse:
    """All newest tables as one Data Package: here what points to another table can be followed."""
    tables = reading.tables(reading.newest(), _path)
    title = _("Open data")
    return _json(metadata.package("open-data", title, ABOUT, tables, references=True), "application/json")


@require_safe
def whole_csvw(request: HttpRequest) -> HttpResponse:
    """All newest tables as one group for CSV on the Web."""
    return _json(metadata.csvw_group(reading.tables(reading.newest(), _path)), "application/csvm+json")


def _path(release: Release, found: ReleaseFile) -> str:
    return addresses.file(release.dataset, release.number, found.name)


def _json(data: dict[str, Any], media_type: str) -> HttpResponse:
    return _document(json.dumps(data, ensure_ascii=False, indent=1) + "\n", media_type)


def _document(text: str, media_type: str) -> HttpResponse:
    response = HttpResponse(text, content_type=media_type)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "public, max-age=300"
    return response
