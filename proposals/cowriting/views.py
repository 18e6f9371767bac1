"""The page on which a text is written together, and what becomes of it."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Person
from accounts.request import person_of
from groundwork import clock
from groundwork.answer import No, Refused, require
from proposals.actions import Overtaken, Wording
from proposals.cowriting import actions, live, rules, texts
from proposals.cowriting.forms import DraftForm, PublishForm, too_long
from proposals.cowriting.models import SharedDraft
from proposals.models import Authorship, Proposal, Revision
from proposals.views.page import get_proposal

SALT = "cowriting.seen"


def _asked(request: HttpRequest, receipt: str) -> tuple[Person, Proposal]:
    """The writer who asks, and the proposal; everybody else is told why not, and of what they may not see, nothing."""
    person = person_of(request)
    if person is None:
        raise Refused(No(_("Please sign in first."), _("Sign in"), "account_login", identify=True))
    proposal = get_proposal(receipt, person)
    require(rules.may_write_together(person, proposal, clock.now()))
    return person, proposal


def _open(proposal: Proposal) -> SharedDraft:
    draft = SharedDraft.objects.open().filter(proposal=proposal).first()
    if draft is None:
        raise Refused(
            No(
                _("There is no shared draft at the moment."),
                _("To the proposal"),
                proposal.get_absolute_url(),
            )
        )
    draft.proposal = proposal
    return draft


def _here(proposal: Proposal) -> str:
    return reverse("cowriting:draft", args=[proposal.receipt])


def _newest(proposal: Proposal) -> Revision:
    newest = proposal.revisions.order_by("-number").first()
    assert newest is not None  # the first version is written with the proposal
    return newest


# --- writing ---


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, receipt: str) -> HttpResponse:
    """Write. By POST the words of the form are saved: the way without a live connection, and without JavaScript."""
    person, proposal = _asked(request, receipt)
    if request.method == "POST":
        return _save(request, person, proposal)
    found = SharedDraft.objects.open().filter(proposal=proposal).first()
    if found is None:
        return render(request, "proposals/cowriting/start.html", _start_context(proposal, person))
    found.proposal = proposal
    state = actions.state_of(found)
    words = texts.words_of(texts.opened([state]))
    return _editor(request, person, found, state, DraftForm(initial=vars_of(words)))


def vars_of(words: Wording) -> dict[str, str]:
    return {"title": words.title, "summary": words.summary, "body": words.body}


def _start_context(proposal: Proposal, person: Person) -> dict[str, Any]:
    at = clock.now()
    gone = SharedDraft.objects.discarded().filter(proposal=proposal).order_by("-discarded_at").first()
    if gone is not None and (gone.discarded_at is None or at >= gone.discarded_at + rules.KEPT):
        gone = None
    return {
        "menu": "proposals",
        "proposal": proposal,
        "gone": gone,
        "gone_until": gone.discarded_at + rules.KEPT if gone and gone.discarded_at else None,
        "writers": _writers(proposal),
    }


def _writers(proposal: Proposal) -> list[str]:
    names = Authorship.objects.writing().filter(proposal=proposal).order_by("id")
    return [name for name in names.values_list("person__public_name", flat=True) if name]


def _editor(
    request: HttpRequest, person: Person, found: SharedDraft, state: bytes, form: DraftForm, status: int = 200
) -> HttpResponse:
    proposal = found.proposal
    newest = _newest(proposal)
    address = _address(request, found)
    for field in form.fields.values():
        field.required = True  # for a version it is: nothing is called optional
    context = {
        "menu": "proposals",
        "proposal": proposal,
        "draft": found,
        "form": form,
        "seen": signing.dumps([found.key, base64.b64encode(state).decode()], salt=SALT, compress=True),
        "writers": _writers(proposal),
        "overtaken": newest if newest.number != found.base else None,
        "socket": address,
        "kept_as": f"cowriting:{found.key}:{person.pk}",
    }
    response = render(request, "proposals/cowriting/draft.html", context, status=status)
    if settings.LIVE_PORT:
        # 'self' means the web sockets of this very port only.
        response._csp_update = {"connect-src": [address.partition("/ws/")[0]]}  # type: ignore[attr-defined]
    return response


def _address(request: HttpRequest, found: SharedDraft) -> str:
    host = request.get_host()
    if settings.LIVE_PORT:
        name = host.rpartition(":")[0] if ":" in host and not host.endswith("]") else host
        host = f"{name}:{settings.LIVE_PORT}"
    return f"{'wss' if request.is_secure() else 'ws'}://{host}/ws/drafts/{found.key}/"


def _save(request: HttpRequest, person: Person, proposal: Proposal) -> HttpResponse:
    found, at = _open(proposal), clock.now()
    if update := request.POST.get("update", ""):
        _take(found, update, person)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(_here(proposal))
    form = DraftForm(request.POST)
    seen = _seen(request, found)
    if seen is None or not form.is_valid():
        if seen is None:
            form.add_error(
                None, _("This form is too old. Copy what you wrote, open the page again and paste it.")
            )
        return _editor(request, person, found, actions.state_of(found), form, status=422)
    try:
        changed = actions.write_words(draft=found, seen=seen, words=form.words(), by=person, at=at)
    except (actions.TooMuch, texts.Broken):
        raise Refused(
            No(_("This draft has become too large. Please publish a version and start another draft."))
        ) from None
    messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
    return HttpResponseRedirect(_here(proposal))


def _seen(request: HttpRequest, found: SharedDraft) -> bytes | None:
    """The document this person had before them, as we gave it to them."""
    try:
        key, state = signing.loads(request.POST.get("seen", ""), salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return base64.b64decode(state) if key == found.key else None


def _take(found: SharedDraft, update: str, person: Person) -> None:
    """What the page's own script knows and could not send over its connection."""
    try:
        data = base64.b64decode(update, validate=True)
        if actions.take_update(draft=found, update=data, by=person, at=clock.now()):
            live.tell_update(found.key, data)
    except (binascii.Error, ValueError, actions.TooMuch):
        raise Refused(
            No(_("This could not be saved. Copy what you wrote, open the page again and paste it."))
        ) from None


