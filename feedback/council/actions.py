"""Servers are named and left, read from time to time, and what they hold is tied to what was proposed here."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from cocreation.models import Contribution
from feedback.council import client
from feedback.council.client import Get, Trouble, address, kind_of, text
from feedback.council.door import Unsafe, parts_of
from feedback.council.models import Consultation, InCouncil, Meeting, Paper, Source
from feedback.models import OfficialAnswer
from groundwork import clock
from groundwork.answer import No, Refused
from groundwork.jobs import api as jobs

if TYPE_CHECKING:
    from accounts.models import Person

KIND = "council"
TELL_EVERY = 100


def name_server(*, url: str, by: Person, at: datetime) -> Source:
    """From now on this server is read every hour. Refused for addresses we do not speak to."""
    try:
        parts_of(url)
    except Unsafe:
        raise Refused(No(_("Only addresses of the open internet that begin with https:// can be read.")))
    try:
        with transaction.atomic():
            return Source.objects.create(url=url, made_by=by, made_at=at)
    except IntegrityError:
        raise Refused(No(_("This server is read already.")))


def leave_server(*, source: Source) -> None:
    """Nothing of it is shown any more."""
    source.delete()


def read(source: Source, *, at: datetime, get: Get = client.get) -> bool:
    """Ask for what changed since the last whole reading. Whether it went well; the page says why not."""
    jobs.begin(KIND, source.pk, at=at, title=str(source))
    try:
        papers, meetings = _read(source, get)
    except Trouble as trouble:
        Source.objects.filter(pk=source.pk).update(asked_at=at, problem=trouble.why)
        jobs.fail(KIND, source.pk, at=clock.now(), reason=trouble.why)
        return False
    tie()
    with transaction.atomic():
        # From its begin: what changed while it was read is read again.
        Source.objects.filter(pk=source.pk).update(asked_at=at, since=at, problem="")
        jobs.finish(KIND, source.pk, at=clock.now(), papers=papers, meetings=meetings)
    return True


def _read(source: Source, get: Get) -> tuple[int, int]:
    """How many papers and meetings changed. What was read stays when a later page fails: the next reading asks again."""
    done = {"paper": 0, "meeting": 0}
    names = []
    for body in client.bodies(get, source.url):
        names.append(text(body, "name", 100))
        for field, keep in (("meeting", _keep_meeting), ("paper", _keep_paper)):
            if not address(body, field):
                continue
            for thing in client.pages(get, address(body, field), source.url, source.since):
                if kind_of(thing).lower() == field and address(thing):
                    keep(source, thing)
                    done[field] += 1
                    if sum(done.values()) % TELL_EVERY == 0:
                        jobs.tell(KIND, source.pk, at=clock.now(), done=sum(done.values()))
    Source.objects.filter(pk=source.pk).update(name=", ".join(name for name in names if name)[:200])
    return done["paper"], done["meeting"]


def _keep_meeting(source: Source, thing: dict[str, Any]) -> None:
    known: dict[str, Any] = {"source": source, "oparl": address(thing)}
    if thing.get("deleted") is True:
        Meeting.objects.filter(**known).update(deleted=True)
        return
    about = {
        "name": text(thing, "name"), "web": address(thing, "web"), "starts": _moment(thing.get("start")),
        "cancelled": thing.get("cancelled") is True, "deleted": False,
    }  # fmt: skip
    Meeting.objects.update_or_create(**known, defaults=about)


@transaction.atomic
def _keep_paper(source: Source, thing: dict[str, Any]) -> None:
    known: dict[str, Any] = {"source": source, "oparl": address(thing)}
    if thing.get("deleted") is True:
        # All that is left of it there is its address.
        Paper.objects.filter(**known).update(deleted=True)
        return
    files = [
        each for each in [thing.get("mainFile"), *_list(thing, "auxiliaryFile")] if isinstance(each, dict)
    ]
    addresses = [address(thing), address(thing, "web")]
    addresses += [address(file, field) for file in files for field in ("id", "accessUrl", "downloadUrl")]
    about = {
        "name": text(thing, "name"), "web": address(thing, "web"), "reference": text(thing, "reference", 120),
        "day": _day(thing.get("date")), "addresses": sorted({each for each in addresses if each}),
        "receipts": sorted(_ours(thing)), "deleted": False,
    }  # fmt: skip
    paper = Paper.objects.update_or_create(**known, defaults=about)[0]
    wanted = {
        address(each, "meeting"): text(each, "role", 200)
        for each in _list(thing, "consultation")
        if isinstance(each, dict) and address(each, "meeting") and each.get("deleted") is not True
    }
    paper.consultations.exclude(meeting__in=wanted).delete()
    for meeting, role in wanted.items():
        Consultation.objects.update_or_create(paper=paper, meeting=meeting, defaults={"role": role})


def _list(thing: dict[str, Any], field: str) -> list[Any]:
    found = thing.get(field)
    return found if isinstance(found, list) else []


def _moment(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo else None


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _ours(thing: dict[str, Any]) -> set[str]:
    """The numbers of our proposals whose pages a paper names, wherever in it."""
    ours = re.escape(urlsplit(settings.SITE_URL).netloc)
    return set(re.findall(rf"//{ours}/[a-z]{{2}}/(?:proposals|r)/(\d{{4}}-\d{{4,12}})\b", json.dumps(thing)))


def tie() -> int:
    """Tie papers to proposals: by the link of an answer, or by the address of a proposal in the paper. Returns how many ties there are."""
    wanted: set[tuple[int, int]] = set()
    linked: dict[str, set[int]] = {}
    for contribution, link in OfficialAnswer.objects.exclude(link="").values_list("contribution", "link").iterator():  # fmt: skip
        linked.setdefault(link, set()).add(contribution)
    for some in _some(sorted(linked)):
        for key, addresses in Paper.objects.filter(addresses__overlap=some).values_list("pk", "addresses"):
            wanted |= {(contribution, key) for each in addresses for contribution in linked.get(each, ())}
    naming = dict(Paper.objects.exclude(receipts=[]).values_list("pk", "receipts"))
    known = dict(
        Contribution.objects.filter(receipt__in={each for found in naming.values() for each in found}).values_list("receipt", "pk")
    )  # fmt: skip
    wanted |= {(known[each], key) for key, found in naming.items() for each in found if each in known}
    with transaction.atomic():
        there = {(row.contribution_id, row.paper_id): row.pk for row in InCouncil.objects.all()}
        InCouncil.objects.filter(pk__in=[key for pair, key in there.items() if pair not in wanted]).delete()
        InCouncil.objects.bulk_create(
            [InCouncil(contribution_id=contribution, paper_id=paper) for contribution, paper in sorted(wanted - there.keys())],
            ignore_conflicts=True,
        )  # fmt: skip
    return len(wanted)


def _some(found: list[str], most: int = 500) -> list[Collection[str]]:
    return [found[start : start + most] for start in range(0, len(found), most)]
