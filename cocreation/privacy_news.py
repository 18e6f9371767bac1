"""What people are told about their data, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.privacy import notice
from accounts.privacy.models import NoticeVersion, Request
from cocreation.news import News, Said, news
from groundwork.html import say


def versions(keys: set[int]) -> Mapping[int, NoticeVersion]:
    return NoticeVersion.objects.in_bulk(keys)


def _changed(facts: Mapping[str, Any], row: NoticeVersion | None) -> Said:
    short = _("Our privacy notice has changed")
    return Said(short, row.changed(get_language() or "de")) if row else Said(short)


news.add(
    notice.CHANGED,
    News("everybody", _changed, rows=versions, mine=True, url=lambda facts: reverse("privacy:versions")),
)


def requests(keys: set[int]) -> Mapping[int, Request]:
    return Request.objects.in_bulk(keys)


def _answered(facts: Mapping[str, Any], row: Request | None) -> Said:
    short = _("The city has answered your request about your data")
    if row is None:
        return Said(short)
    return Said(f"{short}: {row.get_outcome_display()}", "", row.answer, _("Privacy desk"))


def _extended(facts: Mapping[str, Any], row: Request | None) -> Said:
    short = _("The answer to your request about your data takes longer")
    if row is None:
        return Said(short)
    return Said(
        short, _("New date: %(day)s.") % {"day": say.day(row.due_at)}, row.extended_why, _("Privacy desk")
    )


for verb, words in (("privacy_request.answered", _answered), ("privacy_request.extended", _extended)):
    news.add(
        verb, News("named", words, rows=requests, mine=True, url=lambda facts: reverse("privacy:requests"))
    )
