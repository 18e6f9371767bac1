"""Taking part without an account in a process that checks by itself: the entry says who somebody is, and nothing else does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import guest_session, guests
from accounts.request import person_of
from cocreation import eligibility
from cocreation.models import Eligibility
from groundwork import clock
from groundwork.answer import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Person
    from cocreation.models import IdentifiedVisit


def go(visit: IdentifiedVisit, request: Any) -> str:
    """Sign the visitor in as the guest who holds this entry: the one who came before, this visit's guest, or a new one.

    Refused where an account holds it: they log in to it instead. What many people know of somebody, a postal code and a day
    of birth, opens an entry once; it does not lead back to what a guest did with it.
    """
    at, person, entry = clock.now(), person_of(request), visit.entry
    holder = entry.person
    if holder is not None and not holder.is_guest:
        raise Refused(eligibility.ELSEWHERE)
    same = person is not None and holder is not None and person.pk == holder.pk
    if holder is not None and not same and visit.by_way_of == Eligibility.Source.REGISTER:
        raise Refused(eligibility.BY_A_GUEST)
    with transaction.atomic():
        guest = holder or person or _new(request, entry, at)
        eligibility.claim(entry=entry, person=guest, by_way_of=visit.by_way_of, at=at)
    if person is None or person.pk != guest.pk:
        guest_session.sign_in(request, guest)
    target = visit.next_url or request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None) or not target.startswith("/"):
        target = visit.process.get_absolute_url()
    return guest_session.go_on(request, guest, target)


def _new(request: Any, entry: Eligibility, at: datetime) -> Person:
    return guests.make_guest(
        language=get_language() or "de",
        public_name=request.POST.get("public_name", ""),
        at=at,
        place=entry.residence,
    )


eligibility.without_account.add(
    "guests",
    eligibility.WithoutAccount(
        "guests",
        _("Go on without an account"),
        _("You take part here and now. When you close the browser, only your receipts lead back."),
        go,
    ),
)
