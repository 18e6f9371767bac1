"""Pages that bring all houses together: the home page, search, pages about the city, error pages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import select_template
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Person
from accounts.request import person_of
from cocreation.kept import keep
from cocreation.models import Contribution, Phase
from cocreation.own_pages import Step, own_page
from cocreation.queries import search_processes
from cocreation.record import receipt_from
from cocreation.views.processes import index_context
from groundwork import clock
from groundwork.html import errors
from groundwork.shared_pages.api import shared_page
from groundwork.webapi.problems import KINDS, TITLES
from proposals import queries as proposals
from proposals.cards import flagged
from quartier import home as front
from quartier.api_guide import chapters, examples
from quartier.pages import PAGES

COUNTED = 1000


@shared_page()
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


@shared_page("place", "after")
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Processes that are over, the last one first: what was decided and answered."""
    context = index_context(request, state="over") | {"menu": "results", "results": True}
    return render(request, "cocreation/processes.html", context)


def _searched(request: HttpRequest) -> tuple[str, str]:
    """The words, and the receipt number where they are one."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    return words, receipt_from(words) if re.fullmatch(r"[\d\s\-–/.]+", words) else ""


def _own_search(request: HttpRequest, person: Person) -> Step | None:
    """A number may lead to what only this person may see."""
    _words, number = _searched(request)
    return None if number else flagged


@shared_page("q", own=own_page(first=_own_search, readers=1))
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Processes and proposals for some words; a receipt number leads straight to its page."""
    person, at = person_of(request), clock.now()
    words, number = _searched(request)
    if number:
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


@shared_page()
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
        "others": [(slug, words) for slug, words in PAGES.items() if slug != page],
    }
    return render(request, "quartier/about.html", context)


@require_safe
def api_guide(request: HttpRequest) -> HttpResponse:
    """The public interface for people who write programs: how it works, examples that run, every operation."""
    kinds = [{"status": status, "name": name, "words": TITLES[status]} for status, name in KINDS.items()]
    context = {"examples": examples(clock.now()), "chapters": chapters(), "kinds": kinds}
    return render(request, "quartier/api.html", context)


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116: where to report a hole, until when this holds, and what we promise to whoever does."""
    contact = settings.SECURITY_CONTACT or settings.CITY_EMAIL
    # Half a year from today; the file is made on request, so it never goes stale.
    expires = (clock.now().astimezone(UTC) + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        f"Contact: {contact if ':' in contact else f'mailto:{contact}'}",
        f"Expires: {expires}",
        "Preferred-Languages: de, en",
        f"Canonical: {settings.SITE_URL}{reverse('security_txt')}",
        f"Policy: {settings.SITE_URL}{reverse('about', args=['security'])}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def short_receipt(request: HttpRequest, receipt: str) -> HttpResponse:
    """The address printed on slips: leads to the record in the reader's language."""
    return redirect("cocreation:record", receipt=receipt)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", {"exception": str(exception or "")}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


broken = errors.server_error
