"""The desk of the offices: what is to be assessed, the form, the second signature, questions to the authors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.request import person_here
from cocreation.desk import desk_context, staff_required
from cocreation.models import Office, Phase, Process
from cocreation.roles import may_change_work, may_read_work, roles_of
from groundwork import clock
from groundwork.answer import No, Refused, Words, require
from groundwork.html import say
from groundwork.html.htmx import is_partial
from groundwork.html.paging import keyset
from proposals import assess_actions as work
from proposals import desk, memory, rules
from proposals.assess_forms import (
    AssessmentForm,
    HandOnForm,
    QuestionForm,
    content_from,
    officials_of,
    typed,
)
from proposals.assessing import assessing
from proposals.cards import author
from proposals.counts import sums_of_many
from proposals.findings import content_of
from proposals.models import Assignment, Proposal, Stage

if TYPE_CHECKING:
    from accounts.models import Person

LISTED = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the queue."""

    proposal: Proposal
    title: str
    url: str
    due: datetime | None
    soon: bool
    late: bool
    place: str
    current: bool
    badges: list[tuple[str, str, Words]]
    person: str
    office: str


@dataclass(frozen=True, slots=True)
class View:
    """One of the filters above the queue."""

    words: Words
    n: int
    url: str
    current: bool


@require_safe
@staff_required(desk.may_enter)
def queue(request: HttpRequest) -> HttpResponse:
    """The queue with its first proposal opened."""
    return _page(request, None, clock.now())


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(desk.may_enter)
def one(request: HttpRequest, receipt: str) -> HttpResponse:
    """One proposal: read it, say what the office found, sign, ask its authors, hand it on."""
    person = person_here(request)
    at = clock.now()
    found = get_object_or_404(_proposals(person), receipt=receipt)
    require(may_read_work(person, found.process))
    if request.method != "POST":
        return _page(request, found, at)
    work.assign_what_waits(at)
    require(may_change_work(person))
    act = request.POST.get("do", "hand_in")
    assignment = _chosen(person, found, request.POST.get("office", ""))
    if assignment is None:
        return _hand_in(request, found, None, at)
    return _ACTS.get(act, _hand_in)(request, found, assignment, at)


@require_POST
@staff_required(desk.may_enter)
def draft(request: HttpRequest, receipt: str) -> HttpResponse:
    """What the form saves by itself while somebody types. Answers with the sentence to show."""
    person = person_here(request)
    at = clock.now()
    found = get_object_or_404(_proposals(person), receipt=receipt)
    require(may_read_work(person, found.process))
    assignment = _chosen(person, found, request.POST.get("office", ""))
    if assignment is None:
        raise Refused(No(_("This proposal is not with your office.")))
    try:
        work.save_draft(
            assignment=assignment, content=content_of(request.POST), by=person, at=at, seen=_seen(request)
        )
    except work.Overtaken as overtaken:
        return HttpResponse(_overtaken(overtaken.newest), content_type="text/plain; charset=utf-8")
    words = _("Saved at %(time)s, for your office only.") % {"time": say.clock(at)}
    return HttpResponse(words, content_type="text/plain; charset=utf-8")


def _proposals(person: Person) -> Any:
    return (
        Proposal.objects.visible_to(person).without_vector().select_related("process", "contribution__author")
    )


def _chosen(person: Person, found: Proposal, office: str) -> Assignment | None:
    """The work of the office named, among those this person acts for; of the only one, where none is named."""
    roles = roles_of(person)
    held = [each for each in _held(found) if roles.acts_for(each.office_id)]
    if office:
        return next((each for each in held if str(each.office_id) == office), None)
    return next((each for each in held if each.done_at is None), held[0] if held else None)


def _held(found: Proposal) -> list[Assignment]:
    rows = found.assignments.held().select_related("office", "person", "changed_by", "submitted_by")
    held = list(rows.order_by("done_at", "pk"))
    for each in held:
        each.proposal = found
    return sorted(held, key=lambda each: each.done_at is not None)


def _seen(request: HttpRequest) -> int:
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0


