"""Our own results as OParl 1.1: every published vote is a Paper, so that a council's system can take it over as it is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils import timezone, translation

from groundwork.datasets import LICENCES
from proposals.ballots.models import Tally

SCHEMA = "https://schema.oparl.org/1.1"
PAGE = 100
LICENCE = "CC-BY-4.0"
# Lists every body has to have; ours are empty: the council's own server has its members and meetings.
EMPTY = ("organizations", "people", "meetings", "agenda-items", "consultations", "files")


def _whole(name: str, *args: Any) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=args)}"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _thing(kind: str, address: str) -> dict[str, Any]:
    return {"id": address, "type": f"{SCHEMA}/{kind}"}


def system() -> dict[str, Any]:
    return _thing("System", _whole("oparl_system")) | {
        "oparlVersion": f"{SCHEMA}/",
        "name": f"Quartier {settings.CITY_NAME}",
        "body": _whole("oparl_bodies"),
        "license": LICENCES[LICENCE].url,
        "website": settings.SITE_URL,
        "product": "https://schema.oparl.org/",
    }


def body() -> dict[str, Any]:
    empty = {field: _whole("oparl_nothing", kind) for field, kind in zip(("organization", "person", "meeting", "agendaItem", "consultation", "file"), EMPTY, strict=True)}  # fmt: skip
    return _thing("Body", _whole("oparl_body")) | {
        "system": _whole("oparl_system"),
        "name": settings.CITY_NAME,
        "license": LICENCES[LICENCE].url,
        "paper": _whole("oparl_papers"),
        "legislativeTerm": [],
        **empty,
    }


def listed(objects: list[dict[str, Any]], address: str, page: Page[Any] | None = None) -> dict[str, Any]:
    """A list as OParl pages it: `links.next` leads on until there is no more."""
    number, pages, total = (page.number, page.paginator.num_pages, page.paginator.count) if page else (1, 1, len(objects))  # fmt: skip

    def link(n: int) -> str:
        return address if n == 1 else f"{address}{'&' if '?' in address else '?'}page={n}"

    links = {"first": link(1), "self": link(number), "last": link(pages)}
    links |= {"prev": link(number - 1)} if number > 1 else {}
    links |= {"next": link(number + 1)} if number < pages else {}
    about = {"totalElements": total, "elementsPerPage": PAGE, "currentPage": number, "totalPages": pages}
    return {"data": objects, "pagination": about, "links": links}


def papers(number: str, since: datetime | None, asked: str) -> dict[str, Any]:
    """A page of all published results, the oldest first; with `since` those that became public from then on."""
    found = Tally.objects.visible_to(None).select_related("vote__phase__process__office")
    if since is not None:
        found = found.filter(published_at__gte=since)
    page = Paginator(found.order_by("published_at", "pk"), PAGE).get_page(number)
    address = _whole("oparl_papers") + (f"?{asked}" if asked else "")
    return listed([paper(tally) for tally in page], address, page)


def one(vote: int) -> Tally | None:
    return (
        Tally.objects.visible_to(None).filter(pk=vote).select_related("vote__phase__process__office").first()
    )


def paper(tally: Tally) -> dict[str, Any]:
    """The result of a vote in the words of a council: what was asked, the day, the page, the file of all ballots."""
    process = tally.vote.phase.process
    published = tally.published_at or tally.at
    with translation.override("de"):
        page = f"{settings.SITE_URL}{reverse('ballots:result', args=[process.slug])}"
        ballots = f"{settings.SITE_URL}{reverse('ballots:ballots_file', args=[process.slug])}"
        name = f"Ergebnis der Abstimmung: {process.title}"
    address = _whole("oparl_paper", tally.pk)
    file = _thing("File", f"{address}#ballots") | {
        "name": "Alle Stimmzettel, ohne Namen",
        "fileName": "ballots.csv",
        "mimeType": "text/csv",
        "accessUrl": ballots,
        "date": timezone.localtime(published).date().isoformat(),
        "created": _moment(tally.at),
        "modified": _moment(published),
    }
    return _thing("Paper", address) | {
        "body": _whole("oparl_body"),
        "name": name,
        "reference": f"{process.slug}/{tally.vote.phase.key}",
        "date": timezone.localtime(published).date().isoformat(),
        "paperType": "Ergebnis einer Bürgerabstimmung",
        "mainFile": file,
        "license": LICENCES[LICENCE].url,
        "created": _moment(tally.at),
        "modified": _moment(published),
        "web": page,
    }
