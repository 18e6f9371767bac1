"""Builders of people, processes and proposals: plain functions, used by the tests' world and by the demo city alike.

They go through the real actions wherever one exists, so what they build is what the product can build.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import Membership, Organisation, Person, Verification
from cocreation.methods import methods
from cocreation.models import Contribution, Office, Phase, Place, Process, RoleGrant, Topic, Training
from cocreation.training import NEED_IT
from groundwork.journal import api as journal
from proposals.actions import Details, ProposalText, assess_proposal, publish_proposal
from proposals.models import Proposal, Support

Text = Mapping[str, str]
LANGUAGES = ("de", "en")
# A shared secret of the demo and the tests; production accounts make their own.
DEMO_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - everybody may know it, see above


def both(german: str, english: str) -> dict[str, str]:
    return {"de": german, "en": english}


def set_text(thing: Any, field: str, text: Text) -> None:
    """Fill a text that is held once per language."""
    for language in LANGUAGES:
        setattr(thing, f"{field}_{language}", text.get(language, ""))


def make_place(
    slug: str, name: Text, *, kind: str = Place.Kind.VILLAGE, parent: Place | None = None, **fields: Any
) -> Place:
    place = Place(slug=slug, kind=kind, parent=parent, **fields)
    set_text(place, "name", name)
    place.save()
    return place


def make_office(slug: str, name: Text, *, short: str = "", email: str = "") -> Office:
    office = Office(slug=slug, short=short or name["de"][:2].upper(), email=email)
    set_text(office, "name", name)
    office.save()
    return office


def make_person(
    key: str,
    public_name: str,
    *,
    lives_in: str = "",
    verified: bool = False,
    language: str = "de",
    password: str = "",
    at: datetime | None = None,
    **fields: Any,
) -> Person:
    """An account with a confirmed e-mail address `<key>@example.org`; `verified` = the residence was checked.

    `password` is hashed already: hashing takes a tenth of a second on purpose, and a town has many people.
    """
    person = Person(
        email=f"{key}@example.org", public_name=public_name, language=language, place=lives_in, **fields
    )
    person.password = password or make_password(None)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    if verified:
        Verification.objects.create(
            person=person,
            residence=lives_in,
            method=Verification.Method.DEMO,
            verified_at=at or timezone.now(),
        )
    return person


def give_role(
    person: Person,
    role: str,
    *,
    office: Office | None = None,
    head: bool = False,
    since: datetime | None = None,
    place: Place | None = None,
    process: Process | None = None,
    second_factor: str | None = DEMO_SECRET,
    trained_on: date | Literal["lately"] | None = "lately",
) -> RoleGrant:
    """A role without end, the second factor that staff must have, and the training some roles need."""
    if trained_on and role in NEED_IT and not Training.objects.filter(person=person).exists():
        lately = timezone.localdate() - timedelta(days=90) if trained_on == "lately" else trained_on
        Training.objects.create(
            person=person, topics=Topic.values, completed_on=lately, recorded_at=timezone.now()
        )
    if second_factor and not Authenticator.objects.filter(user=person).exists():
        TOTP.activate(person, second_factor)
    return RoleGrant.objects.create(
        person=person,
        role=role,
        office=office,
        place=place,
        process=process,
        head=head,
        starts=since or timezone.now() - timedelta(days=1),
    )


def make_organisation(
    slug: str,
    name: str,
    kind: str,
    *,
    members: Iterable[Person] = (),
    about: str = "",
    at: datetime | None = None,
) -> Organisation:
    """A confirmed organisation; the first member speaks for it."""
    at = at or timezone.now()
    organisation = Organisation.objects.create(slug=slug, name=name, kind=kind, about=about, confirmed_at=at)
    for number, person in enumerate(members):
        Membership.objects.create(
            person=person,
            organisation=organisation,
            confirmed_at=at,
            role=Membership.Role.LEAD if number == 0 else Membership.Role.MEMBER,
        )
    return organisation


def make_process(
    slug: str,
    title: Text,
    *,
    office: Office,
    places: Iterable[Place],
    published_at: datetime | None = None,
    texts: Mapping[str, Text] | None = None,
    **fields: Any,
) -> Process:
    """A process without phases; `texts` are question, lead, what_open … by language."""
    process = Process(slug=slug, office=office, published_at=published_at, **fields)
    set_text(process, "title", title)
    for name, text in (texts or {}).items():
        set_text(process, name, text)
    process.save()
    process.places.set(places)
    return process


def make_phase(
    process: Process,
    key: str,
    method: str,
    name: Text,
    *,
    starts: datetime | None,
    ends: datetime | None,
    text: Text | None = None,
    lane: int = 0,
    order: int | None = None,
    acts: Iterable[str] | None = None,
    audience: Mapping[str, Any] | None = None,
    **options: Any,
) -> Phase:
    """A phase with all acts of its method unless `acts` says which; `options` are the method's own."""
    kind = methods.get(method)
    chosen = list(acts) if acts is not None else [act.slug for act in kind.acts]
    phase = Phase(
        process=process,
        key=key,
        method=method,
        starts=starts,
        ends=ends,
        lane=lane,
        acts=chosen,
        order=process.phases.count() if order is None else order,
        audience={act: kind.default_audience(act) for act in chosen} | dict(audience or {}),
    )
    set_text(phase, "name", name)
    set_text(phase, "text", text or {})
    phase.set_opts(kind.options(**options))
    phase.full_clean()
    phase.save()
    process.__dict__.pop("line", None)
    return phase