@require_POST
def start(request: HttpRequest, receipt: str) -> HttpResponse:
    person, proposal = _asked(request, receipt)
    actions.open_draft(proposal=proposal, by=person, at=clock.now())
    return HttpResponseRedirect(_here(proposal))


# --- what becomes of it ---


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, receipt: str) -> HttpResponse:
    """What is new, in comparison; then it becomes the next version."""
    person, proposal = _asked(request, receipt)
    found = _open(proposal)
    words = actions.words_of(found)
    form = PublishForm(
        request.POST if request.method == "POST" else None, initial={"seen": actions.mark(words)}
    )
    if request.method == "POST" and not too_long(words) and form.is_valid():
        try:
            revision = actions.publish_draft(draft=found, by=person, at=clock.now(), **form.cleaned_data)
        except Overtaken:
            pass  # the page says so, and shows both
        except Refused as refused:
            form.add_error(None, str(refused))
            form.data = {**request.POST.dict(), "seen": actions.mark(actions.words_of(found))}
        else:
            messages.success(request, _("Version %(n)s is published.") % {"n": revision.number})
            return HttpResponseRedirect(proposal.get_absolute_url())
    newest = _newest(proposal)
    words = actions.words_of(found)
    base = newest if newest.number == found.base else proposal.revisions.get(number=found.base)
    context = {
        "menu": "proposals",
        "proposal": proposal,
        "draft": found,
        "form": form,
        "trouble": too_long(words),
        "overtaken": newest if newest.number != found.base else None,
        "changes": _compared(base, words),
        "theirs": _compared(base, newest) if newest.number != found.base else [],
        "same": vars_of(words) == vars_of(Wording(base.title, base.summary, base.body)),
    }
    return render(request, "proposals/cowriting/publish.html", context, status=422 if form.is_bound else 200)


def _compared(old: Any, new: Any) -> list[tuple[str, list[texts.Piece]]]:
    """Field by field, where something differs."""
    labels = {name: str(DraftForm.base_fields[name].label) for name in texts.FIELDS}
    return [
        (labels[name], texts.compared(getattr(old, name), getattr(new, name)))
        for name in texts.FIELDS
        if getattr(old, name) != getattr(new, name)
    ]


@require_POST
def carry_over(request: HttpRequest, receipt: str) -> HttpResponse:
    person, proposal = _asked(request, receipt)
    try:
        newest = actions.carry_over(draft=_open(proposal), by=person, at=clock.now())
    except (actions.TooMuch, texts.Broken):
        raise Refused(
            No(_("This draft has become too large. Please publish a version and start another draft."))
        ) from None
    messages.success(
        request, _("Version %(n)s is in the draft now. Please read it once.") % {"n": newest.number}
    )
    return HttpResponseRedirect(_here(proposal))


@require_POST
def discard(request: HttpRequest, receipt: str) -> HttpResponse:
    person, proposal = _asked(request, receipt)
    actions.discard_draft(draft=_open(proposal), by=person, at=clock.now())
    messages.success(request, _("The draft is discarded. You can bring it back for 30 days."))
    return HttpResponseRedirect(_here(proposal))


@require_POST
def restore(request: HttpRequest, receipt: str) -> HttpResponse:
    person, proposal = _asked(request, receipt)
    gone = SharedDraft.objects.discarded().filter(proposal=proposal).order_by("-discarded_at").first()
    if gone is None:
        raise Refused(No(_("This draft cannot be brought back any more.")))
    gone.proposal = proposal
    actions.restore_draft(draft=gone, by=person, at=clock.now())
    messages.success(request, _("The draft is back."))
    return HttpResponseRedirect(_here(proposal))
