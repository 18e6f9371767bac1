"""Questions about problem reports; no writes, no request."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cocreation.models import Contribution, Phase
from cocreation.roles import may_act_for, roles_of
from feedback.defects.models import Defect
from groundwork.answer import Answer, No, Yes, late
from groundwork.html import say

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Office

METHOD, ACT, KIND = "defects", "report_defect", "defect"
MOST_A_DAY = 20
A_DAY = timedelta(days=1)


def open_phase(at: datetime) -> Phase | None:
    """Where reports go now: the phase that takes them, of a public process. The first one, should there be more."""
    found = Phase.objects.published().open(at).of_method(METHOD).filter(acts__contains=[ACT])
    return found.select_related("process").order_by("starts", "pk").first()


def may_report(person: Person | None, phase: Phase | None, at: datetime) -> Answer:
    """The audience of the phase, and so many a day."""
    if phase is None:
        return No(_("The city takes no reports of problems here at the moment."))
    allowed = phase.allows(ACT, person, at)
    if not allowed or person is None or roles_of(person).is_staff:
        return allowed
    recent = Contribution.objects.filter(
        author=person, kind=KIND, created_at__gt=at - A_DAY, created_at__lte=at
    )
    moments = list(recent.order_by("-created_at").values_list("created_at", flat=True)[:MOST_A_DAY])
    if len(moments) < MOST_A_DAY:
        return allowed
    free = late(partial(say.when, moments[-1] + A_DAY))
    words = _("You have reported {n} problems within a day. You can report the next one {when}.")
    return No(format_lazy(words, n=MOST_A_DAY, when=free))


def may_answer(
    person: Person | None, contribution: Contribution, office: Office | None, at: datetime
) -> Answer:
    """The office of the service, at any time: a report needs no phase of answers. `office` is the one that would answer."""
    acts = may_act_for(person, office)
    if not acts:
        return acts
    if office is None or Defect.objects.filter(pk=contribution.pk, service__office=office).exists():
        return acts
    return No(_("Another office looks after this."))


def may_withdraw(person: Person | None, defect: Defect) -> Answer:
    if person is None or defect.contribution.author_id != person.pk:
        return No(_("Only who reported this can take it back."))
    if defect.contribution.withdrawn_at:
        return No(_("This was withdrawn already."))
    return Yes()


def may_keep_services(person: Person | None) -> Answer:
    if roles_of(person).is_admin:
        return Yes()
    return No(_("Only the administration looks after the catalogue of services."))
