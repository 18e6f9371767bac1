"""Whose slot it is: the clerk finds the entry or the account of whoever stands there or wrote. Reads only, keeps nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.utils.translation import gettext_lazy as _

from accounts.claiming import confirmed_account
from accounts.models import Person
from cocreation.checks import desk, limits
from cocreation.checks import postal as by_postal
from cocreation.checks.base import Attributes
from cocreation.checks.forms import born_of
from cocreation.models import Eligibility
from groundwork.answer import No, Words
from proposals.ballots import rules as votes
from proposals.ballots.models import Vote
from proposals.ballots.paperwork import rules

if TYPE_CHECKING:
    from collections.abc import Mapping

NO_ACCOUNT = No(_("There is no confirmed account with this address."))
_SALT, _KEPT = "ballot-on-paper", 900


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who may vote here: the key of their slot, what the clerk sees of them, and a token for the next step."""

    key: str
    words: Words
    token: str


def by_document(vote: Vote, data: Mapping[str, Any], by: Person, at: datetime) -> Found | No:
    """By the number on the document, or by postal code and date of birth. Wrong guesses are limited as everywhere."""
    process = vote.phase.process
    who = [("address", f"desk {by.pk}")]
    allowed = limits.may_try(process.pk, "desk", who, at)
    if isinstance(allowed, No):
        return allowed
    found: Eligibility | No
    if data["number"]:
        found = desk.by_number(process, data["number"]) or desk.NOT_THERE
    else:
        born = born_of(data["born"])
        assert born is not None
        found = by_postal.find(process, postal=data["postal"], born=born, name=data["name"])
    if isinstance(found, No):
        limits.wrong(process.pk, "desk", who, at)
        return found
    return _of_entry(vote, found, by)


def by_address(vote: Vote, email: str, by: Person, at: datetime) -> Found | No:
    """By the confirmed address of an account, where one account is one ballot."""
    owner = confirmed_account(email)
    return NO_ACCOUNT if owner is None else _of_person(vote, owner, by, at)


def again(vote: Vote, token: str, by: Person, at: datetime) -> Found | None:
    """Whom the step before found, for a quarter of an hour."""
    try:
        kind, key = signing.loads(token, salt=_SALT, max_age=_KEPT)
    except signing.BadSignature:
        return None
    found: Found | No
    if kind == "entry":
        entry = Eligibility.objects.standing().filter(process=vote.phase.process, pk=key).first()
        found = _of_entry(vote, entry, by) if entry else NO_ACCOUNT
    else:
        person = Person.objects.filter(pk=key).first()
        found = _of_person(vote, person, by, at) if person else NO_ACCOUNT
    return None if isinstance(found, No) else found


def _of_entry(vote: Vote, entry: Eligibility, by: Person) -> Found | No:
    if entry.person_id == by.pk:
        return rules.OWN
    answer = rules.entry_may_vote(entry, vote)
    if isinstance(answer, No):
        return answer
    words = Attributes(entry.residence, entry.age_band).words()
    return Found(votes.entry_key(bytes(entry.key)), words, signing.dumps(["entry", entry.pk], salt=_SALT))


def _of_person(vote: Vote, person: Person, by: Person, at: datetime) -> Found | No:
    if person.pk == by.pk:
        return rules.OWN
    answer = rules.person_may_vote(person, vote, at)
    if isinstance(answer, No):
        return answer
    key = votes.voter_key(person, vote.phase)
    assert key is not None
    return Found(key, person.public_name or person.email, signing.dumps(["person", person.pk], salt=_SALT))
