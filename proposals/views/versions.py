"""The versions of a text: the list, two of them compared, one to read; and a new one by a writer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.request import person_of
from groundwork import clock
from groundwork.answer import No, Refused, require
from groundwork.html import say
from proposals import actions, memory, rules
from proposals.differences import Difference, difference
from proposals.hand_forms import RestoreForm, RevisionForm, drafted, initial_of
from proposals.models import Proposal, Revision, Support, TextDraft
from proposals.views.page import get_proposal, signed_in

if TYPE_CHECKING:
    from accounts.models import Person

SHOWN = 100
VIEWS = ("inline", "sides")


# --- reading ---


@require_safe
def versions(request: HttpRequest, receipt: str) -> HttpResponse:
    """All versions, and two of them compared: `?from=1&to=3&view=sides`. `?since=support` begins with the version that
    stood when the reader said that they support it."""
    person = person_of(request)
    found = get_proposal(receipt, person)
    all_of_them = _all(found)
    newest = all_of_them[0]
    new = _chosen(all_of_them, request.GET.get("to"), newest)
    before = next((each for each in all_of_them if each.number < new.number), new)
    old = _chosen(all_of_them, request.GET.get("from"), before)
    if request.GET.get("since") == "support" and person is not None:
        old = _supported_one(found, person, all_of_them) or old
    if old.number > new.number:
        old, new = new, old
    view = request.GET.get("view", "")
    view = view if view in VIEWS else VIEWS[0]
    context = {
        **_head(found),
        "versions": [Line.of(each) for each in all_of_them],
        "newest": newest,
        "old": old,
        "new": new,
        "view": view,
        "views": [
            (name, f"?{urlencode({'from': str(old.number), 'to': str(new.number), 'view': name})}")
            for name in VIEWS
        ],
        "shown": compared(old, new) if old.number != new.number else None,
        "said_in": newest.language if newest.language != get_language() else "",
        "may_revise": rules.may_revise(person, found, clock.now()),
    }
    return render(request, "proposals/versions.html", context)


@dataclass(frozen=True, slots=True)
class Line:
    """One version in the list."""

    revision: Revision
    by: str

    @classmethod
    def of(cls, revision: Revision) -> Line:
        return cls(revision, written_by(revision))


def written_by(revision: Revision) -> str:
    return (revision.by.public_name if revision.by else "") or _("Someone from here")


@dataclass(frozen=True, slots=True)
class Compared:
    """A difference with the sentence that sums it up."""

    difference: Difference
    sentence: str


def compared(old: Any, new: Any) -> Compared:
    found = difference(old, new)
    return Compared(found, sentence_of(found))


def sentence_of(found: Difference) -> str:
    """3 words added, 1 removed in 2 paragraphs."""
    if not found.changed:
        return _("The two texts are the same.")
    added, removed, changed = found.added, found.removed, found.changed
    where = ngettext("in %(n)s paragraph", "in %(n)s paragraphs", changed) % {"n": say.number(changed)}
    counted = []
    if added:
        words = ngettext("%(n)s word added", "%(n)s words added", added)
        counted.append(words % {"n": say.number(added)})
    if removed and added:
        counted.append(ngettext("%(n)s removed", "%(n)s removed", removed) % {"n": say.number(removed)})
    elif removed:
        words = ngettext("%(n)s word removed", "%(n)s words removed", removed)
        counted.append(words % {"n": say.number(removed)})
    if not counted:
        return _("Only spaces and signs changed %(where)s.") % {"where": where}
    return _("%(what)s %(where)s.") % {"what": ", ".join(counted), "where": where}


def _all(found: Proposal) -> list[Revision]:
    """The newest first. One query."""
    rows = list(found.revisions.select_related("by").order_by("-number")[:SHOWN])
    if not rows:
        raise Http404
    return rows


def _chosen(rows: list[Revision], said: str | None, otherwise: Revision) -> Revision:
    return next((each for each in rows if str(each.number) == said), otherwise)


def _supported_one(found: Proposal, person: Person, rows: list[Revision]) -> Revision | None:
    support = Support.objects.filter(proposal=found, person=person).first()
    if support is None:
        return None
    said = support.renewed_at or support.at
    return next((each for each in rows if each.at <= said), rows[-1])


def _head(found: Proposal) -> dict[str, Any]:
    return {
        "menu": "proposals",
        "proposal": found,
        "process": found.process,
        "place": memory.places.get(found.place_id),
    }


def _one(found: Proposal, number: int) -> Revision:
    revision = found.revisions.select_related("by").filter(number=number).first()
    if revision is None:
        raise Http404
    return revision


@require_safe
def version(request: HttpRequest, receipt: str, version: int) -> HttpResponse:
    """One version as it read, with the sentence about it."""
    person = person_of(request)
    found = get_proposal(receipt, person)
    revision = _one(found, version)
    newest = _newest(found)
    context = {
        **_head(found),
        "revision": revision,
        "by": written_by(revision),
        "newest": newest,
        "said_in": revision.language if revision.language != get_language() else "",
        "may_restore": revision.number != newest.number
        and bool(rules.may_revise(person, found, clock.now())),
    }
    return render(request, "proposals/version.html", context)


def _newest(found: Proposal) -> Revision:
    newest = found.newest
    if newest is None:
        raise Http404
    return newest


# --- a new version ---


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, receipt: str) -> HttpResponse:
    """The form of the writers. What they write is kept; where somebody else was quicker, both texts are shown."""
    person, at = signed_in(request), clock.now()
    found = get_proposal(receipt, person)
    require(rules.may_revise(person, found, at))
    newest, kept = _newest(found), TextDraft.objects.filter(proposal=found, person=person).first()
    if request.method != "POST":
        start = initial_of(kept, seen=kept.seen) if kept else initial_of(newest, seen=newest.number)
        form = RevisionForm(initial=start)
        mine = start if kept and kept.seen != newest.number else None
        return _editor(request, found, newest, form, kept=kept, mine=mine)
    act = request.POST.get("act", "")
    if act in ("discard", "newest"):
        return _begin_anew(request, found, newest, person, at, act)
    form = RevisionForm(request.POST)
    if not form.is_valid():
        return _editor(request, found, newest, form, kept=kept, status=422)
    if act == "preview":
        _keep(found, person, at, request.POST)
        mine = form.cleaned_data if form.cleaned_data["seen"] != newest.number else None
        return _editor(request, found, newest, form, preview=form.wording(), mine=mine)
    cleaned = form.cleaned_data
    try:
        revision = actions.revise_proposal(
            proposal=found, wording=form.wording(), by=person, at=at, seen=cleaned["seen"], note=cleaned["note"],
            is_substantive=cleaned["is_substantive"],
        )  # fmt: skip
    except actions.Overtaken as overtaken:
        _keep(found, person, at, request.POST)
        return _editor(request, found, overtaken.newest, form, mine=cleaned, status=422)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _editor(request, found, newest, form, kept=kept, status=422)
    TextDraft.objects.filter(proposal=found, person=person).delete()
    messages.success(request, _published(revision))
    return HttpResponseRedirect(found.get_absolute_url())


def _published(revision: Revision) -> str:
    if revision.is_substantive:
        words = _("Version {number} is published. Who supports the proposal is told and asked again.")
    else:
        words = _("Version {number} is published. Authors and followers are told.")
    return words.format(number=revision.number)


def _begin_anew(
    request: HttpRequest, found: Proposal, newest: Revision, person: Person, at: datetime, act: str
) -> HttpResponse:
    """Throw the draft away, or go on from the newest text with one's own beside it."""
    TextDraft.objects.filter(proposal=found, person=person).delete()
    if act == "discard":
        messages.success(request, _("Your draft is gone. Here is the text as it stands."))
        return HttpResponseRedirect(reverse("proposals:edit", args=[found.receipt]))
    mine = drafted(request.POST.dict())
    start = initial_of(newest, seen=newest.number) | {"note": mine["note"]}
    return _editor(request, found, newest, RevisionForm(initial=start), beside=mine)


