"""From a visit without an account to an account, without losing anything.

Either the guest becomes the account: the same row, now with an address. Or the address belongs to an account already: then
everything the guest did moves there, and the guest is gone. Both only after a code proved the address. Ballots never move:
what is counted is the entry of the process, and whose it is says one column of that entry.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.guests import has_no_mailbox, tell_claimed
from accounts.hooks import claiming
from accounts.models import Person
from accounts.queries import pointers_at_people
from groundwork.answer import No, Refused
from groundwork.journal import api as journal

NO_GUEST = No(_("You have an account already."))
CLASH = No(
    _(
        "Your account already did one of these things in a way that cannot be put together with this visit. Nothing was"
        " changed."
    ),
    _("Ask the citizens' office."),
)


def owner_of(address: EmailAddress) -> Person:
    owner: Person = address.user  # type: ignore[assignment]  # allauth knows no Person
    return owner


def confirmed_account(email: str) -> Person | None:
    """The open account whose confirmed address this is. One query."""
    confirmed = EmailAddress.objects.filter(email__iexact=email.strip(), verified=True, user__is_active=True)
    address = confirmed.select_related("user").first()
    return owner_of(address) if address is not None else None


def account_of(email: str) -> Person | None:
    """The account an address belongs to: its owner once it is confirmed, else whoever gave it."""
    address = EmailAddress.objects.filter(email__iexact=email).order_by("-verified", "pk").first()
    if address is not None:
        return owner_of(address)
    return Person.objects.filter(email__iexact=email).first()


@transaction.atomic
def claim(*, guest: Person, email: str, at: datetime) -> Person:
    """The account of this address, with everything the guest did. The caller has proved the address by a code.

    Refused (and nothing changed) where an account holds something that cannot be put together with what the guest holds.
    """
    guest = Person.objects.select_for_update().get(pk=guest.pk)
    if not guest.is_guest:
        raise Refused(NO_GUEST)
    if has_no_mailbox(email):
        raise Refused(No(_("This is not an address we can write to.")))
    account = account_of(email)
    if account is None:
        return _become(guest, email.lower(), at)
    if account.is_guest or not account.is_active:
        raise Refused(No(_("The account of this address is closed. Please use another address.")))
    return _move(guest, account, email, at)


def _become(guest: Person, email: str, at: datetime) -> Person:
    guest.is_guest, guest.email = False, email
    guest.full_clean(exclude=["password"])
    guest.save(update_fields=["is_guest", "email"])
    EmailAddress.objects.create(user=guest, email=email, verified=True, primary=True)
    journal.record("account.claimed", by=guest, on=guest, at=at)
    tell_claimed(guest, at)
    return guest


def _move(guest: Person, account: Person, email: str, at: datetime) -> Person:
    account = Person.objects.select_for_update().get(pk=account.pk)
    address = EmailAddress.objects.select_for_update().filter(user=account, email__iexact=email).first()
    if address is not None and not address.verified:
        # Whoever gave this address first never proved it was theirs: their password opens nothing any more.
        account.set_unusable_password()
        account.save(update_fields=["password"])
        address.verified = True
        address.save(update_fields=["verified"])
    try:
        with transaction.atomic():
            for step in claiming:
                step(guest, account, at)
            _move_the_rest(guest, account)
    except IntegrityError:
        raise Refused(CLASH) from None
    guest.delete()
    journal.record("account.claimed", by=account, on=account, at=at)
    tell_claimed(account, at)
    return account


def _move_the_rest(guest: Person, account: Person) -> None:
    """Whatever still points at the guest points at the account: a table that is added later moves without a word."""
    for pointer in pointers_at_people():
        model: Any = pointer.related_model
        name = pointer.field.name
        model._base_manager.filter(**{name: guest}).update(**{name: account})
