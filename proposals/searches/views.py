"""Keep a search, see them all, change how often they tell, delete one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Person
from accounts.request import person_of
from cocreation.models import Process
from cocreation.querysets import find_process
from groundwork import clock
from groundwork.answer import No, Refused
from proposals.queries import Choice, describe
from proposals.searches import actions, rules
from proposals.searches.forms import RhythmForm, SaveForm
from proposals.searches.models import Rhythm, SavedSearch


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """All searches somebody keeps. One query."""
    searches = SavedSearch.objects.filter(person=person_of(request)).select_related("process")
    rows = [(search, ", ".join(describe(search.choice))) for search in searches]
    return render(request, "proposals/searches/mine.html", {"rows": rows, "rhythms": Rhythm.choices})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The address carries the choice of the list: `?process=spielplatz&theme=green`."""
    person, at = person_of(request), clock.now()
    process = _process(request.GET.get("process", ""), person)
    choice = Choice.read(request.GET)
    answer = rules.may_save(person, process)
    if isinstance(answer, No) and (request.method == "POST" or answer.identify):
        raise Refused(answer)
    words = describe(choice)
    form = SaveForm(
        request.POST if request.method == "POST" else None, initial={"name": ", ".join(words)[:60]}
    )
    if request.method == "POST" and form.is_valid() and person is not None:
        try:
            actions.save_search(by=person, process=process, choice=choice, at=at, **form.cleaned_data)
        except Refused as refused:
            form.add_error("name", str(refused.answer.reason))
        else:
            messages.success(request, _("Your search is kept. We tell you as you have chosen."))
            return HttpResponseRedirect(reverse("searches:mine"))
    page = reverse("proposals:list", args=[process.slug]) if process else reverse("proposals:list_all")
    context = {
        "process": process,
        "words": words,
        "form": form,
        "refusal": answer if isinstance(answer, No) else None,
        "back_url": f"{page}{choice.address()}",
        "language": get_language(),
    }
    return render(request, "proposals/searches/new.html", context, status=422 if form.errors else 200)


def _process(slug: str, person: Person | None) -> Process | None:
    if not slug:
        return None
    process = find_process(slug, person)
    if process is None:
        raise Http404
    return process


@require_POST
def rhythm(request: HttpRequest, search: int) -> HttpResponse:
    person, found = _own(request, search)
    form = RhythmForm(request.POST)
    if not form.is_valid():
        raise Refused(No(_("This rhythm is not known.")))
    actions.choose_rhythm(search=found, by=person, rhythm=form.cleaned_data["rhythm"], at=clock.now())
    messages.success(request, _("Changed."))
    return HttpResponseRedirect(reverse("searches:mine"))


@require_POST
def delete(request: HttpRequest, search: int) -> HttpResponse:
    person, found = _own(request, search)
    actions.delete_search(search=found, by=person)
    messages.success(request, _("The search “%(name)s” is deleted.") % {"name": found.name})
    return HttpResponseRedirect(reverse("searches:mine"))


def _own(request: HttpRequest, key: int) -> tuple[Person, SavedSearch]:
    """One's own search; everybody else's does not exist."""
    person = person_of(request)
    if person is None:
        raise Refused(No(_("Please sign in first."), _("Sign in"), "account_login", identify=True))
    return person, get_object_or_404(SavedSearch, pk=key, person=person)
