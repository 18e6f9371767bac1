"""A data set in schema.org's words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

from feedback.opendata import addresses
from feedback.opendata.metadata import said
from feedback.opendata.models import Release
from groundwork.datasets import Dataset
from groundwork.html.linked import city


def dataset(found: Dataset, release: Release | None) -> dict[str, Any]:
    language = "en" if get_language() == "en" else "de"
    page = addresses.page(found.slug, language)
    data: dict[str, Any] = {
        "@type": "Dataset",
        "@id": f"{addresses.page(found.slug)}#dataset",
        "name": said(found.title)[language],
        "description": said(found.about)[language],
        "url": page,
        "license": found.terms.url,
        "isAccessibleForFree": True,
        "creator": city(),
        "keywords": [str(word) for word in found.keywords],
        "variableMeasured": [str(column.words) for column in found.columns],
        "includedInDataCatalog": {"@type": "DataCatalog", "url": addresses.page("", language)},
    }
    if release is not None:
        data |= {
            "version": str(release.number),
            "dateModified": release.made_at.isoformat(timespec="seconds"),
            "distribution": [
                {
                    "@type": "DataDownload",
                    "contentUrl": addresses.file(found.slug, release.number, file.name),
                    "encodingFormat": file.media_type.split(";")[0],
                    "contentSize": str(file.size),
                    "sha256": file.sha256,
                }
                for file in release.files.all()
            ],
        }
    return data
