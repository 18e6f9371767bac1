"""Pages that bring all houses together: the home page, search, pages about the city, error pages."""

from __future__ import annotations

import re
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import select_template
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.request import person_of
from cocreation.kept import keep
from cocreation.models import Contribution, Phase
from cocreation.queries import search_processes
from cocreation.record import receipt_from
from cocreation.views.processes import index_context
from groundwork import clock
from groundwork.datamap import register
from groundwork.html import errors
from proposals import queries as proposals
from quartier import home as front
from quartier.pages import PAGES, data_map

COUNTED = 1000


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    person, at = person_of(request), clock.now()
    now = front.version(at)
    return render(request, "quartier/home.html", front.parts_of(person, at, now) | _main_action(at, now))


def _main_action(at: datetime, now: str) -> dict[str, str]:
    """The one button of the page: propose where proposals are collected now, else see what there is."""

    def ask() -> dict[str, str]:
        phases = Phase.objects.published().open(at).filter(acts__contains=["propose"])
        phase = phases.select_related("process").order_by("ends", "pk").first()
        if phase is None:
            return {
                "propose_url": reverse("cocreation:processes"),
                "propose_words": _("See what is going on"),
            }
        return {
            "propose_url": reverse("proposals:propose", args=[phase.process.slug]),
            "propose_words": _("Make a proposal"),
        }

    return keep(now, "home:action", ask)


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Processes that are over, the last one first: what was decided and answered."""
    context = index_context(request, state="over") | {"menu": "results", "results": True}
    return render(request, "cocreation/processes.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Processes and proposals for some words; a receipt number leads straight to its page."""
    person, at = person_of(request), clock.now()
    words = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    if number := receipt_from(words) if re.fullmatch(r"[\d\s\-–/.]+", words) else "":
        contribution = Contribution.objects.visible_to(person).filter(receipt=number).first()
        if contribution is not None:
            return redirect(contribution)
    context: dict[str, object] = {"q": words}
    if words:
        choice = proposals.Choice(q=words, order="best")
        asked = choice.asked()
        found = proposals.best(asked)
        hits = found[0].hits if found else 0  # type: ignore[attr-defined]
        context |= {
            "processes": search_processes(words, at),
            "cards": proposals.cards(found, person, at, mark=asked.mark) if found else [],
            "meant": asked.meant,
            "meant_url": f"?{urlencode({'q': asked.meant})}" if asked.meant else "",
            "number": min(hits, COUNTED),
            "more_than": hits > COUNTED,
            "all_url": f"{reverse('proposals:list_all')}{choice.address()}",
        }
    return render(request, "quartier/search.html", context)


@require_safe
def about(request: HttpRequest, page: str) -> HttpResponse:
    title = PAGES.get(page)
    if title is None:
        raise Http404
    language = get_language() or "de"
    text = select_template([f"quartier/about/{page}.{language}.html", f"quartier/about/{page}.de.html"])
    context = {
        "title": title,
        "page": page,
        "text": text,
        "data_map": data_map(register()) if page == "privacy" else [],
        "others": [(slug, words) for slug, words in PAGES.items() if slug != page],
    }
    return render(request, "quartier/about.html", context)


@require_safe
def short_receipt(request: HttpRequest, receipt: str) -> HttpResponse:
    """The address printed on slips: leads to the record in the reader's language."""
    return redirect("cocreation:record", receipt=receipt)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", {"exception": str(exception or "")}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


broken = errors.server_error