def _overtaken(newest: Assignment) -> str:
    name = newest.changed_by.public_name if newest.changed_by else _("A colleague")
    return _("%(name)s has saved this at %(time)s meanwhile. What you type is not saved: open the page anew.") % {
        "name": name, "time": say.clock(newest.changed_at) if newest.changed_at else "",
    }  # fmt: skip


# --- what may be done ---


def _hand_in(
    request: HttpRequest, found: Proposal, assignment: Assignment | None, at: datetime
) -> HttpResponse:
    person = person_here(request)
    form = AssessmentForm(request.POST, offices=_offices(person, found), own=found.pk)
    if assignment is None:
        if not form.is_valid() and _offices(person, found):
            return _page(request, found, at, form=form)
        raise Refused(
            No(_("This proposal is not with your office. The office that has it can hand it on to you."))
        )
    if not form.is_valid():
        return _page(request, found, at, form=form, assignment=assignment)
    following = _after(person, found, at)
    try:
        published = work.hand_in(
            assignment=assignment, content=form.content, found=form.found, by=person, at=at, seen=_seen(request),
            revision=_read_version(request),
        )  # fmt: skip
    except work.Overtaken as overtaken:
        return _page(request, found, at, form=form, assignment=assignment, overtaken=overtaken.newest)
    return _go(following, "done" if published else "handed", found)


def _read_version(request: HttpRequest) -> int | None:
    """The version of the text that stood on the page when it was read."""
    read = request.POST.get("revision", "")
    return int(read) if read.isascii() and read.isdigit() and len(read) < 9 else None


def _save(request: HttpRequest, found: Proposal, assignment: Assignment, at: datetime) -> HttpResponse:
    person = person_here(request)
    try:
        work.save_draft(
            assignment=assignment, content=content_of(request.POST), by=person, at=at, seen=_seen(request)
        )
    except work.Overtaken as overtaken:
        form = AssessmentForm(request.POST, offices=_offices(person, found), own=found.pk)
        return _page(request, found, at, form=form, assignment=assignment, overtaken=overtaken.newest)
    return _go(found, "saved", found)


def _sign(request: HttpRequest, found: Proposal, assignment: Assignment, at: datetime) -> HttpResponse:
    person = person_here(request)
    form = AssessmentForm(typed(assignment.content), own=found.pk)
    if not form.is_valid():
        return _page(request, found, at, form=form, assignment=assignment)
    following = _after(person, found, at)
    try:
        work.sign(assignment=assignment, found=form.found, by=person, at=at, seen=_seen(request))
    except work.Overtaken as overtaken:
        return _page(request, found, at, assignment=assignment, overtaken=overtaken.newest)
    return _go(following, "done", found)


def _send_back(request: HttpRequest, found: Proposal, assignment: Assignment, at: datetime) -> HttpResponse:
    person = person_here(request)
    work.send_back(assignment=assignment, note=_line(request, "note"), by=person, at=at)
    return _go(found, "returned", found)


def _correct(request: HttpRequest, found: Proposal, assignment: Assignment, at: datetime) -> HttpResponse:
    person = person_here(request)
    work.correct(assignment=assignment, reason=_line(request, "reason"), by=person, at=at)
    return _go(found, "correcting", found)


def _holds(request: HttpRequest, found: Proposal, assignment: Assignment, at: datetime) -> HttpResponse:
    person = person_here(request)
    work.still_holds(assignment=assignment, by=person, at=at)
    return _go(found, "holds", found)


def _ask(request: HttpRequest, found: Proposal, assignment: Assignment, at: datetime) -> HttpResponse:
    person = person_here(request)
    form = QuestionForm(request.POST, at=at)
    if not form.is_valid():
        return _page(request, found, at, assignment=assignment, asking=form)
    work.ask_authors(
        assignment=assignment, question=form.cleaned_data["question"], due=form.cleaned_data["due"], by=person, at=at,
        language=get_language() or "de",
    )  # fmt: skip
    return _go(found, "asked", found)


