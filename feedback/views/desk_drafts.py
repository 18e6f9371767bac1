"""The desk: the second reader, one answer to many, and questions about answers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Person
from accounts.request import person_here
from cocreation.desk import desk_context, staff_required
from cocreation.models import Process
from cocreation.querysets import find_process
from feedback import actions, clocks, rules
from feedback.desk_page import officials
from feedback.draft_forms import ManyForm, ReplyForm
from feedback.forms import AnswerForm, offices_of
from feedback.models import AnswerDraft, FollowUp, OfficialAnswer, ReasonCode
from feedback.publishing import publish, typed
from feedback.reaching import reach_of_many
from feedback.words import answer_badge
from groundwork import clock
from proposals.groupings import Group, groupings
from proposals.models import Proposal, Stage, Theme
from proposals.queries import Choice, describe

SHOWN = 30
EXAMPLES = 3


def open_drafts(person: Person) -> Any:
    """Drafts of the offices of this person, those that wait for a reader first."""
    offices = [office.pk for office in offices_of(person)]
    found = AnswerDraft.objects.filter(office__in=offices, published_at__isnull=True)
    return found.select_related("process", "contribution__proposal", "submitted_by").order_by(
        "submitted_at", "pk"
    )


def open_questions(person: Person) -> Any:
    """Questions about answers of the offices of this person."""
    offices = [office.pk for office in offices_of(person)]
    found = FollowUp.objects.filter(answer__office__in=offices, replied_at__isnull=True)
    return found.select_related("answer__contribution__proposal").order_by("asked_at")


# --- the second reader ---


def form_of(draft: AnswerDraft) -> AnswerForm | ManyForm:
    """The draft as the form that was handed in."""
    writer = draft.submitted_by or draft.changed_by
    assert writer is not None
    if draft.contribution is not None:
        return AnswerForm(writer, draft.contribution.proposal, draft.content)  # type: ignore[attr-defined]
    return ManyForm(writer, draft.process, draft.content)


@staff_required(officials)
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft as its second reader sees it: what it says, whom it reaches, who wrote it."""
    person, at = person_here(request), clock.now()
    found = get_object_or_404(open_drafts(person), pk=pk)
    form = form_of(found)
    sound, error = form.is_valid(), ""
    if request.method == "POST":
        act = request.POST.get("do")
        if act == "publish" and sound:
            if request.POST.get("seen") != str(found.version):
                error = _("A colleague has changed it meanwhile. Read it once more.")
            else:
                try:
                    number = publish(found, form, person)
                except ValidationError as refusal:
                    error = " ".join(refusal.messages)
                else:
                    _say_published(request, number)
                    return redirect("feedback:desk_answers")
        elif act == "back":
            note = request.POST.get("note", "").strip() or (
                _("Taken back.") if found.submitted_by_id == person.pk else ""
            )
            if note:
                actions.send_back(draft=found, note=note, by=person, at=at)
                messages.success(request, _("Sent back. The draft says why."))
                return redirect("feedback:desk_draft", pk)
            error = _("Say what is missing.")
        elif act == "discard":
            actions.discard(draft=found, by=person, at=at)
            messages.success(request, _("The draft is gone. Nothing was published."))
            return redirect("feedback:desk_answers")
        error = error or _("This draft is not complete yet.")
    proposals = list(
        Proposal.objects.public(found.process).filter(pk__in=found.targets).order_by("pk")[: SHOWN + 1]
    )
    data = form.cleaned_data if sound else {}
    context = desk_context(request, "answer") | {
        "draft": found,
        "data": data,
        "badge": answer_badge(OfficialAnswer(status=data["status"])) if sound else None,
        "code": ReasonCode(data["reason_code"]).label if sound else "",
        "proposals": proposals[:SHOWN],
        "more": max(0, len(found.targets) - SHOWN),
        "people": reach_of_many(found.process, found.targets, person),
        "may_read": rules.may_read(person, found),
        "mine": found.submitted_by_id == person.pk,
        "edit_url": reverse("feedback:desk_answer", args=[found.contribution.receipt])
        if found.contribution
        else reverse("feedback:desk_many", args=[found.process.slug]) + f"?draft={found.pk}",
        "error": error,
    }
    return render(request, "feedback/desk_draft.html", context, status=422 if error else 200)


def _say_published(request: HttpRequest, number: int) -> None:
    words = ngettext(
        "Published. %(n)s contribution has an answer now, and everybody concerned is told.",
        "Published. %(n)s contributions have an answer now, and everybody concerned is told.",
        number,
    )
    messages.success(request, words % {"n": number})


