"""Questions about organisations and accounts; no writes, no request."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation, Person
from groundwork.answer import Answer, No, Yes


def may_lead(person: Person, organisation: Organisation) -> Answer:
    """Confirm and end memberships: those who speak for a confirmed organisation."""
    leads = Membership.objects.confirmed().filter(role=Membership.Role.LEAD, organisation=organisation)
    if leads.filter(person=person).exists():
        return Yes()
    return No(_("Only those who speak for this organisation may do this."))


def may_join(person: Person, organisation: Organisation) -> Answer:
    if organisation.confirmed_at is None:
        return No(_("This organisation is not confirmed yet."))
    if Membership.objects.filter(person=person, organisation=organisation, ended_at__isnull=True).exists():
        return No(_("You have asked this organisation already."))
    return Yes()