def _hand_on(request: HttpRequest, found: Proposal, assignment: Assignment, at: datetime) -> HttpResponse:
    person = person_here(request)
    form = HandOnForm(request.POST, own=assignment.office_id)
    if not form.is_valid():
        return _page(request, found, at, assignment=assignment, handing=form)
    following = _after(person, found, at)
    work.hand_on(assignment=assignment, to=form.office, reason=form.cleaned_data["reason"], by=person, at=at)
    return _go(following, "handed_on", found)


def _take(request: HttpRequest, found: Proposal, assignment: Assignment, at: datetime) -> HttpResponse:
    person = person_here(request)
    wanted = request.POST.get("person", "")
    who = next((each for each in officials_of(assignment.office_id, at) if str(each.pk) == wanted), None)
    if wanted == "me":
        who = person
    work.take(assignment=assignment, person=who, by=person, at=at)
    return _go(found, "taken", found)


_ACTS = {
    "hand_in": _hand_in, "save": _save, "sign": _sign, "send_back": _send_back, "correct": _correct, "holds": _holds,
    "ask": _ask, "hand_on": _hand_on, "take": _take,
}  # fmt: skip


def _line(request: HttpRequest, name: str) -> str:
    return " ".join(request.POST.get(name, "").replace("\x00", "").split())


# --- the page ---


def _offices(person: Person, found: Proposal) -> list[Office]:
    """The offices that have the proposal and that a person acts for."""
    roles = roles_of(person)
    return [each.office for each in _held(found) if roles.acts_for(each.office_id)]


def _after(person: Person, found: Proposal, at: datetime) -> Proposal | None:
    """The next one in the queue; from the end, the first."""
    rows = [row.proposal for row in desk.waiting(person, at)[:LISTED]]
    position = next((index for index, row in enumerate(rows) if row.pk == found.pk), -1)
    rest = [row for row in rows[position + 1 :] + rows[: max(position, 0)] if row.pk != found.pk]
    return rest[0] if rest else None


def _address(found: Proposal | None, **more: str) -> str:
    url = reverse("proposals:assess", args=[found.receipt]) if found else reverse("proposals:desk")
    return f"{url}?{urlencode(more)}" if more else url


def _go(to: Proposal | None, did: str, found: Proposal) -> HttpResponse:
    return HttpResponseRedirect(_address(to, **{did: found.receipt}))


def _said(request: HttpRequest, person: Person) -> dict[str, Any]:
    """What has just happened, as one sentence and the proposal it is about."""
    sentences = {
        "done": _("Published: “%(title)s”. The author and the supporters are told."),
        "handed": _("Handed in: “%(title)s”. It is published once a colleague has signed."),
        "saved": _("Draft saved. Nobody outside your office sees it."),
        "returned": _("Sent back. Whoever wrote it sees your note."),
        "correcting": _("You can correct it now. What is published stands until then."),
        "holds": _("Noted: the assessment holds for the new version too."),
        "asked": _("Asked in the open. Your date moves by the time the authors get."),
        "handed_on": _("“%(title)s” went to the other office."),
        "taken": _("It is noted who does it."),
    }
    did = next((name for name in sentences if request.GET.get(name)), "")
    if not did:
        return {}
    of = Proposal.objects.visible_to(person).without_vector().filter(receipt=request.GET[did]).first()
    if of is None:
        return {}
    return {"did": sentences[did] % {"title": of.in_language("title")}, "done": of if did == "done" else None}


