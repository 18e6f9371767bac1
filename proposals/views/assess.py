"""The desk of the offices: what is to be assessed, and the form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cocreation.desk import desk_context, staff_required
from cocreation.models import Office
from cocreation.roles import Roles, roles_of
from cocreation.roles import may_read_work as may_look
from groundwork import clock
from groundwork.answer import No, Refused, require
from groundwork.html.htmx import is_partial
from proposals import actions, memory, rules
from proposals.cards import author
from proposals.counts import counts_of
from proposals.desk import assessing, deadline, waiting
from proposals.forms import AssessmentForm
from proposals.models import Proposal, Stage

if TYPE_CHECKING:
    from accounts.models import Person

LISTED = 50


def may_read_work(roles: Roles) -> bool:
    return roles.may_read_work


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the queue."""

    proposal: Proposal
    title: str
    url: str
    due: datetime | None
    soon: bool
    place: str
    current: bool


@require_safe
@staff_required(may_read_work)
def queue(request: HttpRequest) -> HttpResponse:
    """The queue with its first proposal opened."""
    at = clock.now()
    first = waiting(request.user, at).first()  # type: ignore[arg-type]
    return _page(request, first, None, at)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_read_work)
def one(request: HttpRequest, receipt: str) -> HttpResponse:
    """One proposal: read it, say what the office found."""
    person: Person = request.user  # type: ignore[assignment]
    at = clock.now()
    found = get_object_or_404(Proposal.objects.visible_to(person).select_related("process"), receipt=receipt)
    require(may_look(person, found.process))
    if request.method != "POST":
        return _page(request, found, None, at)
    if not roles_of(person).may_assess:
        raise Refused(No(_("You may look at this, not change it.")))
    form = AssessmentForm(request.POST, offices=offices_of(person))
    if not form.is_valid():
        return _page(request, found, form, at)
    cleaned = form.cleaned_data
    following = _after(person, found, at)
    actions.assess_proposal(
        proposal=found,
        office=memory.offices.all()[int(cleaned["office"])],
        verdict=cleaned["verdict"],
        cost=cleaned["cost"],
        yearly_cost=cleaned["yearly_cost"],
        reason={"de": cleaned["reason_de"], "en": cleaned["reason_en"]},
        by=person,
        at=at,
    )
    return HttpResponseRedirect(_address(following) + f"?done={found.receipt}")


def offices_of(person: Person) -> list[Office]:
    """The offices a person acts for; an administrator for all."""
    roles = roles_of(person)
    return [office for office in memory.offices.all().values() if roles.acts_for(office.pk)]


def _after(person: Person, found: Proposal, at: datetime) -> Proposal | None:
    """The next one in the queue; from the end, the first."""
    rows = list(waiting(person, at)[:LISTED])
    position = next((index for index, row in enumerate(rows) if row.pk == found.pk), -1)
    rest = [row for row in rows[position + 1 :] + rows[: max(position, 0)] if row.pk != found.pk]
    return rest[0] if rest else None


def _address(found: Proposal | None) -> str:
    return reverse("proposals:assess", args=[found.receipt]) if found else reverse("proposals:desk")


def _page(
    request: HttpRequest, current: Proposal | None, form: AssessmentForm | None, at: datetime
) -> HttpResponse:
    person: Person = request.user  # type: ignore[assignment]
    phases = assessing(at)
    rows = list(waiting(person, at)[:LISTED])
    offices = offices_of(person)
    counts = [counts_of(phase.process) for phase in phases]
    total = sum(each.total() for each in counts)
    left = sum(each.by_stage()[Stage.RECEIVED] for each in counts)
    done = request.GET.get("done", "")
    context: dict[str, Any] = desk_context(request, "assess") | {
        "rows": [_row(row, current, phases, at) for row in rows],
        "assessed": total - left,
        "all": total,
        "deadline": min((phase.ends for phase in phases if phase.ends), default=None),
        "office": offices[0] if len(offices) == 1 else None,
        "current": current,
        "done": Proposal.objects.visible_to(person).filter(receipt=done).first() if done else None,
    }
    if current is not None:
        revision = current.revisions.order_by("-number").first()
        contribution = current.contribution
        name = contribution.author.public_name if contribution.author else None
        offices_choice = AssessmentForm(offices=offices)
        last = (
            current.assessments.filter(office__in=[office.pk for office in offices]).order_by("-at").first()
        )
        if form is None and last is not None:
            offices_choice = AssessmentForm(offices=offices, initial=_initial(last))
        answer = rules.may_assess(person, current, next(iter(offices), None), at)
        context |= {
            "form": form or offices_choice,
            "revision": revision,
            "written_by": author(contribution.organisation_id, name),
            "may_assess": answer,
            "last": last,
            "reached": current.supports,
        }
    template = "proposals/desk.html"
    status = 422 if form is not None and form.errors else 200
    return render(request, f"{template}#work" if is_partial(request) else template, context, status=status)


def _initial(last: Any) -> dict[str, Any]:
    return {
        "office": str(last.office_id),
        "verdict": last.verdict,
        "cost": last.cost,
        "yearly_cost": last.yearly_cost,
        "reason_de": last.reason_de,
        "reason_en": last.reason_en,
    }


def _row(row: Proposal, current: Proposal | None, phases: Any, at: datetime) -> Row:
    due = deadline(row, phases)
    place = memory.places.get(row.place_id)
    return Row(
        proposal=row,
        title=row.in_language("title"),
        url=_address(row),
        due=due,
        soon=due is not None and (due - at).days < 2,
        place=place.name if place else _("no place"),
        current=current is not None and current.pk == row.pk,
    )
