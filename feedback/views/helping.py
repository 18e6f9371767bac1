"""Taking a task on, taking it back, saying that it is done."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.request import person_of
from feedback import actions, keeping_rules, pending_acts
from feedback.keeping_forms import HoursForm, TakeOnForm
from feedback.models import Commitment, Pledge, Task
from groundwork import clock
from groundwork.answer import No
from groundwork.html.middleware import refuse


def _task(request: HttpRequest, pk: int, task: int) -> Task:
    visible = Commitment.objects.visible_to(person_of(request))
    found: Task = get_object_or_404(
        Task.objects.filter(commitment__in=visible).select_related("commitment"), commitment=pk, pk=task
    )
    return found


def _back(task: Task) -> HttpResponse:
    return redirect(f"{task.commitment.get_absolute_url()}#t{task.pk}")


@require_POST
def take_on(request: HttpRequest, pk: int, task: int) -> HttpResponse:
    person, at, found = person_of(request), clock.now(), _task(request, pk, task)
    answer = keeping_rules.may_take_on(
        person, found, at, Pledge.objects.standing().filter(task=found).count()
    )
    if isinstance(answer, No) and answer.identify:
        named = "is_named" in request.POST
        kept = pending_acts.keep_taking_on(found, is_named=named, person=person, answer=answer, at=at)
        return redirect("cocreation:waiting", token=kept.token)
    if isinstance(answer, No) or person is None:
        assert isinstance(answer, No)
        return refuse(request, answer)
    form = TakeOnForm(person, request.POST)
    if form.is_valid():
        actions.take_on(
            task=found, by=person, at=at, organisation=form.cleaned_data["organisation"],
            is_named=form.cleaned_data["is_named"],
        )  # fmt: skip
        messages.success(
            request, _("Thank you. You have taken this on. When it is done, say here how many hours it was.")
        )
    else:
        messages.error(request, _("Please choose yourself or an organisation you are a confirmed member of."))
    return _back(found)


def _mine(request: HttpRequest, task: Task) -> Pledge:
    person = person_of(request)
    found: Pledge = get_object_or_404(Pledge.objects.standing(), task=task, person=person.pk if person else 0)
    return found


@require_POST
def take_back(request: HttpRequest, pk: int, task: int) -> HttpResponse:
    person, found = person_of(request), _task(request, pk, task)
    pledge = _mine(request, found)
    assert person is not None
    actions.take_back(pledge=pledge, by=person, at=clock.now())
    messages.success(request, _("Taken back. Thank you for saying so."))
    return _back(found)


@require_POST
def done(request: HttpRequest, pk: int, task: int) -> HttpResponse:
    person, found = person_of(request), _task(request, pk, task)
    pledge = _mine(request, found)
    assert person is not None
    form = HoursForm(request.POST)
    if form.is_valid():
        actions.report_done(pledge=pledge, hours=form.cleaned_data["hours"], by=person, at=clock.now())
        messages.success(request, _("Thank you. Your hours are counted."))
    else:
        messages.error(request, _("Please give the hours, between a half and 200."))
    return _back(found)