def _page(
    request: HttpRequest,
    current: Proposal | None,
    at: datetime,
    *,
    form: AssessmentForm | None = None,
    assignment: Assignment | None = None,
    asking: QuestionForm | None = None,
    handing: HandOnForm | None = None,
    overtaken: Assignment | None = None,
) -> HttpResponse:
    person = person_here(request)
    phases = assessing(at)
    seen = desk.in_work(person, at, phases)
    shown = request.GET.get("show", "open")
    choices = desk.views(person, at)
    if shown not in choices:
        shown = "open"
    listed = desk.ordered(seen).filter(choices[shown][1])
    page = keyset(listed, desk.ORDER, after=request.GET.get("after"), size=LISTED)
    many = desk.numbers(seen, person, at)
    if (
        current is None
        and page.items
        and request.resolver_match
        and request.resolver_match.url_name == "desk"
    ):
        current = page.items[0].proposal
    several = len({row.office_id for row in page.items}) > 1
    left, everything = _progress([phase.process for phase in phases])
    roles = roles_of(person)
    mine = [office for office in memory.offices.all().values() if roles.acts_for(office.pk)]
    context: dict[str, Any] = desk_context(request, "assess") | {
        "rows": [_row(row, current, shown, at, several=several) for row in page.items],
        "next_url": _listing(shown, page.next_token) if page.next_token else "",
        "views": [
            View(words, many[name], _listing(name), name == shown) for name, (words, _q) in choices.items()
            if name in ("open", shown) or many[name]
        ],
        "shown": shown,
        "assessed": everything - left,
        "all": everything,
        "deadline": min((phase.ends for phase in phases if phase.ends), default=None),
        "office": mine[0] if len(mine) == 1 else None,
        "current": current,
        "distribute": [
            phase.process for phase in phases if rules.may_distribute(person, phase.process)
        ],
        "may_export": bool(mine),
        **_said(request, person),
    }  # fmt: skip
    if current is not None:
        context |= _sheet(person, current, at, assignment, form, request.GET.get("office", ""))
        context |= _beside(context["work"], at, asking, handing)
        context["overtaken"] = _meanwhile(overtaken, form) if overtaken else None
    template = "proposals/desk.html"
    wrong = any(each is not None and each.errors for each in (form, asking, handing))
    status = 409 if overtaken else 422 if wrong else 200
    return render(request, f"{template}#work" if is_partial(request) else template, context, status=status)


def _listing(shown: str, after: str | None = None) -> str:
    asked = {"show": shown} if shown != "open" else {}
    return reverse("proposals:desk") + (
        f"?{urlencode(asked | ({'after': after} if after else {}))}" if asked or after else ""
    )


def _progress(processes: Sequence[Process]) -> tuple[int, int]:
    """How many proposals still wait, and how many there are. One query."""
    stages = sums_of_many([process.pk for process in processes])
    gone = stages[Stage.WITHDRAWN] + stages[Stage.MERGED]
    return stages[Stage.RECEIVED], sum(stages.values()) - gone


def _sheet(
    person: Person,
    current: Proposal,
    at: datetime,
    assignment: Assignment | None,
    form: AssessmentForm | None,
    office: str,
) -> dict[str, Any]:
    """What stands to the right: the proposal, and what this person may do with it."""
    roles = roles_of(person)
    held = _held(current)
    # Drafts are for the office, and for those who look on.
    own = [each for each in held if roles.acts_for(each.office_id)]
    readable = own or [each for each in held if roles.observes.covers(current.process)]
    if assignment is None:
        assignment = next((each for each in readable if each.office.slug == office), None)
    if assignment is None and readable:
        assignment = readable[0]
    contribution = current.contribution
    name = contribution.author.public_name if contribution.author else None
    found: dict[str, Any] = {
        "revision": current.revisions.order_by("-number").first(),
        "written_by": author(contribution.organisation_id, name),
        "reached": current.supports,
        "held": held,
        "others": [each for each in held if each is not assignment],
        "work": assignment,
        "history": list(
            current.assignments.filter(ended_at__isnull=False).select_related("office", "handed_to", "ended_by")
        ),
        "asked": list(current.clarifications.select_related("office", "answered_by")),
    }  # fmt: skip
    if assignment is None:
        names = ", ".join(each.office.name for each in held)
        words = (
            _("This proposal is with: %(offices)s.") % {"offices": names}
            if names
            else _("No office has this proposal.")
        )
        return found | {"may_assess": No(words), "form": None}
    two = rules.needs_signature(current.process, at)
    answer = rules.may_work(person, assignment, at) if own else may_change_work(person)
    waits = assignment.submitted_at is not None
    last = (
        current.assessments.standing().filter(office=assignment.office_id).select_related("signed_by").first()
    )
    found |= {
        "may_assess": answer,
        "two": two,
        "waits": waits,
        "may_sign": rules.may_sign(person, assignment, at) if waits else None,
        "last": last,
        "outdated": _outdated(assignment, found["revision"]),
        "late": assignment.is_overdue(at),
        "paused": assignment.is_paused(at),
        "officials": officials_of(assignment.office_id, at) if answer else [],
        "form": None,
    }
    if form is None and assignment.done_at is None and not waits and answer:
        start = assignment.content or (content_from(last) if last is not None else {})
        offices = [each.office for each in own]
        initial = typed(start) | {"office": str(assignment.office_id)}
        form = AssessmentForm(initial=initial, offices=offices, own=current.pk)
    reads = AssessmentForm(typed(assignment.content), own=current.pk) if waits else None
    return found | {"form": form, "reads": _told(reads) if reads is not None else None}


