"""What everybody sees of moderation: the rules, the log, one's report, one's statement of reasons."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.request import person_of
from cocreation.kinds import about, kinds
from cocreation.models import Contribution, Process
from cocreation.moderation import actions, limits, queries, rules
from cocreation.moderation.forms import AppealForm, ChangeForm, ReportForm
from cocreation.moderation.models import Decision, Report
from cocreation.moderation.standard import rules_of
from cocreation.querysets import find_process
from cocreation.wordings import pieces_of, text_of, wordings
from groundwork import clock
from groundwork.answer import No, Refused
from groundwork.html.paging import keyset

if TYPE_CHECKING:
    from accounts.models import Person

MOST_IN_CSV = 50_000


def _process(slug: str, person: Person | None) -> Process:
    found = find_process(slug, person)
    if found is None:
        raise Http404
    return found


@require_safe
def rules_page(request: HttpRequest, slug: str) -> HttpResponse:
    process = _process(slug, person_of(request))
    context = {"menu": "processes", "process": process, "rules": rules_of(process)}
    return render(request, "cocreation/moderation/rules.html", context)


# --- the log ---


@require_safe
def log(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Decisions without names and without texts, of the city or of one process. Four queries."""
    process = public_process(slug, person_of(request)) if slug else None
    page = keyset(queries.log_of(process), ("-at", "-pk"), after=request.GET.get("after"), size=30)
    figures = queries.statistics(process)
    names = queries.rule_names(figures.by_rule, process)
    context = {
        "menu": "processes",
        "process": process,
        "lines": [queries.line_of(each) for each in page.items],
        "next": page.next_token,
        "figures": figures,
        "median": queries.span(figures.median) if figures.median is not None else "",
        "by_rule": [(names[rule], n) for rule, n in figures.by_rule.items()],
        "most": max(figures.by_rule.values(), default=1),
    }
    return render(request, "cocreation/moderation/log.html", context)


def public_process(slug: str, person: Person | None) -> Process:
    """The log is of what is public; a draft has none."""
    process = _process(slug, person)
    if not process.is_published or process.is_dry_run:
        raise Http404
    return process


