"""For the administration: how far telling and mailing is, every mail as people get it, and newsletters."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.request import person_here
from cocreation.desk import desk_context, staff_required
from feedback.notices import fanout, letters, previews, sending
from feedback.notices import newsletters as news
from feedback.notices.forms import NewsletterForm, PlanForm
from feedback.notices.models import FanOut, Mail, Newsletter, Rhythm, Stopped
from groundwork import clock
from groundwork.answer import Refused
from groundwork.html.mails import readable

log = logging.getLogger("quartier.notices")


def _admins(roles: Any) -> bool:
    return bool(roles.is_admin)


@require_safe
@staff_required(_admins)
def mails(request: HttpRequest) -> HttpResponse:
    """How far it all is, and which mails there are."""
    at = clock.now()
    waiting, oldest = sending.waiting(at)
    lately = Mail.objects.filter(sent_at__gt=at - timedelta(days=7), number__gt=0).aggregate(
        sent=Count("pk"),
        bounced=Count("pk", filter=Q(bounced_at__isnull=False)),
        complained=Count("pk", filter=Q(complained_at__isnull=False)),
    )
    context = desk_context(request, "mails") | {
        "waiting": waiting,
        "oldest": oldest,
        "given_up": sending.given_up(),
        "lately": lately,
        "stopped": Stopped.objects.count(),
        "fan_outs": [
            (work, previews.label_of(work.verb)) for work in FanOut.objects.order_by("entry_id")[:20]
        ],
        "kinds": previews.kinds(),
    }
    return render(request, "feedback/notices/desk_mails.html", context)


@require_safe
@staff_required(_admins)
def preview(request: HttpRequest, verb: str) -> HttpResponse:
    """One mail as people get it: both languages, at once or in a digest, text and HTML. Nothing is sent."""
    if verb not in fanout.VERBS:
        raise Http404
    rhythm = request.GET.get("rhythm", "")
    rhythm = rhythm if rhythm in (Rhythm.DAILY, Rhythm.WEEKLY) else Rhythm.IMMEDIATE.value
    notice, is_real = previews.example(verb, person_here(request), rhythm)
    shown = []
    for code, name in previews.LANGUAGES:
        letter = letters.write_in(code, [notice])
        shown.append((code, name, letter, readable(letter.html), len(letter.html.encode()) // 1024 + 1))
    context = desk_context(request, "mails") | {
        "label": previews.label_of(verb),
        "verb": verb,
        "letters": shown,
        "is_real": is_real,
        "rhythm": rhythm,
        "rhythms": [Rhythm.IMMEDIATE, Rhythm.DAILY, Rhythm.WEEKLY],
    }
    return render(request, "feedback/notices/desk_preview.html", context)


# --- newsletters ---


@require_safe
@staff_required(_admins)
def newsletters(request: HttpRequest) -> HttpResponse:
    rows = [(each, news.state_of(each)) for each in Newsletter.objects.select_related("process")[:50]]
    context = desk_context(request, "newsletters") | {"rows": rows}
    return render(request, "feedback/notices/desk_newsletters.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(_admins)
def newsletter_new(request: HttpRequest) -> HttpResponse:
    form = NewsletterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = news.save(form.save(commit=False), by=person_here(request), at=clock.now())
        messages.success(request, _("Saved as a draft. Nobody has got it yet."))
        return redirect("notices:newsletter", pk=made.pk)
    context = desk_context(request, "newsletters") | {"form": form}
    return render(
        request, "feedback/notices/desk_newsletter_form.html", context, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(_admins)
def newsletter(request: HttpRequest, pk: int) -> HttpResponse:
    """Change, look, try on oneself, plan, take back; once it is sent: how far, and what came of it."""
    found = get_object_or_404(Newsletter.objects.select_related("process"), pk=pk)
    person, at = person_here(request), clock.now()
    do = request.POST.get("do", "save") if request.method == "POST" else ""
    form = NewsletterForm(request.POST if do == "save" else None, instance=found)
    plan = PlanForm(request.POST if do == "plan" else None, initial={"moment": at})
    if do == "save" and form.is_valid():
        news.save(form.save(commit=False), by=person, at=at)
        messages.success(request, _("Saved as a draft. Nobody has got it yet."))
        return redirect("notices:newsletter", pk=pk)
    if do == "test":
        return _tested(request, found)
    if do == "plan" and plan.is_valid():
        news.plan(found, moment=plan.cleaned_data["moment"], by=person, at=at)
        messages.success(request, _("Planned. Until it leaves you can take it back."))
        return redirect("notices:newsletter", pk=pk)
    if do == "take_back":
        news.take_back(found, by=person, at=at)
        messages.success(request, _("Taken back. It is a draft again."))
        return redirect("notices:newsletter", pk=pk)
    if do in ("save", "plan") and (form.errors or plan.errors):
        found = Newsletter.objects.select_related("process").get(pk=pk)
    context = desk_context(request, "newsletters") | {
        "letter": found,
        "state": news.state_of(found),
        "reach": news.reach_of(found)[1],
        "form": form if found.may_change else None,
        "plan": plan,
        "may_plan": news.may_plan(found),
        "shown": [(code, each, readable(each.html)) for code, each in news.languages(found, person)],
        "results": sending.sent_of(found.entry_id) if found.entry_id else None,
        "still_telling": FanOut.objects.filter(pk=found.entry_id).first() if found.entry_id else None,
    }
    bad = bool((do == "save" and form.errors) or (do == "plan" and plan.errors))
    return render(request, "feedback/notices/desk_newsletter.html", context, status=422 if bad else 200)


def _tested(request: HttpRequest, found: Newsletter) -> HttpResponse:
    person = person_here(request)
    try:
        news.test(found, by=person, at=clock.now())
    except Refused:
        raise
    except (
        Exception
    ):  # whatever the mail server has to say: a test that did not leave must not look like one that did
        log.exception("newsletter.test_failed newsletter=%s", found.pk)
        messages.error(request, _("The test did not leave: the mail server refused it or did not answer."))
        return redirect("notices:newsletter", pk=found.pk)
    messages.success(request, _("A test is on its way to {address}.").format(address=person.email))
    return redirect("notices:newsletter", pk=found.pk)
