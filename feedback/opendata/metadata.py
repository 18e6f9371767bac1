"""What stands beside the tables for programs: Frictionless Data Package and CSV on the Web. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation

from groundwork import datasets as declared
from groundwork.answer import Words
from groundwork.datasets import Column, Dataset

LANGUAGES = ("de", "en")
_FRICTIONLESS = {
    declared.STRING: {"type": "string"},
    declared.INTEGER: {"type": "integer"},
    declared.NUMBER: {"type": "number"},
    declared.BOOLEAN: {"type": "boolean"},
    declared.DATE: {"type": "date"},
    declared.MOMENT: {"type": "datetime"},
    declared.ADDRESS: {"type": "string", "format": "uri"},
}
_XSD = {
    declared.STRING: "string",
    declared.INTEGER: "integer",
    declared.NUMBER: "decimal",
    declared.BOOLEAN: "boolean",
    declared.DATE: "date",
    declared.MOMENT: "dateTimeStamp",
    declared.ADDRESS: "anyURI",
}


@dataclass(frozen=True, slots=True)
class Table:
    """What is known of a written table: where it is, its size in bytes, its checksum, number of rows, when it was read."""

    dataset: Dataset
    path: str
    size: int
    sha256: str
    rows: int
    number: int
    made_at: str


def said(words: Words) -> dict[str, str]:
    """Words in every language."""
    found = {}
    for language in LANGUAGES:
        with translation.override(language):
            found[language] = str(words)
    return found


def described(columns: Sequence[Column]) -> list[dict[str, Any]]:
    """The columns as a version keeps them: what they meant then."""
    return [
        {
            "name": column.name,
            "type": column.type,
            "words": said(column.words),
            "means": said(column.means),
            "unit": said(column.unit),
            "required": column.required,
            "choices": [[code, said(words)] for code, words in column.choices],
            "refers": list(column.refers) if column.refers else None,
        }
        for column in columns
    ]


# --- Frictionless ---


def resource(table: Table, *, references: bool) -> dict[str, Any]:
    dataset = table.dataset
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in dataset.columns],
        "primaryKey": dataset.key,
        "missingValues": [""],
    }
    keys = [
        {
            "fields": [column.name],
            # An empty name means this very table.
            "reference": {
                "resource": "" if column.refers[0] == dataset.slug else column.refers[0],
                "fields": [column.refers[1]],
            },
        }
        for column in dataset.columns
        if column.refers and (references or column.refers[0] == dataset.slug)
    ]
    return {
        "name": dataset.slug,
        "title": said(dataset.title)["en"],
        "description": said(dataset.about)["en"],
        "path": table.path,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": table.size,
        "hash": f"sha256:{table.sha256}",
        "schema": schema | ({"foreignKeys": keys} if keys else {}),
    }


def _field(column: Column) -> dict[str, Any]:
    words, means = said(column.words), said(column.means)
    limits: dict[str, Any] = {}
    if column.required:
        limits["required"] = True
    if column.key:
        limits["unique"] = True
    if column.choices:
        limits["enum"] = [code for code, _words in column.choices]
    return {
        "name": column.name,
        "title": words["en"],
        "description": means["en"],
        "title_de": words["de"],
        "description_de": means["de"],
        **({"unit": said(column.unit)["en"], "unit_de": said(column.unit)["de"]} if column.unit else {}),
        **_FRICTIONLESS[column.type],
        **({"constraints": limits} if limits else {}),
    }


def package(
    name: str, title: Words, about: Words, tables: Sequence[Table], *, references: bool
) -> dict[str, Any]:
    """A Data Package of these tables; with `references` they are all of them and point to each other."""
    terms = tables[0].dataset.terms if len(tables) == 1 else declared.LICENCES["CC-BY-4.0"]
    return {
        "profile": "tabular-data-package",
        "name": name,
        "id": f"{settings.SITE_URL}/de/data/",
        "title": said(title)["en"],
        "description": said(about)["en"],
        "title_de": said(title)["de"],
        "description_de": said(about)["de"],
        "created": max((table.made_at for table in tables), default=""),
        "version": str(max((table.number for table in tables), default=0)),
        "licenses": [{"name": terms.slug, "title": terms.name, "path": terms.url}],
        "sources": [{"title": f"Quartier {settings.CITY_NAME}", "path": settings.SITE_URL}],
        "resources": [resource(table, references=references) for table in tables],
    }  # fmt: skip


# --- CSV on the Web ---


def csvw_table(table: Table, *, references: Sequence[Table] = ()) -> dict[str, Any]:
    paths = {other.dataset.slug: other.path for other in references}
    dataset = table.dataset
    schema: dict[str, Any] = {
        "columns": [_csvw_column(column) for column in dataset.columns],
        "primaryKey": dataset.key,
    }
    keys = [
        {
            "columnReference": column.name,
            "reference": {"resource": paths[column.refers[0]], "columnReference": column.refers[1]},
        }
        for column in dataset.columns
        # An empty cell would be a key that leads nowhere: the standard knows no optional ones.
        if column.refers and column.required and column.refers[0] in paths
    ]
    return {
        "url": table.path,
        "dc:title": _strings(dataset.title),
        "dc:description": _strings(dataset.about),
        "dc:license": {"@id": dataset.terms.url},
        "dc:modified": {"@value": table.made_at, "@type": "xsd:dateTime"},
        "tableSchema": schema | ({"foreignKeys": keys} if keys else {}),
    }


def csvw(table: Table) -> dict[str, Any]:
    """The description of one table, beside it."""
    return {"@context": "http://www.w3.org/ns/csvw", **csvw_table(table)}


def csvw_group(tables: Sequence[Table]) -> dict[str, Any]:
    """The description of all tables, with what points where."""
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "tables": [csvw_table(table, references=tables) for table in tables],
    }


def _csvw_column(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "titles": column.name,
        "dc:title": _strings(column.words),
        "dc:description": _strings(column.means),
        "datatype": _XSD[column.type],
        **({"required": True} if column.required else {}),
    }


def _strings(words: Words) -> list[dict[str, str]]:
    return [{"@value": text, "@language": language} for language, text in said(words).items()]