def make_proposal(
    process: Process,
    *,
    by: Person,
    place: Place,
    at: datetime,
    title: Text,
    summary: Text | None = None,
    body: Text | None = None,
    language: str = "de",
    organisation: Organisation | None = None,
    channel: str = Contribution.Channel.WEB,
    **fields: Any,
) -> Proposal:
    """A published proposal, written at a moment when the process collected them."""
    summary = summary or {key: words[:200] for key, words in title.items()}
    body = body or summary
    other = [
        code for code in LANGUAGES if code != language and code in title and code in summary and code in body
    ]
    text = ProposalText(
        title=title[language],
        summary=summary[language],
        body=body[language].strip(),
        language=language,
        place=place,
        theme=fields.pop("theme", "green"),
        translations={
            code: {"title": title[code], "summary": summary[code], "body": body[code].strip(), "by": "human"}
            for code in other
        },
        **fields,
    )
    return publish_proposal(
        process=process, text=text, by=by, at=at, organisation=organisation, channel=channel
    )


def make_assessment(
    proposal: Proposal,
    *,
    by: Person,
    office: Office,
    at: datetime,
    verdict: str = "feasible",
    cost: Decimal | int | None = 10_000,
    yearly: Decimal | int | None = None,
    reason: Text | None = None,
    way_on: Text | None = None,
    signed_by: Person | None = None,
    **more: Any,
) -> None:
    """What an office found, published. `more`: what `Details` knows beside the way on."""
    if verdict == "not_feasible":
        way_on = way_on or both(
            "Das Amt berät Sie gern, wie die Idee kleiner gelingen kann.",
            "The office is happy to say how a smaller version could work.",
        )
        more.setdefault("reason_code", "other")
    if cost_from := more.get("cost_from"):
        more["cost_from"] = Decimal(cost_from)
    assess_proposal(
        proposal=proposal,
        office=office,
        verdict=verdict,
        by=by,
        at=at,
        cost=Decimal(cost) if cost is not None else None,
        yearly_cost=Decimal(yearly) if yearly is not None else None,
        reason=dict(reason or both("Das geht.", "That works.")),
        details=Details(way_on=dict(way_on or {}), **more),
        signed_by=signed_by,
    )


def make_supports(proposal: Proposal, supporters: Iterable[tuple[Person, datetime]]) -> None:
    """Many supports at once, each with its moment: rows, journal and counter, as `support_proposal` would leave them."""
    rows = [Support(proposal=proposal, person=person, at=at) for person, at in supporters]
    Support.objects.bulk_create(rows)
    journal.record_many(
        {
            "verb": "proposal.supported",
            "on": proposal,
            "process": proposal.process_id,
            "by": row.person,
            "at": row.at,
        }
        for row in rows
    )
    Proposal.objects.filter(pk=proposal.pk).update(supports=proposal.supports_rows.count())
