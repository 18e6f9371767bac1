"""The three questions: from the signed link of a message, from the code on a poster; and the poster itself."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from feedback import actions, keeping_rules, links
from feedback.keeping_forms import WorksForm
from feedback.models import Commitment
from groundwork import clock
from groundwork.answer import Answer, No, Refused


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever holds the link of their message answers without logging in; a second time replaces the first."""
    known = links.read_token(token)
    if known is None:
        raise Http404
    commitment, person = known
    form = WorksForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        actions.answer_by_link(commitment=commitment, person=person, at=clock.now(), **form.cleaned_data)
        messages.success(request, _("Thank you. You can change your answer as long as we ask."))
        return redirect(commitment.get_absolute_url())
    return _show(request, commitment, form, by_poster=False)


@require_http_methods(["GET", "HEAD", "POST"])
def poster_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever stands before the poster: no account, no cookie, so many answers a day from one network."""
    at = clock.now()
    commitment = get_object_or_404(Commitment.objects.public().for_board(), pk=pk, delivered_at__isnull=False)
    form = WorksForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        address = get_adapter().get_client_ip(request) or ""
        if isinstance(answer := links.may_answer_from(commitment.pk, address, at), No):
            raise Refused(answer)
        actions.answer_by_poster(commitment=commitment, at=at, **form.cleaned_data)
        links.answered_from(commitment.pk, address, at)
        return render(request, "feedback/asked.html", {"menu": "commitments", "commitment": commitment})
    return _show(request, commitment, form, by_poster=True)


def _show(request: HttpRequest, commitment: Commitment, form: WorksForm, *, by_poster: bool) -> HttpResponse:
    answer: Answer = keeping_rules.is_asked(commitment, clock.now())
    context = {
        "menu": "commitments",
        "commitment": commitment,
        "form": form,
        "closed": answer.sentence if isinstance(answer, No) else "",
        "by_poster": by_poster,
        "leave_url": commitment.get_absolute_url(),
    }
    if form.is_bound and isinstance(answer, No):
        raise Refused(answer)
    return render(request, "feedback/ask.html", context, status=422 if form.is_bound else 200)


@require_safe
def poster(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet to hang up, as long as people are asked."""
    commitment = get_object_or_404(
        Commitment.objects.public().select_related("office"), pk=pk, delivered_at__isnull=False
    )
    made = HttpResponse(links.poster(commitment), content_type="application/pdf")
    made["Content-Disposition"] = 'inline; filename="{}-{}.pdf"'.format(_("poster"), commitment.pk)
    return made
