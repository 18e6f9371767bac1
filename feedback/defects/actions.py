"""The only place where the catalogue and reports of problems change."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cocreation import admission, files
from cocreation.actions import withdraw_contribution
from cocreation.models import Contribution, Phase, Place
from cocreation.wordings import Piece, Wordings, wordings
from feedback.actions import answer_contribution
from feedback.defects import rules
from feedback.defects.models import LONGEST, Defect, Service
from feedback.models import OfficialAnswer
from groundwork.answer import No, Refused, require
from groundwork.journal import api as journal

if TYPE_CHECKING:
    from accounts.models import Person

Status = OfficialAnswer.Status
# What an office says to a report; the last two close it.
STATUSES = (Status.BEING_CHECKED, Status.IN_PROGRESS, Status.DONE, Status.NOT_ACCEPTED)
CLOSING = (Status.DONE, Status.NOT_ACCEPTED)


@dataclass(frozen=True)
class Report:
    """What somebody reports. The point in units of the city's map; a point, words for the spot, or both."""

    service: Service
    text: str
    place: Place
    language: str = "de"
    address: str = ""
    map_x: float | None = None
    map_y: float | None = None


@transaction.atomic
def report_defect(
    *,
    report: Report,
    by: Person,
    at: datetime,
    channel: str = Contribution.Channel.WEB,
    draft: str = "",
    listed: Sequence[files.Listed] = (),
) -> Defect:
    """Report a problem to the phase that takes reports now. It gets its number and, from its service, its office and its date."""
    phase = rules.open_phase(at)
    require(rules.may_report(by, phase, at))
    assert phase is not None
    if not Service.objects.filter(pk=report.service.pk, is_offered=True).exists():
        raise Refused(No(_("This kind of problem cannot be reported here any more.")))
    contribution = Contribution(
        kind=rules.KIND, process=phase.process, phase=phase, author=by, channel=channel, language=report.language,
        created_at=at,
    )  # fmt: skip
    admission.publish(contribution, f"{report.text}\n\n{report.address}".strip(), by=by, at=at)
    defect = _insert(contribution, report, phase, at)
    if draft and listed:
        files.settle(contribution=contribution, draft=draft, listed=listed, by=by, at=at)
    journal.record(
        "defect.reported", by=by, on=defect, process=phase.process, at=at,
        data={"service": report.service.code, "office": report.service.office.slug},
    )  # fmt: skip
    return defect


def _insert(contribution: Contribution, report: Report, phase: Phase, at: datetime) -> Defect:
    defect = Defect(
        contribution=contribution,
        process=phase.process,
        is_public=contribution.is_public,
        receipt=contribution.receipt,
        service=report.service,
        text=_clean(report.text),
        place=report.place,
        address=report.address.strip(),
        map_x=report.map_x,
        map_y=report.map_y,
        due=at + timedelta(days=report.service.days),
        updated_at=at,
    )
    defect.full_clean(exclude=["contribution", "process", "service", "place"])
    defect.save(force_insert=True)
    return defect


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


@transaction.atomic
def answer_defect(
    *,
    defect: Defect,
    status: str,
    reason: dict[str, str],
    by: Person,
    at: datetime,
    next_date: date | None = None,
) -> OfficialAnswer:
    """The office of the service answers in public. "Done" and "not accepted" close the report, anything else opens it again."""
    defect = _locked(defect.pk)
    if status not in STATUSES:
        raise Refused(No(_("This answer does not exist.")))
    if status not in CLOSING and next_date is None:
        raise ValidationError({"next_date": _("While it is being looked into, people need the next date.")})
    answer = answer_contribution(
        contribution=defect.contribution, office=defect.service.office, status=status, reason=reason, by=by, at=at,
        next_date=None if status in CLOSING else next_date, due=defect.due,
    )  # fmt: skip
    defect.closed_at = at if status in CLOSING else None
    defect.updated_at = at
    defect.save(update_fields=["closed_at", "updated_at"])
    return answer


@transaction.atomic
def withdraw_defect(*, defect: Defect, by: Person, at: datetime) -> None:
    """Who reported it takes it back: nobody sees it any more, its number says that it was withdrawn."""
    defect = _locked(defect.pk)
    require(rules.may_withdraw(by, defect))
    withdraw_contribution(contribution=defect.contribution, by=by, at=at)


@transaction.atomic
def keep_service(*, service: Service | None, values: Mapping[str, Any], by: Person, at: datetime) -> Service:
    """Add a service or change one; its code stays. Dates of what is reported already do not move."""
    require(rules.may_keep_services(by))
    kept = Service() if service is None else Service.objects.select_for_update().get(pk=service.pk)
    for name, value in values.items():
        if name != "code" or service is None:
            setattr(kept, name, value)
    kept.full_clean(exclude=["office"])
    kept.save()
    data = {"code": kept.code, "new": service is None, "offered": kept.is_offered}
    journal.record("service.kept", by=by, on=kept, at=at, data=data)
    return kept


# --- words, for whoever looks at many kinds at once ---


def pieces(keys: Collection[int]) -> dict[int, list[Piece]]:
    """One query."""
    rows = Defect.objects.filter(pk__in=keys).values_list("pk", "text", "address")
    return {
        pk: [
            Piece("text", _("What is wrong?"), text, LONGEST, long=True),
            Piece("address", _("Where exactly?"), address, 160),
        ]
        for pk, text, address in rows
    }


@transaction.atomic
def reword(contribution: Contribution, texts: Mapping[str, str], by: Person, at: datetime) -> None:
    """The new words of a report that waits for a change; whoever calls has asked whether that may be."""
    defect = _locked(contribution.pk)
    defect.text = _clean(texts["text"])
    defect.address = texts.get("address", defect.address).strip()
    defect.updated_at = at
    defect.full_clean(exclude=["contribution", "process", "service", "place"])
    defect.save(update_fields=["text", "address", "updated_at"])
    journal.record("defect.reworded", by=by, on=defect, process=defect.process_id, at=at)


wordings.add(rules.KIND, Wordings(pieces, reword))


def _locked(key: int) -> Defect:
    rows = Defect.objects.select_for_update(of=("self",))
    return rows.select_related("contribution__process", "service__office").get(pk=key)
