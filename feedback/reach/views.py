"""What one says about oneself; and for the city: what is asked, and who took part."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.pages import own_page
from accounts.privacy import consents
from accounts.privacy.models import Consent
from accounts.request import account_required, person_here
from cocreation.desk import desk_context, staff_required
from cocreation.models import Process
from feedback.reach import asking, figures, own
from feedback.reach.forms import AnswersForm, CityForm
from groundwork import clock, small_numbers
from groundwork.answer import Refused, require

PAGE = Consent.Channel.PAGE


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
@never_cache
def answers(request: HttpRequest) -> HttpResponse:
    """Say, change, or rather not say. An empty form is an answer too."""
    person, at = person_here(request), clock.now()
    require(own.may_tell(person, at))
    asked, told, agrees = asking.of_city(), own.told(person), own.agrees(person)
    form = AnswersForm(
        request.POST if request.method == "POST" else None, asked=asked,
        initial={**(told or {}), "agrees": agrees},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            own.tell(
                person=person, answers=form.answers, agreed=form.cleaned_data["agrees"], channel=PAGE, at=at
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("Thank you. You can change it or take it back on this page at any time.")
            )
            return redirect("reach:answers")
    context = own_page("data") | {
        "form": form, "asked": asked, "told": told, "k": small_numbers.k(),
        "consent": consents.purposes.get(own.PURPOSE).sentence,
    }  # fmt: skip
    return render(request, "feedback/reach/answers.html", context, status=422 if form.errors else 200)


@require_POST
@account_required
def forget(request: HttpRequest) -> HttpResponse:
    """All of it goes."""
    own.take_back(person=person_here(request), channel=PAGE, at=clock.now())
    messages.success(request, _("Your answers are gone."))
    return redirect("reach:answers")


# --- the desk ---


def _staff(roles: Any) -> bool:
    return bool(roles.is_staff)


@staff_required(_staff)
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """The processes with their figures; for the administration also what is asked."""
    person, at = person_here(request), clock.now()
    may = asking.may_choose(person)
    form = CityForm(request.POST if request.method == "POST" else None) if may else None
    if request.method == "POST":
        require(may)
        assert form is not None
        if form.is_valid():
            asking.choose(chosen=form.cleaned_data["questions"], population=form.population, by=person, at=at)
            messages.success(request, _("Saved. The figures follow within the hour."))
            return redirect("reach:desk")
    context = desk_context(request, "reach") | {
        "form": form,
        "asked": asking.of_city(),
        "processes": Process.objects.visible_to(person).published().order_by("-published_at"),
        "k": small_numbers.k(),
    }
    return render(request, "feedback/reach/desk.html", context, status=422 if form and form.errors else 200)


@staff_required(_staff)
@require_safe
def desk_process(request: HttpRequest, slug: str) -> HttpResponse:
    """Who took part in a process, beside who lives here."""
    visible = Process.objects.visible_to(person_here(request)).published()
    process = get_object_or_404(visible, slug=slug)
    context = desk_context(request, "reach") | {
        "process": process,
        "tables": figures.compared(figures.shown_of(process)),
        "k": small_numbers.k(),
    }
    return render(request, "feedback/reach/desk_process.html", context)