@require_safe
def log_csv(request: HttpRequest, slug: str = "") -> HttpResponse:
    """The same as a table."""
    process = public_process(slug, person_of(request)) if slug else None
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(
        [
            "at",
            "kind",
            "process",
            "rule",
            "rule_name",
            "outcome",
            "automated",
            "appeal",
            "minutes_until_decided",
        ]
    )
    for decision in queries.log_of(process).order_by("-at", "-pk")[:MOST_IN_CSV]:
        line = queries.line_of(decision)
        cells = [
            line.at.isoformat(timespec="minutes"), decision.kind, line.process, line.rule_slug, line.rule, line.slug,
            "yes" if line.automated else "no", line.appeal_slug, str(int(line.duration.total_seconds() // 60)),
        ]  # fmt: skip
        table.writerow([_cell(each) for each in cells])
    name = f"moderation-{process.slug}.csv" if process else "moderation.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _cell(text: str) -> str:
    """Nothing a spreadsheet would take for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


# --- reports ---


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, receipt: str) -> HttpResponse:
    """Say that something breaks a rule. No account is needed."""
    person, at = person_of(request), clock.now()
    seen = Contribution.objects.visible_to(person).select_related("process")
    contribution = get_object_or_404(seen, receipt=receipt)
    if isinstance(answer := rules.may_report(person, contribution, at), No):
        raise Refused(answer)
    earlier = rules.earlier_report(person, "", contribution)
    if earlier is not None:
        return redirect(earlier.get_absolute_url())
    known = person is not None
    process_rules = rules_of(contribution.process, contribution.kind)
    posted = request.method == "POST"
    form = ReportForm(
        request.POST if posted else None, rules=process_rules, known=known, label_suffix="", initial={"rule": request.GET.get("rule")}
    )  # fmt: skip
    if posted and form.is_valid():
        return _send(request, contribution, form, person)
    context = {
        "menu": "processes",
        "contribution": contribution,
        "process": contribution.process,
        "kind": kinds.get(contribution.kind).words,
        "about": about(contribution),
        "text": text_of(pieces_of([contribution]).get(contribution.pk, ())),
        "text_lang": contribution.language if contribution.language != get_language() else "",
        "rules": process_rules,
        "form": form,
    }
    return render(request, "cocreation/moderation/report.html", context, status=422 if posted else 200)


def _send(
    request: HttpRequest, contribution: Contribution, form: ReportForm, person: Person | None
) -> HttpResponse:
    at = clock.now()
    address = "" if person else (get_adapter().get_client_ip(request) or "")
    if isinstance(answer := limits.may_send(address, at), No):
        raise Refused(answer)
    made = actions.report(
        contribution=contribution,
        rule=form.cleaned_data["rule"],
        words=form.cleaned_data["words"],
        by=person,
        email=form.cleaned_data.get("email", ""),
        language=get_language() or "de",
        at=at,
    )
    if made.at != at:
        # Somebody else may have typed the same address: what they said is not shown.
        return render(
            request,
            "cocreation/moderation/reported_before.html",
            {"menu": "processes", "process": contribution.process},
        )
    limits.sent(address, at)
    messages.success(request, _("Thank you. Moderation looks at it, usually within 24 hours."))
    return redirect(made.get_absolute_url())


@never_cache
@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """What I have reported, and what came of it."""
    rows = Report.objects.filter(by=request.user).select_related("contribution", "contribution__process")  # type: ignore[misc]
    page = keyset(rows, ("-at", "-pk"), after=request.GET.get("after"))
    items = [
        (each, *queries.report_state(each), kinds.get(each.contribution.kind).words) for each in page.items
    ]
    return render(
        request, "cocreation/moderation/mine.html", {"menu": "me", "items": items, "next": page.next_token}
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reported(request: HttpRequest, token: str) -> HttpResponse:
    """One report, by its address: what was said, what came of it, and the appeal."""
    person, at = person_of(request), clock.now()
    found = Report.objects.select_related("contribution__process", "case")
    report = get_object_or_404(found, token=token)
    if report.by_id is not None and (person is None or person.pk != report.by_id):
        raise Http404
    decision = queries.newest_decision(report)
    answer = (
        rules.may_appeal(person, decision, at, report) if decision else No(_("There is no decision yet."))
    )
    posted = request.method == "POST"
    form = AppealForm(request.POST if posted else None, label_suffix="")
    if posted:
        if isinstance(answer, No):
            raise Refused(answer)
        if form.is_valid() and decision is not None:
            actions.appeal(
                decision=decision, words=form.cleaned_data["words"], by=person, report=report, at=at
            )
            messages.success(request, _("Your appeal is there. Somebody else looks again."))
            return redirect(report.get_absolute_url())
    state, tone = queries.report_state(report)
    rule = next((each for each in rules_of(report.contribution.process) if each.slug == report.rule), None)
    context = {
        "menu": "processes",
        "report": report,
        "process": report.contribution.process,
        "kind": kinds.get(report.contribution.kind).words,
        "state": state,
        "tone": tone,
        "rule": rule,
        "decision": decision if report.upheld is not None else None,
        "appeals": [each for each in decision.appeals.all() if each.report_id == report.pk]
        if decision
        else [],
        "answer": answer,
        "form": form,
    }
    return render(request, "cocreation/moderation/reported.html", context, status=422 if posted else 200)


# --- statements ---


def _decision(request: HttpRequest, **key: Any) -> Decision:
    """A decision this person may read; for everybody else there is none."""
    found = Decision.objects.select_related("contribution__process", "process", "case").restricting()
    decision = get_object_or_404(found.prefetch_related("appeals"), **key)
    if not rules.may_read_statement(person_of(request), decision):
        raise Http404
    return decision


@never_cache
@require_safe
@login_required
def statement_of(request: HttpRequest, decision: int) -> HttpResponse:
    """Messages lead here: they know the number of a decision, not its address."""
    return redirect(_decision(request, pk=decision).get_absolute_url())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def statement(request: HttpRequest, token: str) -> HttpResponse:
    """The statement of reasons: fact, rule, scope, who, and how to disagree."""
    person, at = person_of(request), clock.now()
    decision = _decision(request, token=token)
    answer = rules.may_appeal(person, decision, at)
    posted = request.method == "POST"
    form = AppealForm(request.POST if posted else None, label_suffix="")
    if posted:
        if isinstance(answer, No):
            raise Refused(answer)
        if form.is_valid():
            actions.appeal(decision=decision, words=form.cleaned_data["words"], by=person, at=at)
            messages.success(request, _("Your appeal is there. Somebody else looks again."))
            return HttpResponseRedirect(decision.get_absolute_url())
    contribution = decision.contribution
    is_author = person is not None and contribution.author_id == person.pk
    context = {
        "menu": "me",
        "decision": decision,
        "process": decision.process,
        "contribution": contribution,
        "kind": kinds.get(contribution.kind).words,
        "text": text_of(pieces_of([contribution]).get(contribution.pk, ())),
        "text_lang": contribution.language if contribution.language != get_language() else "",
        "is_author": is_author,
        "appeals": list(decision.appeals.all()),
        "answer": answer,
        "form": form,
        "may_change": bool(rules.may_change(person, decision)) and _can_change(decision),
        "url": contribution.get_absolute_url(),
    }
    return render(request, "cocreation/moderation/statement.html", context, status=422 if posted else 200)


def _can_change(decision: Decision) -> bool:
    known = wordings.find(decision.kind)
    return known is not None and known.write is not None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change(request: HttpRequest, token: str) -> HttpResponse:
    """The author changes the text and sends it back."""
    person, at = person_of(request), clock.now()
    decision = _decision(request, token=token)
    if isinstance(answer := rules.may_change(person, decision), No):
        raise Refused(answer)
    if not _can_change(decision):
        raise Refused(No(_("This cannot be changed. You can withdraw it.")))
    assert person is not None
    posted = request.method == "POST"
    pieces = pieces_of([decision.contribution]).get(decision.contribution_id, [])
    form = ChangeForm(
        request.POST if posted else None,
        pieces=pieces,
        language=decision.contribution.language,
        label_suffix="",
    )
    if posted and form.is_valid():
        actions.change(decision=decision, texts=form.cleaned_data, by=person, at=at)
        messages.success(request, _("Thank you. Moderation looks at your new text, usually within 24 hours."))
        return redirect(decision.get_absolute_url())
    context = {"menu": "me", "decision": decision, "process": decision.process, "form": form}
    return render(request, "cocreation/moderation/change.html", context, status=422 if posted else 200)
