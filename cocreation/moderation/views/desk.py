"""The desk of moderation: one queue, a case with all it needs, many at once, appeals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Person
from accounts.request import person_here
from cocreation.desk import desk_context, staff_required
from cocreation.kinds import kinds
from cocreation.moderation import actions, queries, rules
from cocreation.moderation.forms import AppealDecisionForm, DecisionForm, WordForm
from cocreation.moderation.models import Appeal, Case, Decision
from cocreation.moderation.standard import rules_of
from cocreation.roles import Roles, roles_of
from cocreation.wordings import pieces_of, text_of
from groundwork import clock
from groundwork.answer import No, Refused
from groundwork.html.paging import keyset

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

MOST_AT_ONCE = 50


def may_moderate(roles: Roles) -> bool:
    return roles.may_moderate


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0


# --- the queue ---


@require_safe
@staff_required(may_moderate)
def queue(request: HttpRequest) -> HttpResponse:
    """The queue with its first case opened."""
    person = person_here(request)
    page = keyset(
        queries.with_all(queries.waiting_for(person)), ("-rank", "-pk"), after=request.GET.get("after"), size=queries.SHOWN
    )  # fmt: skip
    return _page(request, page.items, page.next_token, page.items[0] if page.items else None, None)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_moderate)
def case(request: HttpRequest, case: int) -> HttpResponse:
    """One case beside the queue; a POST decides it, and goes on to the next."""
    person, at = person_here(request), clock.now()
    found = _case(person, case)
    posted = request.method == "POST"
    form = DecisionForm(
        request.POST if posted else None,
        rules=rules_of(found.process_id, found.contribution.kind),
        label_suffix="",
    )
    if posted and form.is_valid():
        decision = actions.decide(case=found, verdict=form.verdict(), by=person, at=at)
        return _decided(request, [decision])
    page = keyset(
        queries.with_all(queries.waiting_for(person)), ("-rank", "-pk"), after=request.GET.get("after"), size=queries.SHOWN
    )  # fmt: skip
    return _page(request, page.items, page.next_token, found, form)


def _case(person: Person, pk: int) -> Case:
    """A case of a process this person moderates, also one that is decided."""
    found = queries.with_all(Case.objects.within(roles_of(person).moderates))
    return get_object_or_404(
        found.select_related("contribution__author", "contribution__organisation", "process"), pk=pk
    )


def _decided(request: HttpRequest, made: list[Decision]) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('moderation:queue')}?done={made[0].batch}")


def _page(
    request: HttpRequest,
    cases: list[Case],
    next_token: str | None,
    current: Case | None,
    form: DecisionForm | None,
) -> HttpResponse:
    person, at = person_here(request), clock.now()
    rows = queries.rows_of(cases, at, current.pk if current else 0)
    context = desk_context(request, "moderation") | {"rows": rows, "next": next_token, "done": _done(request)}
    if current is not None:
        standing = rules.standing_claim(current, at)
        answer = rules.may_decide(person, current, at, standing)
        opened = queries.opened(current, at)
        if form is None:
            form = DecisionForm(rules=opened.rules, label_suffix="", initial=_suggested(opened))
        context |= {
            "opened": opened,
            "current": current,
            "claim": standing,
            "mine": standing is not None and standing.by_id == person.pk,
            "answer": answer,
            "taken": standing is not None
            and standing.by_id != person.pk
            and current.state == Case.State.OPEN,
            "form": form,
            "until": at + rules.CLAIMED_FOR,
            "newest": next(
                (each for each in opened.earlier if each.case_id == current.pk and not each.undone_at), None
            ),
        }
    status = 422 if request.method == "POST" else 200
    return render(request, "cocreation/moderation/queue.html", context, status=status)


def _suggested(opened: queries.Opened) -> dict[str, str]:
    """The rule most reports name; nothing else is filled in."""
    said = [each.report.rule for each in opened.reports]
    return {"rule": max(said, key=said.count)} if said else {}


def _done(request: HttpRequest) -> dict[str, Any] | None:
    """What was decided a moment ago, with the way back."""
    try:
        batch = UUID(request.GET.get("done", ""))
    except ValueError:
        return None
    person, at = person_here(request), clock.now()
    made = list(Decision.objects.standing().filter(batch=batch, by=person).order_by("pk")[:MOST_AT_ONCE])
    if not made or not made[0].may_undo_quickly(person, at):
        return None
    words = ngettext("Decided: %(outcome)s.", "%(n)s cases decided: %(outcome)s.", len(made))
    return {
        "batch": batch,
        "words": words % {"n": len(made), "outcome": made[0].get_outcome_display()},
        "restricts": made[0].restricts,
    }


@require_POST
@staff_required(may_moderate)
def claim(request: HttpRequest, case: int) -> HttpResponse:
    person, at = person_here(request), clock.now()
    found = _case(person, case)
    if "drop" in request.POST:
        actions.drop_claim(case=found, by=person, at=at)
    else:
        word = request.POST.get("text", "").replace("\x00", "")
        actions.claim(case=found, by=person, at=at, word=word)
        messages.success(request, _("It is yours for 30 minutes."))
    return redirect(found.get_absolute_url())


@require_POST
@staff_required(may_moderate)
def note(request: HttpRequest, case: int) -> HttpResponse:
    person = person_here(request)
    found = _case(person, case)
    form = WordForm(request.POST)
    if form.is_valid():
        actions.add_note(case=found, text=form.cleaned_data["text"], by=person, at=clock.now())
        messages.success(request, _("Noted, for moderators only."))
    else:
        messages.error(request, _("A note needs words, 200 characters at most."))
    return redirect(f"{found.get_absolute_url()}#notes")


@require_POST
@staff_required(may_moderate)
def undo(request: HttpRequest, batch: UUID) -> HttpResponse:
    """One click, for ten minutes, by whoever decided."""
    person = person_here(request)
    if not Decision.objects.filter(batch=batch, by=person).exists():
        raise Http404
    n = actions.undo_batch(batch=batch, by=person, at=clock.now())
    messages.success(
        request,
        ngettext("Taken back. The case is open again.", "Taken back. %(n)s cases are open again.", n)
        % {"n": n},
    )
    return redirect("moderation:queue")


@require_POST
@staff_required(may_moderate)
def again(request: HttpRequest, case: int) -> HttpResponse:
    """Take the last decision of a case back, with a reason: it is looked at again."""
    person = person_here(request)
    found = _case(person, case)
    decision = found.decisions.standing().order_by("-at").first()
    if decision is None:
        raise Refused(No(_("Nothing is decided here.")))
    why = request.POST.get("text", "").replace("\x00", "")
    actions.undo(decision=decision, by=person, at=clock.now(), why=why)
    messages.success(request, _("Taken back. The case is open again."))
    return redirect(found.get_absolute_url())


# --- many at once ---


@require_POST
@staff_required(may_moderate)
def many(request: HttpRequest) -> HttpResponse:
    """First what would happen, then the same for all of them; what somebody else looks at is left out."""
    person, at = person_here(request), clock.now()
    keys = [key for text in request.POST.getlist("case")[:MOST_AT_ONCE] if (key := _number(text))]
    cases = list(queries.with_all(queries.waiting_for(person)).filter(pk__in=keys).order_by("-rank", "-pk"))
    if not cases:
        messages.error(request, _("Choose the cases first."))
        return redirect("moderation:queue")
    shared = _shared_rules(cases)
    confirmed = "decide" in request.POST
    form = DecisionForm(request.POST if confirmed else None, rules=shared, label_suffix="")
    if confirmed and form.is_valid():
        done = actions.decide_many(cases=cases, verdict=form.verdict(), by=person, at=at)
        for left, answer in done.left_out:
            messages.warning(request, f"{left.contribution.receipt}: {answer.reason}")
        return _decided(request, done.decisions) if done.decisions else redirect("moderation:queue")
    rows = queries.rows_of(cases, at)
    free = [row for row in rows if rules.may_decide(person, row.case, at, row.claim)]
    context = desk_context(request, "moderation") | {
        "free": free,
        "left_out": [
            (row, rules.may_decide(person, row.case, at, row.claim)) for row in rows if row not in free
        ],
        "form": form,
    }
    return render(request, "cocreation/moderation/many.html", context, status=422 if confirmed else 200)


def _shared_rules(cases: Iterable[Case]) -> list[Any]:
    """Rules all these processes have: a decision stands on a rule of its own process."""
    sets = {process: rules_of(process) for process in {case.process_id for case in cases}}
    known = [{rule.slug for rule in each} for each in sets.values()]
    return [rule for rule in next(iter(sets.values())) if all(rule.slug in slugs for slugs in known)]


# --- appeals ---


@require_safe
@staff_required(may_moderate)
def appeals(request: HttpRequest) -> HttpResponse:
    return _appeals(request, None, None)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_moderate)
def appeal(request: HttpRequest, appeal: int) -> HttpResponse:
    """Somebody else than the first decider looks again."""
    person, at = person_here(request), clock.now()
    where = roles_of(person).moderates
    found = get_object_or_404(
        _with_all(Appeal.objects.filter(where.narrow("decision__process__"))), pk=appeal
    )
    posted = request.method == "POST"
    form = AppealDecisionForm(request.POST if posted else None, label_suffix="")
    if posted and form.is_valid():
        data = form.cleaned_data
        actions.decide_appeal(
            appeal=found, reversed=data["outcome"] == "reversed", reason=data["reason"], by=person, at=at
        )
        messages.success(request, _("Decided. Everybody concerned is told."))
        return redirect("moderation:appeals")
    return _appeals(request, found, form)


def _with_all(found: QuerySet[Appeal]) -> QuerySet[Appeal]:
    return found.select_related(
        "decision__contribution__author", "decision__process", "decision__by", "report", "by"
    )


def _appeals(request: HttpRequest, current: Appeal | None, form: AppealDecisionForm | None) -> HttpResponse:
    person = person_here(request)
    page = keyset(_with_all(queries.appeals_for(person)), ("at", "pk"), after=request.GET.get("after"))
    current = current or (page.items[0] if page.items else None)
    context = desk_context(request, "appeals") | {"page": page, "current": current}
    if current is not None:
        contribution = current.decision.contribution
        context |= {
            "answer": rules.may_decide_appeal(person, current),
            "text": text_of(pieces_of([contribution]).get(contribution.pk, ())),
            "kind": kinds.get(contribution.kind).words,
            "form": form or AppealDecisionForm(label_suffix=""),
        }
    status = 422 if request.method == "POST" else 200
    return render(request, "cocreation/moderation/appeals.html", context, status=status)
