"""The only place where people, organisations and memberships change."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts import rules
from accounts.erasing import forget_address, forget_pointers
from accounts.hooks import closing
from accounts.models import GuardianConsent, Membership, Organisation, Person
from groundwork.answer import No, Refused, require
from groundwork.journal import api as journal
from groundwork.shared_pages import marks


@transaction.atomic
def change_profile(*, person: Person, public_name: str, about: str, language: str, place: str) -> Person:
    """What a person says about themselves. Raises ValidationError where a value does not fit."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.public_name != public_name:
        marks.replace_after_commit(None)  # the old name stands on pages kept for visitors
    person.public_name, person.about = public_name, about
    person.language, person.place = language, place
    person.full_clean(exclude=["password"])
    person.save(update_fields=["public_name", "about", "language", "place"])
    return person


@transaction.atomic
def register_organisation(*, name: str, kind: str, about: str, by: Person, at: datetime) -> Organisation:
    """A new organisation waits until the city has confirmed it; whoever registers it will speak for it."""
    if Organisation.objects.filter(name__iexact=name).exists():
        raise Refused(No(_("There is an organisation of this name already. Ask to join it.")))
    organisation = Organisation(slug=_free_slug(name), name=name, kind=kind, about=about)
    organisation.full_clean()
    organisation.save()
    Membership.objects.create(
        person=by, organisation=organisation, role=Membership.Role.LEAD, confirmed_at=at, confirmed_by=by
    )
    journal.record("organisation.registered", by=by, on=organisation, at=at)
    return organisation


def _free_slug(name: str) -> str:
    """Slugs are stable for ever: a number is added instead of a clash."""
    plain = name.lower().replace("ü", "ue").replace("ä", "ae").replace("ö", "oe").replace("ß", "ss")
    base = slugify(plain)[:50] or "organisation"
    slug, number = base, 2
    while Organisation.objects.filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return slug


@transaction.atomic
def ask_to_join(*, organisation: Organisation, by: Person) -> Membership:
    """A request that the organisation confirms. Who left may ask again."""
    require(rules.may_join(by, organisation))
    Membership.objects.filter(organisation=organisation, person=by, ended_at__isnull=False).delete()
    try:
        with transaction.atomic():
            return Membership.objects.create(organisation=organisation, person=by)
    except IntegrityError:
        raise Refused(No(_("You have asked this organisation already."))) from None


@transaction.atomic
def confirm_member(*, membership: Membership, by: Person, at: datetime) -> Membership:
    """Someone who speaks for the organisation confirms that a person belongs to it."""
    membership = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=membership.pk)
    )
    require(rules.may_lead(by, membership.organisation))
    if membership.ended_at:
        raise Refused(No(_("This membership has ended.")))
    if membership.confirmed_at:
        raise Refused(No(_("This membership is confirmed already.")))
    membership.confirmed_at, membership.confirmed_by = at, by
    membership.save(update_fields=["confirmed_at", "confirmed_by"])
    journal.record("membership.confirmed", by=by, organisation=membership.organisation, on=membership, at=at)
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, by: Person, at: datetime) -> Membership:
    """Leave an organisation, decline a request or end a membership. The last one who speaks for it stays."""
    membership = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=membership.pk)
    )
    organisation = Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    if membership.person_id != by.pk:
        require(rules.may_lead(by, organisation))
    if membership.ended_at:
        raise Refused(No(_("This membership has ended.")))
    others = organisation.memberships.filter(
        role=Membership.Role.LEAD, confirmed_at__isnull=False, ended_at__isnull=True
    ).exclude(pk=membership.pk)
    if membership.role == Membership.Role.LEAD and not others.exists():
        raise Refused(No(_("Somebody has to speak for this organisation. Ask the citizens' office.")))
    membership.ended_at = at
    membership.save(update_fields=["ended_at"])
    return membership


@transaction.atomic
def close_account(*, person: Person, at: datetime) -> None:
    """End an account for good: what says who the person is goes; what they contributed stays, without their name.

    Each house does its part (`accounts.hooks.closing`) and may refuse; then nothing has changed. What no house thought of is
    done by the rules of the data map.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    for step in closing:
        step(person, at)
    GuardianConsent.objects.filter(person=person).update(guardian_email="")
    forget_address(person.email)
    forget_pointers(person)
    person.email = f"closed-{person.pk}@account.invalid"
    person.public_name = person.about = person.place = ""
    person.minor_until = None
    person.is_active = person.is_superuser = False
    person.last_login = None
    person.set_unusable_password()
    person.save()
    journal.record("account.closed", on=person, at=at)


@transaction.atomic
def withdraw_consent(*, consent: GuardianConsent, at: datetime) -> None:
    """The guardian takes it back: the account it rested on is closed. What was contributed stays, without a name."""
    consent = GuardianConsent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
    if consent.withdrawn_at is not None or consent.person is None:
        return
    close_account(person=consent.person, at=at)
    GuardianConsent.objects.filter(pk=consent.pk).update(withdrawn_at=at)
