"""The catalogue as DCAT-AP 3.0.1: data sets, their newest versions as distributions, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy
from rdflib import DCAT, DCTERMS, FOAF, RDF, XSD, Graph, Literal, Namespace, URIRef
from rdflib import Graph as _Graph

from feedback.opendata import addresses
from feedback.opendata.metadata import LANGUAGES, said
from feedback.opendata.models import Release, ReleaseFile
from feedback.opendata.words import ABOUT
from groundwork.answer import Words
from groundwork.datasets import INTERNAL, LICENCES, ON_REQUEST, OPEN, Dataset, Licence, datasets

ADMS = Namespace("http://www.w3.org/ns/adms#")
DCATAP = Namespace("http://data.europa.eu/r5r/")
SPDX = Namespace("http://spdx.org/rdf/terms#")
# Newer than the vocabulary rdflib brings.
VERSION = URIRef(f"{DCAT}version")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
AUTHORITY = "http://publications.europa.eu/resource/authority/"
TONGUES = {"de": f"{AUTHORITY}language/DEU", "en": f"{AUTHORITY}language/ENG"}
RIGHTS = {OPEN: "PUBLIC", ON_REQUEST: "RESTRICTED", INTERNAL: "NON_PUBLIC"}
FORMATS = {"csv": "CSV", "jsonl": "JSON", "package": "JSON", "csvw": "JSON_LD"}
TYPES = {
    "csv": "text/csv",
    "jsonl": "application/x-ndjson",
    "package": "application/json",
    "csvw": "application/ld+json",
}
IANA = "https://www.iana.org/assignments/media-types/"
# Formats that hold the rows; the two descriptions are named with the table.
HOLDING_ROWS = ("csv", "jsonl")


def graph(releases: Iterable[Release], began: Mapping[str, datetime]) -> Graph:
    """The whole catalogue. `releases`: the newest version of each data set, with its files; `began`: when its first was made."""
    found = {release.dataset: release for release in releases}
    g = Graph()
    for prefix, space in (
        ("dcat", DCAT), ("dct", DCTERMS), ("foaf", FOAF), ("adms", ADMS), ("spdx", SPDX), ("vcard", VCARD), ("dcatap", DCATAP),
    ):  # fmt: skip
        g.bind(prefix, space)
    home = addresses.page()
    catalogue = URIRef(f"{home}#catalogue")
    city = _city(g)
    g.add((catalogue, RDF.type, DCAT.Catalog))
    _say(g, catalogue, DCTERMS.title, _title())
    _say(g, catalogue, DCTERMS.description, _about())
    g.add((catalogue, DCTERMS.publisher, city))
    _page(g, catalogue, FOAF.homepage, home)
    _licence(g, catalogue, _cc0())
    _tongues(g, catalogue)
    taxonomy = URIRef(f"{AUTHORITY}data-theme")
    g.add((catalogue, DCAT.themeTaxonomy, taxonomy))
    g.add((taxonomy, RDF.type, URIRef("http://www.w3.org/2004/02/skos/core#ConceptScheme")))
    g.add(
        (
            taxonomy,
            DCTERMS.title,
            Literal("Dataset types Named Authority List", lang="en"),
        )
    )
    if found:
        _moment(g, catalogue, DCTERMS.modified, max(release.fresh_at for release in found.values()))
    if began:
        _moment(g, catalogue, DCTERMS.issued, min(began.values()))
    for dataset in datasets:
        if dataset.tier != INTERNAL and (dataset.tier != OPEN or dataset.slug in found):
            node = _dataset(g, dataset, found.get(dataset.slug), city)
            if dataset.slug in began:
                _moment(g, node, DCTERMS.issued, began[dataset.slug])
            g.add((catalogue, DCAT.dataset, node))
    return g


def _dataset(g: _Graph, dataset: Dataset, release: Release | None, city: URIRef) -> URIRef:
    page = addresses.page(dataset.slug)
    node = URIRef(f"{page}#dataset")
    g.add((node, RDF.type, DCAT.Dataset))
    _say(g, node, DCTERMS.title, dataset.title)
    _say(g, node, DCTERMS.description, dataset.about)
    g.add((node, DCTERMS.identifier, Literal(page)))
    g.add((node, DCTERMS.publisher, city))
    g.add((node, DCAT.contactPoint, _contact(g)))
    for word in dataset.keywords:
        _say(g, node, DCAT.keyword, word)
    theme = URIRef(f"{AUTHORITY}data-theme/{dataset.theme}")
    g.add((node, DCAT.theme, theme))
    _concept(g, theme, dataset.theme)
    rights = URIRef(f"{AUTHORITY}access-right/{RIGHTS[dataset.tier]}")
    g.add((node, DCTERMS.accessRights, rights))
    g.add((rights, RDF.type, DCTERMS.RightsStatement))
    often = URIRef(f"{AUTHORITY}frequency/DAILY")
    g.add((node, DCTERMS.accrualPeriodicity, often))
    g.add((often, RDF.type, DCTERMS.Frequency))
    _tongues(g, node)
    _page(g, node, DCAT.landingPage, page)
    if release is not None:
        g.add((node, VERSION, Literal(str(release.number))))
        _moment(g, node, DCTERMS.modified, release.made_at)
        for file in release.files.all():
            if file.form in HOLDING_ROWS:
                g.add((node, DCAT.distribution, _distribution(g, dataset, release, file)))
    return node


def _distribution(g: _Graph, dataset: Dataset, release: Release, file: ReleaseFile) -> URIRef:
    address = addresses.file(release.dataset, release.number, file.name)
    node = URIRef(f"{address}#distribution")
    g.add((node, RDF.type, DCAT.Distribution))
    g.add((node, DCTERMS.title, Literal(file.name)))
    _say(g, node, DCTERMS.description, dataset.about)
    for what in (DCAT.accessURL, DCAT.downloadURL):
        g.add((node, what, URIRef(address)))
    g.add((URIRef(address), RDF.type, URIRef("http://www.w3.org/2000/01/rdf-schema#Resource")))
    form = URIRef(f"{AUTHORITY}file-type/{FORMATS[file.form]}")
    g.add((node, DCTERMS.format, form))
    g.add((form, RDF.type, DCTERMS.MediaTypeOrExtent))
    media = URIRef(f"{IANA}{TYPES[file.form]}")
    g.add((node, DCAT.mediaType, media))
    g.add((media, RDF.type, DCTERMS.MediaType))
    g.add((node, DCAT.byteSize, Literal(file.size, datatype=XSD.nonNegativeInteger)))
    _moment(g, node, DCTERMS.issued, release.made_at)
    _moment(g, node, DCTERMS.modified, release.made_at)
    _licence(g, node, dataset.terms)
    available = URIRef("http://publications.europa.eu/resource/authority/planned-availability/STABLE")
    g.add((node, DCATAP.availability, available))
    _concept(g, available, "STABLE")
    check = URIRef(f"{address}#checksum")
    g.add((node, SPDX.checksum, check))
    g.add((check, RDF.type, SPDX.Checksum))
    g.add((check, SPDX.algorithm, SPDX.checksumAlgorithm_sha256))
    g.add((SPDX.checksumAlgorithm_sha256, RDF.type, SPDX.ChecksumAlgorithm))
    g.add((check, SPDX.checksumValue, Literal(file.sha256, datatype=XSD.hexBinary)))
    described = {each.form: each for each in release.files.all()}.get("csvw")
    if described is not None and file.form == "csv":
        standard = URIRef("https://www.w3.org/TR/tabular-data-model/")
        g.add((node, DCTERMS.conformsTo, standard))
        g.add((standard, RDF.type, DCTERMS.Standard))
        _page(g, node, FOAF.page, addresses.file(release.dataset, release.number, described.name))
    return node


def _city(g: _Graph) -> URIRef:
    node = URIRef(f"{settings.SITE_URL}/#city")
    g.add((node, RDF.type, FOAF.Agent))
    g.add((node, FOAF.name, Literal(settings.CITY_NAME)))
    kind = URIRef("http://purl.org/adms/publishertype/LocalAuthority")
    g.add((node, DCTERMS.type, kind))
    _concept(g, kind, "Local Authority")
    return node


def _contact(g: _Graph) -> URIRef:
    node = URIRef(f"{settings.SITE_URL}/#contact")
    g.add((node, RDF.type, VCARD.Kind))
    g.add((node, VCARD.fn, Literal(settings.CITY_NAME)))
    g.add((node, VCARD.hasEmail, URIRef(f"mailto:{settings.CITY_EMAIL}")))
    return node


def _licence(g: _Graph, node: URIRef, terms: Licence) -> None:
    licence = URIRef(f"{AUTHORITY}licence/{terms.code}")
    g.add((node, DCTERMS.license, licence))
    g.add((licence, RDF.type, DCTERMS.LicenseDocument))


def _tongues(g: _Graph, node: URIRef) -> None:
    for language in LANGUAGES:
        tongue = URIRef(TONGUES[language])
        g.add((node, DCTERMS.language, tongue))
        g.add((tongue, RDF.type, DCTERMS.LinguisticSystem))


def _concept(g: _Graph, node: URIRef, label: str) -> None:
    skos = Namespace("http://www.w3.org/2004/02/skos/core#")
    g.add((node, RDF.type, skos.Concept))
    g.add((node, skos.prefLabel, Literal(label, lang="en")))


def _page(g: _Graph, node: URIRef, what: URIRef, address: str) -> None:
    g.add((node, what, URIRef(address)))
    g.add((URIRef(address), RDF.type, FOAF.Document))


def _say(g: _Graph, node: URIRef, what: URIRef, words: Words) -> None:
    for language, text in said(words).items():
        g.add((node, what, Literal(text, lang=language)))


def _moment(g: _Graph, node: URIRef, what: URIRef, at: Any) -> None:
    g.add((node, what, Literal(at.isoformat(timespec="seconds"), datatype=XSD.dateTime)))


def _cc0() -> Licence:
    return LICENCES["CC0-1.0"]


def _title() -> Words:
    return format_lazy(gettext_lazy("Open data of {city}: participation"), city=settings.CITY_NAME)


def _about() -> Words:
    return ABOUT