# --- one answer to many ---


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whom an answer goes to: the contributions, and what they are called together."""

    proposals: list[Proposal]
    scope: str
    group: str = ""
    only_open: bool = False


def chosen(process: Process, query: QueryDict, choice: Choice, groups: dict[str, Group]) -> Chosen:
    """A group of the list, or what the filters of the public list leave; nothing before something was chosen."""
    only_open, key = query.get("open") == "1", query.get("group", "")
    group = groups.get(key)
    if not (group or choice or only_open):
        return Chosen([], "")
    found = Proposal.objects.public(process)
    if group:
        found = found.filter(pk__in=group.proposals.values("pk"))
    narrowed = choice.narrow(found, get_language() or "de", asked=choice.asked(process))
    if only_open:
        narrowed = narrowed.filter(pk__in=clocks.without_outcome(process))
    scope = [group.name] if group else []
    scope += [*describe(choice), *([_("without an outcome")] if only_open else [])]
    proposals = list(narrowed.select_related("contribution__author").order_by("pk")[: actions.MOST_AT_ONCE])
    return Chosen(proposals, ", ".join(scope), key if group else "", only_open)


@staff_required(officials)
@require_http_methods(["GET", "HEAD", "POST"])
def many(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose whom it goes to, write, look at it, publish (or hand it to the second reader)."""
    person, at = person_here(request), clock.now()
    process = find_process(slug, person)
    if process is None or not process.is_published:
        raise Http404
    choice = Choice.read(request.GET)
    kinds = zip(groupings.slugs(), groupings, strict=True)
    groups = {f"{name}:{each.key}": each for name, kind in kinds for each in kind.groups(process)}
    old = _old_draft(request, person, process)
    target = (
        Chosen(list(Proposal.objects.public(process).filter(pk__in=old.targets).select_related("contribution__author")), old.scope)
        if old
        else chosen(process, request.GET, choice, groups)
    )  # fmt: skip
    office = next(iter(offices_of(person)), None)
    fit, left = rules.answerable(person, target.proposals, process, office, at)
    mark = _mark(fit)
    form = ManyForm(person, process, request.POST or None, initial=old.content if old else {})
    do = request.POST.get("do", "") if request.method == "POST" else ""
    preview = changed = False
    if do and fit and form.is_valid():
        changed = do == "publish" and request.POST.get("seen") != mark
        preview = do == "preview" or changed
        if do == "publish" and not changed:
            return _send(request, person, process, form, fit, target.scope, instead_of=old)
    context = desk_context(request, "answer") | {
        "process": process,
        "form": form,
        "choice": choice,
        "target": target,
        "groups": [(key, each.name, key == target.group) for key, each in groups.items()],
        "themes": [(value, words, value in choice.themes) for value, words in Theme.choices],
        "stages": [
            (value, words, value in choice.stages) for value, words in Stage.choices if value not in _NEVER
        ],
        "fit": fit[:SHOWN],
        "number": len(fit),
        "more": max(0, len(fit) - SHOWN),
        "left": left[:SHOWN],
        "left_number": len(left),
        "people": reach_of_many(process, [each.pk for each in fit], person),
        "preview": preview,
        "changed": changed,
        "letters": fit[:EXAMPLES] if preview else [],
        "badge": answer_badge(OfficialAnswer(status=form.cleaned_data["status"])) if preview else None,
        "mark": mark,
        "needs_reader": office is not None and rules.needs_reader(person, process, office, at),
        "old": old,
        "query": request.GET.urlencode(),
    }
    wrong = bool(do) and not preview
    return render(request, "feedback/desk_many.html", context, status=422 if wrong else 200)


_NEVER = (Stage.DRAFT, Stage.WITHDRAWN, Stage.MERGED)


def _old_draft(request: HttpRequest, person: Person, process: Process) -> AnswerDraft | None:
    key = request.GET.get("draft", "")
    if not key.isdigit():
        return None
    found: AnswerDraft | None = (
        open_drafts(person).filter(pk=int(key), process=process, contribution=None).first()
    )
    return found


def _mark(proposals: Sequence[Proposal]) -> str:
    """A short name for exactly these contributions: what was looked at is what is published."""
    return hashlib.sha256(",".join(str(each.pk) for each in proposals).encode()).hexdigest()[:16]


def _send(
    request: HttpRequest, person: Person, process: Process, form: ManyForm, fit: list[Proposal], scope: str,
    *, instead_of: AnswerDraft | None,
) -> HttpResponse:  # fmt: skip
    """All of it or nothing: an older draft goes only when what takes its place stands."""
    at, office = clock.now(), form.cleaned_data["office"]
    with transaction.atomic():
        if instead_of:
            actions.discard(draft=instead_of, by=person, at=at)
        made = actions.save_draft(
            process=process, office=office, content=typed(form, request.POST), by=person, at=at,
            targets=[each.pk for each in fit], scope=scope,
        )  # fmt: skip
        if rules.needs_reader(person, process, office, at):
            actions.hand_in(draft=made, by=person, at=at)
            messages.success(request, _("Handed in. A colleague reads it and publishes it."))
            return redirect("feedback:desk_draft", made.pk)
        number = publish(made, form, person)
    _say_published(request, number)
    return redirect("feedback:desk_answers")


# --- questions about answers ---


@staff_required(officials)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """The author's question beside the answer, and the office's one reply."""
    person = person_here(request)
    found = get_object_or_404(open_questions(person).select_related("answer__office"), pk=pk)
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reply = {language: form.cleaned_data[f"reply_{language}"] for language in ("de", "en")}
        actions.reply_to(follow_up=found, reply=reply, by=person, at=clock.now())
        messages.success(request, _("Your reply is public, and the author is told."))
        return redirect("feedback:desk_answers")
    context = desk_context(request, "answer") | {
        "asked": found, "form": form, "badge": answer_badge(found.answer), "proposal": found.answer.contribution.proposal,
    }  # fmt: skip
    return render(request, "feedback/desk_question.html", context, status=422 if form.is_bound else 200)
