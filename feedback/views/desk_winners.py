"""The desk: a whole list of winners, or of proposals the city said yes to, becomes promises at once; with a preview."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.request import person_here
from cocreation.desk import desk_context, staff_required
from cocreation.models import Process
from feedback import actions
from feedback.desk_page import officials, to_promise
from feedback.keeping_forms import WinnerForm, texts
from groundwork import clock
from groundwork.answer import Refused
from groundwork.html import say

MOST = 100


@staff_required(officials)
@require_http_methods(["GET", "HEAD", "POST"])
def winners(request: HttpRequest, slug: str) -> HttpResponse:
    """One line each; "preview" shows what will be public, "publish" makes all of them or none."""
    person, at = person_here(request), clock.now()
    process = Process.objects.visible_to(person).published().filter(slug=slug).first()
    if process is None:
        raise Http404
    found = list(
        to_promise()
        .filter(process=process)
        .prefetch_related("assessments")
        .order_by("-supports", "pk")[:MOST]
    )
    sent = request.POST if request.method == "POST" else None
    forms = [WinnerForm(proposal, person, sent) for proposal in found]
    valid = [
        form.is_valid() for form in forms
    ]  # every line is looked at, so that all errors are shown at once
    fine = sent is not None and all(valid)
    taken = [form for form in forms if fine and form.cleaned_data["take"]]
    error = ""
    if sent is not None and fine and sent.get("do") == "publish":
        try:
            made = actions.promise_winners(
                winners=[
                    actions.Winner(
                        proposal=form.proposal, office=form.cleaned_data["office"], title=texts(form, "title"),
                        due=form.cleaned_data["due"], budget=form.cleaned_data["budget"],
                    )
                    for form in taken
                ],
                by=person, at=at,
            )  # fmt: skip
        except Refused as refused:
            error = refused.answer.sentence
        else:
            n = len(made)
            words = ngettext("Published: %(n)s promise.", "Published: %(n)s promises.", n) % {"n": n}
            messages.success(request, words)
            return redirect("feedback:desk_commitments")
    preview = bool(taken) and sent is not None and not error
    context = desk_context(request, "keep", menu="commitments") | {
        "process": process, "forms": forms, "taken": taken, "preview": preview, "error": error,
        "sum": say.money(sum((form.cleaned_data["budget"] or 0) for form in taken)) if preview else "",
        "nothing_chosen": sent is not None and fine and not taken,
    }  # fmt: skip
    wrong = sent is not None and (not fine or bool(error) or not taken)
    return render(request, "feedback/desk_winners.html", context, status=422 if wrong else 200)
