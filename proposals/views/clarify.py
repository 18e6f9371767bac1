"""The authors answer what an office asks them, in the open."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from accounts.request import person_of
from groundwork import clock
from groundwork.answer import No, Refused
from proposals import assess_actions, rules
from proposals.assess_forms import AnswerForm
from proposals.models import Clarification
from proposals.views.page import get_proposal


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, receipt: str, pk: int) -> HttpResponse:
    """A page with the question and a box for the answer; everybody else is led to the proposal, where both stand."""
    person, at = person_of(request), clock.now()
    found = get_proposal(receipt, person)
    asked = get_object_or_404(found.clarifications.select_related("office"), pk=pk)
    asked.proposal = found
    allowed = rules.may_answer(person, asked, at)
    if request.method != "POST":
        if not allowed:
            return HttpResponseRedirect(f"{found.get_absolute_url()}#questions")
        return _page(request, asked, AnswerForm(), 200)
    if person is None or isinstance(allowed, No):
        raise Refused(allowed if isinstance(allowed, No) else No(""))
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, form, 422)
    try:
        assess_actions.answer_office(
            clarification=asked, answer=form.cleaned_data["answer"], by=person, at=at,
            language=get_language() or "de", changed=form.cleaned_data["changed"],
        )  # fmt: skip
    except Refused as refused:
        if not form.cleaned_data["changed"]:
            raise
        form.add_error("changed", str(refused.answer.reason))
        return _page(request, asked, form, 422)
    return HttpResponseRedirect(f"{found.get_absolute_url()}?answered=1#questions")


def _page(request: HttpRequest, asked: Clarification, form: AnswerForm, status: int) -> HttpResponse:
    context = {"menu": "proposals", "proposal": asked.proposal, "asked": asked, "form": form}
    return render(request, "proposals/answer_office.html", context, status=status)