def _outdated(assignment: Assignment, revision: Any) -> bool:
    seen = assignment.seen_revision or assignment.submitted_revision
    return bool(seen and revision and revision.number > seen)


def _told(form: AssessmentForm) -> list[tuple[Words, str]]:
    """A draft to be read and signed: label and words, in the order of the form."""
    told: list[tuple[Words, str]] = []
    for name, field in form.fields.items():
        value = str(form.data.get(name, "") or "")
        if not value:
            continue
        choices = dict(getattr(field, "choices", ()))
        if hasattr(field, "decimal_places"):
            amount = (
                form.fields[name].to_python(value) if form.is_valid() or name not in form.errors else None
            )
            value = say.money(amount) if amount is not None else value
        told.append((field.label or "", str(choices.get(value, value))))
    return told


def _beside(
    assignment: Assignment | None, at: datetime, asking: QuestionForm | None, handing: HandOnForm | None
) -> dict[str, Any]:
    if assignment is None:
        return {}
    phase: Phase | None = assignment.proposal.process.phase_with("assess", at)
    days = int(getattr(phase.opts, "answer_days", 7)) if phase else 7
    return {
        "asking": asking or QuestionForm(at=at, days=days),
        "handing": handing or HandOnForm(own=assignment.office_id),
    }


def _meanwhile(newest: Assignment, form: AssessmentForm | None) -> dict[str, Any]:
    """What a colleague saved while this was typed: the fields that differ."""
    mine = form.content if form is not None else {}
    labels = AssessmentForm.base_fields
    differ = [
        (labels[name].label, newest.content.get(name, ""))
        for name in labels
        if newest.content.get(name, "") != mine.get(name, "")
    ]
    return {"by": newest.changed_by, "at": newest.changed_at, "version": newest.version, "differ": differ}


def _row(row: Assignment, current: Proposal | None, shown: str, at: datetime, *, several: bool) -> Row:
    proposal = row.proposal
    place = memory.places.get(proposal.place_id)
    office = memory.offices.get(row.office_id)
    late = row.is_overdue(at)
    left = (row.due - at).days if row.due is not None and row.done_at is None else None
    badges: list[tuple[str, str, Words]] = []
    if row.is_paused(at):
        badges.append(("info", "message-circle-question-mark", _("waiting for the authors")))
    if row.submitted_at:
        badges.append(("now", "stamp", _("to countersign")))
    elif row.returned_note:
        badges.append(("warn", "undo-2", _("sent back")))
    elif row.content and row.done_at is None:
        badges.append(("", "file-pen", _("draft")))
    newest = getattr(row, "newest", None)
    if row.done_at and row.seen_revision and newest and newest > row.seen_revision:
        badges.append(("warn", "file-diff", _("changed since")))
    if late and left is not None:
        days = max(1, -left)
        badges.insert(
            0, ("bad", "triangle-alert", ngettext("{n} day overdue", "{n} days overdue", days).format(n=days))
        )
    more = {
        key: value
        for key, value in (
            ("show", shown if shown != "open" else ""),
            ("office", office.slug if several and office else ""),
        )
        if value
    }
    return Row(
        proposal=proposal,
        title=proposal.in_language("title"),
        url=_address(proposal, **more),
        due=row.due if row.done_at is None else None,
        soon=left is not None and 0 <= left < 2,
        late=late,
        place=place.name if place else _("no place"),
        current=current is not None and current.pk == proposal.pk,
        badges=badges,
        person=row.person.public_name if row.person else "",
        office=office.short if several and office else "",
    )
