"""Addresses of pages and files, whole: what catalogues and other programs keep."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from feedback.opendata.models import ReleaseFile


def whole(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def page(slug: str = "", language: str = "de") -> str:
    with translation.override(language):
        return whole(reverse("opendata:dataset", args=[slug]) if slug else reverse("opendata:catalogue"))


def file(slug: str, number: int, name: str) -> str:
    return whole(reverse("opendata_file", args=[slug, number, name]))


def of_file(found: ReleaseFile) -> str:
    return file(found.release.dataset, found.release.number, found.name)