def _editor(
    request: HttpRequest,
    found: Proposal,
    newest: Revision,
    form: RevisionForm,
    *,
    kept: TextDraft | None = None,
    preview: actions.Wording | None = None,
    mine: Mapping[str, Any] | None = None,
    beside: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """`mine` was written on an older version than `newest`: theirs and mine are shown, and the form goes on from here."""
    context: dict[str, Any] = {**_head(found), "newest": newest, "kept": kept, "beside": beside}
    if mine is not None:
        seen = found.revisions.filter(number=mine["seen"]).first()
        words = actions.Wording(mine["title"], mine["summary"], mine["body"])
        context["overtaken"] = {
            "by": written_by(newest),
            "theirs": compared(seen, newest) if seen else None,
            "mine": compared(newest, words),
        }
        # What is published next rests on the text everybody sees now.
        if form.is_bound:
            form.data = {**form.data.dict(), "seen": str(newest.number)}  # type: ignore[attr-defined]
        else:
            form.initial["seen"] = newest.number
    if preview is not None:
        context["preview"] = preview
        context["shown"] = compared(newest, preview)
    context["form"] = form
    context["said_in"] = newest.language if newest.language != get_language() else ""
    return render(request, "proposals/edit.html", context, status=status)


@require_POST
def draft(request: HttpRequest, receipt: str) -> HttpResponse:
    """Keep what is typed; answers with the sentence that says so."""
    person, at = signed_in(request), clock.now()
    found = get_proposal(receipt, person)
    require(rules.may_revise(person, found, at))
    _keep(found, person, at, request.POST)
    return HttpResponse(_("Draft kept at %(time)s") % {"time": say.clock(at)}, content_type="text/plain")


def _keep(found: Proposal, person: Person, at: datetime, sent: Mapping[str, str]) -> None:
    seen = sent.get("seen", "")
    number = int(seen) if seen.isdecimal() and len(seen) < 7 else 0
    if not found.revisions.filter(number=number).exists():
        number = _newest(found).number
    values = drafted({name: str(sent.get(name, "")) for name in sent})
    TextDraft.objects.update_or_create(
        proposal=found, person=person, defaults={**values, "seen": number, "saved_at": at}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def restore(request: HttpRequest, receipt: str, version: int) -> HttpResponse:
    """An old text becomes the newest version; nothing in between is lost."""
    person, at = signed_in(request), clock.now()
    found = get_proposal(receipt, person)
    old, newest = _one(found, version), _newest(found)
    require(rules.may_revise(person, found, at))
    if old.number == newest.number:
        raise Refused(No(_("This is the text that stands now.")))
    sentence = _("Version {number} again").format(number=old.number)
    form = RestoreForm(request.POST or None, initial={"note": sentence, "seen": newest.number})
    overtaken = False
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            revision = actions.revise_proposal(
                proposal=found, wording=actions.Wording(old.title, old.summary, old.body), by=person, at=at,
                seen=cleaned["seen"], note=cleaned["note"], is_substantive=cleaned["is_substantive"],
            )  # fmt: skip
        except actions.Overtaken as late:
            newest, overtaken = late.newest, True
            form.data = {**form.data.dict(), "seen": str(newest.number)}  # type: ignore[attr-defined]
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _published(revision))
            return HttpResponseRedirect(found.get_absolute_url())
    context = {
        **_head(found),
        "old": old,
        "newest": newest,
        "form": form,
        "overtaken": overtaken,
        "shown": compared(newest, old),
        "said_in": old.language if old.language != get_language() else "",
    }
    return render(request, "proposals/restore.html", context, status=422 if form.is_bound else 200)
