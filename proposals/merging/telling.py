"""Who is told what of a merge, and in which words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cocreation.news import News, Said, news
from proposals.merging.models import OPEN_FOR, Merge, MergePart


def _rows(keys: set[int]) -> Mapping[int, Merge]:
    return Merge.objects.with_all().in_bulk(keys)


def _table(data: Mapping[str, Any]) -> str:
    return reverse("merging:merge", args=[data["merge"]])


def _changed(data: Mapping[str, Any]) -> str:
    return reverse("merging:changed", args=[data["merge"]])


def _numbers(merge: Merge | None) -> str:
    return ", ".join(part.proposal.receipt for part in merge.here) if merge else ""


def _part(data: Mapping[str, Any], merge: Merge | None) -> MergePart | None:
    return next((part for part in merge.everybody if part.pk == data.get("part")), None) if merge else None


def proposed(data: Mapping[str, Any], merge: Merge | None) -> Said:
    short = _("Somebody proposes to make one of similar proposals, yours among them")
    text = _(
        "It concerns %(numbers)s. Nothing changes unless every lead author agrees to the same text within %(n)s days."
    )
    return Said(short, text % {"numbers": _numbers(merge), "n": OPEN_FOR.days})


def text_changed(data: Mapping[str, Any], merge: Merge | None) -> Said:
    return Said(
        _("The joint text was changed: version %(n)s") % {"n": data.get("version", "")},
        _("Who agreed to an older version is asked again. Please read it and say whether you agree."),
    )


def declined(data: Mapping[str, Any], merge: Merge | None) -> Said:
    part = _part(data, merge)
    number = part.proposal.receipt if part else ""
    text = (
        _("The others can go on without it. Please read the joint text again and agree anew.")
        if merge is not None and merge.is_open
        else _("So nothing was joined. All proposals stay as they are.")
    )
    return Said(_("%(number)s will not be joined") % {"number": number}, text, part.reason if part else "")


def went_on(data: Mapping[str, Any], merge: Merge | None) -> Said:
    part = _part(data, merge)
    return Said(
        _("The merge goes on without %(number)s") % {"number": part.proposal.receipt if part else ""},
        _("Please read the joint text again and agree anew."),
    )


def stopped(data: Mapping[str, Any], merge: Merge | None) -> Said:
    return Said(_("The merge was taken back"), _("Nothing was joined. All proposals stay as they are."))


def expired(data: Mapping[str, Any], merge: Merge | None) -> Said:
    return Said(
        _("The merge ran out"),
        _(
            "Not every lead author agreed within %(n)s days. All proposals stay as they are. It can be proposed again."
        )
        % {"n": OPEN_FOR.days},
    )


def completed(data: Mapping[str, Any], merge: Merge | None) -> Said:
    n = int(data.get("parts", 2))
    short = ngettext("%(n)s proposal became one", "%(n)s proposals became one", n) % {"n": n}
    text = _(
        "%(numbers)s live on together. Your support counts for the joint proposal. See what changed; you can take it back with one press."
    )
    return Said(short, text % {"numbers": _numbers(merge)}, merge.text.title if merge else "")


def split(data: Mapping[str, Any], merge: Merge | None) -> Said:
    part = _part(data, merge)
    number = part.proposal.receipt if part else ""
    if data.get("own"):
        return Said(
            _("It stands for itself again"),
            _("The proposals were separated. Your support stands with this one, as before."),
            part.split_reason if part else "",
        )
    text = (
        _("The joint page has its earlier text again.")
        if data.get("text_is_back")
        else _("The joint page keeps its text.")
    )
    return Said(
        _("%(number)s was separated again") % {"number": number}, text, part.split_reason if part else ""
    )


news.add("merge.proposed", News("named", proposed, rows=_rows, url=_table))
news.add("merge.text_changed", News("named", text_changed, rows=_rows, url=_table))
news.add("merge.declined", News("named", declined, rows=_rows, url=_table))
news.add("merge.went_on", News("named", went_on, rows=_rows, url=_table))
news.add("merge.stopped", News("named", stopped, rows=_rows, url=_table))
news.add("merge.expired", News("named", expired, rows=_rows, url=_table))
news.add("merge.completed", News("contribution", completed, rows=_rows, url=_changed))
news.add("merge.split", News("contribution", split, rows=_rows))
