"""One proposal: its page, its receipt, and what readers may do there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Person
from accounts.request import person_of
from cocreation import actions as hall
from cocreation import four_eyes, pending
from cocreation.methods import Invitation
from cocreation.models import Contribution, Place
from cocreation.own_pages import Step, own_page, with_own
from cocreation.panels import contribution_panels, hand_over
from cocreation.participation import may_follow
from cocreation.pictures import gallery, shown
from cocreation.querysets import newest_entry_of, with_line
from cocreation.roles import roles_of
from groundwork import clock
from groundwork.answer import Answer, No, Refused
from groundwork.embeds import panel_for
from groundwork.html.htmx import is_partial
from groundwork.prepared import Prepared
from groundwork.shared_pages.api import of_process, shared_page
from proposals import actions, memory, rules
from proposals.cards import Author, author
from proposals.embeds import KIND
from proposals.line import VOTING, life_line, next_date, the_phase
from proposals.living import living_page_of, set_aside
from proposals.models import Assessment, Authorship, Proposal, ProposalQuerySet, Stage
from proposals.panels import Panel, Where, proposal_panels
from proposals.record import planned_of

PAGE = "proposals/proposal.html"
MAP_WIDTH, MAP_HEIGHT = 600.0, 440.0
CUT_WIDTH, CUT_HEIGHT = 240.0, 170.0


def get_proposal(receipt: str, person: Person | None, *, text: bool = False) -> Proposal:
    """The proposal this person may see, with its process; 404 for everybody else."""
    asked = {"receipt": receipt} | ({"person": person.pk} if person else {})
    if found := _public[person is not None, text].first(**asked):
        if text:  # a page: what is the same for everybody is kept
            found.process.newest_entry = found.newest_entry  # type: ignore[attr-defined]
        return found
    return get_object_or_404(_with_process(person, text).visible_to(person), receipt=receipt)


def _with_process(person: Person | None, text: bool) -> ProposalQuerySet:
    found = Proposal.objects.with_own(person).select_related("contribution__author", "process")
    found = found.without_vector()
    return found.with_story() if text else found


def _prepared(text: bool, known: bool) -> Prepared[Proposal]:
    """What everybody may see is asked first: that is nearly every request."""

    def public(receipt: str, person: int | None = None) -> ProposalQuerySet:
        reader = Person(pk=person) if person else None
        found = _with_process(reader, text).visible_to(None).filter(receipt=receipt)
        return found.annotate(newest_entry=newest_entry_of("process_id")) if text else found

    return Prepared(public, receipt="?", **({"person": -1} if known else {}))


_public = {(known, text): _prepared(text, known) for known in (False, True) for text in (False, True)}


# --- the page ---


def _hers(receipt: str, person: int) -> ProposalQuerySet:
    """The public proposal without its story, and whether this person is or was one of its hands."""
    found = Proposal.objects.with_own(Person(pk=person)).select_related("contribution", "process")
    hands = Authorship.objects.filter(proposal=OuterRef("pk"), person=person)
    mine = Contribution.objects.filter(pk=OuterRef("pk"), author=person)
    found = found.without_vector().visible_to(None).filter(receipt=receipt)
    return found.annotate(is_own=Exists(hands) | Exists(mine))


_own: Prepared[Proposal] = Prepared(_hers, receipt="?", person=-1)


def own_parts(request: HttpRequest, person: Person) -> Step | None:
    """What of a proposal's page belongs to the reader: support, following, and what rooms say with `own`. Not for who writes
    it: their page is another one. One query, and what the rules ask about the person."""
    at = clock.now()
    assert request.resolver_match is not None
    found = _own.first(receipt=request.resolver_match.kwargs["receipt"], person=person.pk)
    if found is None or found.is_own:  # type: ignore[attr-defined]
        return None
    found.contribution.process = found.process
    found.story_hands = []  # type: ignore[attr-defined]  # this person is none of them, and rules ask for nothing else

    def put_in(person: Person, page: str) -> str | None:
        support = {"request": request, "person": person, **_support(found, person, at)}
        page = with_own(page, "support", lambda: render_to_string(f"{PAGE}#support", support))
        follows = {"proposal": found, "follows": found.is_followed}
        made: str | None = with_own(page, "follow", lambda: render_to_string(f"{PAGE}#follow", follows))
        for panel in proposal_panels:
            if panel.own is not None and made is not None:
                made = panel.own(found, person, at, made)
        for more in contribution_panels:
            if more.own is not None and made is not None:
                made = more.own(found.contribution, person, at, made)
        return made

    return put_in


@shared_page("original", "from", own=own_page(first=own_parts, readers=3))
@require_safe
def proposal(request: HttpRequest, receipt: str) -> HttpResponse:
    """`?original=1` shows the text in the language it was written in."""
    person, at, language = person_of(request), clock.now(), get_language() or "de"
    try:
        found = get_proposal(receipt, person, text=True)
    except Http404:
        return _to_the_living_page(receipt)
    if found.contribution.lives_on:
        return _to_the_living_page(receipt)
    process = found.process
    with_line(process, at)
    of_process(request, process.pk)
    contribution = found.contribution
    moves = found.told_moves
    planned = planned_of(found, at)
    office = memory.offices.get(process.office_id)
    promise: dict[str, Any] = {"answer_by": process.owed_by, "planned": planned}
    place = memory.places.get(found.place_id)
    context: dict[str, Any] = {
        "menu": "proposals",
        "person": person,
        "is_author": person is not None and contribution.author_id == person.pk,
        "proposal": found,
        "process": process,
        "place": place,
        "authors": _authors(found),
        "stops": life_line(
            found, moves, process.lived, at, answered_by=office.name if office else "", **promise
        ),
        "next_date": next_date(found, process.lived, at, **promise),
        "office": office,
        "assessments": _assessments(found),
        "map": _map(found),
        "writes": rules.writes(person, found),
        "leads": rules.leads(person, found),
        "may_revise": rules.may_revise(person, found, at),
        "orphan": rules.is_orphan(found),
        "may_seek": rules.may_seek_coauthors(person, found, at),
        "may_withdraw": rules.may_withdraw(person, found) if found.is_public else None,
        "may_moderate": roles_of(person).moderates.covers(process),
        "may_look_up": contribution.author_id is not None and four_eyes.may_ask_who(person, process),
        "follows": found.is_followed,
        "trouble": _trouble(contribution),
        "came_from": _came_from(request.GET.get("from", ""), found),
        **_text(found, language, original="original" in request.GET),
        **_files(found),
        **_support(found, person, at),
        "panels": _panels(found, person, at),
        "embed": _embed(found),
    }
    return render(request, PAGE, context)


def _to_the_living_page(receipt: str) -> HttpResponse:
    """On to the page a proposal lives on at; where that one is gone, to the record that says so. 404 for all others."""
    part = set_aside(receipt)
    if part is None:
        raise Http404
    last = living_page_of(part)
    if not last.is_public:
        return HttpResponseRedirect(reverse("proposals:receipt", args=[receipt]))
    return HttpResponseRedirect(f"{last.get_absolute_url()}?from={receipt}")


def _came_from(receipt: str, found: Proposal) -> str:
    """The number a reader followed to here, if it really lives on in this one. Asks nothing where there is none."""
    part = set_aside(receipt.replace("\x00", "")[:16]) if receipt else None
    return part.receipt if part is not None and living_page_of(part).pk == found.pk else ""


def _authors(found: Proposal) -> list[Author]:
    """The people who agreed to be named, the lead first, and the organisation each speaks for beside them: acting for
    one is always visible."""
    contribution = found.contribution
    hands = sorted(found.story_hands, key=lambda hand: hand["role"] != Authorship.Role.LEAD)
    if not hands and found.story_orphan:
        return [author(None, None)]
    if not hands:
        name = contribution.author.public_name if contribution.author else None
        hands = [{"public_name": name, "organisation_id": contribution.organisation_id}]
    named: list[Author] = []
    for hand in hands:
        name, organisation = hand["public_name"], hand["organisation_id"]
        role = hand.get("role", "") if len(hands) > 1 else ""
        each = [Author(name, role=role)] if name and organisation else []
        shown = author(organisation, name)
        named += [*each, shown if each else replace(shown, role=role)]
    return list(dict.fromkeys(named))


def _assessments(found: Proposal) -> list[Assessment]:
    """The newest of each office."""
    newest: dict[int, Assessment] = {}
    for assessment in found.findings:
        office = memory.offices.get(assessment.office_id)
        if office is not None and assessment.office_id not in newest:
            assessment.office = office
            if assessment.implementer_id:
                assessment.implementer = memory.offices.get(assessment.implementer_id)
            newest[assessment.office_id] = assessment
    return list(newest.values())


def _text(found: Proposal, language: str, *, original: bool) -> dict[str, Any]:
    revision = found.newest
    if revision is None:
        raise Http404
    words, said_in = revision.text(revision.language if original else language)
    translated = said_in != revision.language
    return {
        "revision": revision,
        "title": words["title"],
        "summary": words["summary"],
        "body": words["body"],
        "text_lang": said_in if said_in != language else "",
        "translated_from": get_language_info(revision.language)["name_translated"] if translated else "",
        "translated_by": words.get("by", "") if translated else "",
        "is_original": original and language in revision.translations,
    }


def _files(found: Proposal) -> dict[str, Any]:
    """Its pictures and documents; those of its text stand there, the others below it. The first one is shown where the
    page is shared."""
    beside = shown(found.story_files)
    first = next((each for each in beside if each.is_image), None)
    text = found.newest.body if found.newest else ""
    return {
        "pictures": [each for each in beside if each.is_image],
        "gallery": gallery(beside, text),
        "share": first if found.is_public else None,
        "share_url": f"{settings.SITE_URL}{first.src}" if first and found.is_public else "",
    }


def _map(found: Proposal) -> dict[str, Any] | None:
    """The city's picture of itself around the point of the proposal, or of its place."""
    place = memory.places.get(found.place_id)
    x, y = found.map_x, found.map_y
    if (x is None or y is None) and _everywhere(found, place):
        return None
    if x is None or y is None:
        x, y = (place.map_x, place.map_y) if place else (None, None)
    if x is None or y is None:
        return None
    left = min(max(x - CUT_WIDTH / 2, 0), MAP_WIDTH - CUT_WIDTH)
    top = min(max(y - CUT_HEIGHT / 2, 0), MAP_HEIGHT - CUT_HEIGHT)
    return {"box": f"{left:.0f} {top:.0f} {CUT_WIDTH:.0f} {CUT_HEIGHT:.0f}", "x": f"{x:.1f}", "y": f"{y:.1f}"}


def _everywhere(found: Proposal, place: Place | None) -> bool:
    """It is about a whole town or region: one pin on the map would say otherwise."""
    wide = (Place.Kind.MUNICIPALITY, Place.Kind.REGION)
    return not found.location and place is not None and place.kind in wide


def _trouble(contribution: Contribution) -> dict[str, Any] | None:
    """What the author (or a moderator) reads above a proposal nobody else sees."""
    if contribution.hidden_at:
        return {"kind": "hidden", "hiding": contribution.hidings.filter(lifted_at=None).first()}
    if contribution.withdrawn_at:
        return {"kind": "withdrawn", "at": contribution.withdrawn_at}
    if contribution.held_at:
        return {"kind": "held", "at": contribution.held_at}
    return None


def _panels(found: Proposal, person: Person | None, at: datetime) -> dict[Where, list[str]]:
    """What rooms above add, drawn, by where it stands. Not asked for what is not public: rooms need not know about that."""
    drawn: dict[Where, list[str]] = {"top": [], "main": [], "side": []}
    if not found.is_public:
        return drawn
    panels: list[Panel] = sorted(proposal_panels, key=lambda panel: (panel.order, panel.slug))
    for panel in panels:
        context = panel.context(found, person, at)
        if context is not None:
            shown = {
                "proposal": found,
                "process": found.process,
                "person": person,
                "at": at,
                "panel": context,
            }
            drawn[panel.where].append(render_to_string(panel.template, shown | context))
    found.contribution.process = found.process
    hand_over(found, found.contribution)
    for more in sorted(contribution_panels, key=lambda panel: (panel.order, panel.slug)):
        context = more.context(found.contribution, person, at)
        if context is not None:
            drawn["main"].append(render_to_string(more.template, context))
    return drawn


def _embed(found: Proposal) -> dict[str, Any] | None:
    return panel_for(KIND, found.in_language("title"), receipt=found.receipt) if found.is_public else None


# --- support ---


def _acted_on(receipt: str, person: Person | None) -> Proposal:
    """The proposal somebody acts on; who has its old page open learns where it lives on."""
    try:
        return get_proposal(receipt, person)
    except Http404:
        if (part := set_aside(receipt)) is None:
            raise
        living = living_page_of(part)
        words = _(
            "It was joined with others meanwhile and lives on as another proposal. Nothing was changed."
        )
        raise Refused(No(words, _("Go there"), living.get_absolute_url()))


def _support(
    found: Proposal, person: Person | None, at: datetime, *, supported: bool | None = None
) -> dict[str, Any]:
    answer = rules.may_support(person, found, at)
    return {
        "proposal": found,
        "may_support": answer,
        "support_waits": _may_wait(answer),
        "supported": found.is_supported if supported is None else supported,
        "has_changed": found.has_changed if supported is None else False,
        "ballot": _ballot(found, person, at),
    }


def _may_wait(answer: Answer) -> bool:
    return isinstance(answer, No) and answer.identify


def _ballot(found: Proposal, person: Person | None, at: datetime) -> Invitation | None:
    """The way to the vote, while this proposal is on an open ballot."""
    if found.stage != Stage.ON_BALLOT:
        return None
    phase = the_phase(found.process.lived, VOTING, at)
    return phase.kind.invitation(phase, person, at) if phase and phase.is_open(at) else None


@require_POST
def support(request: HttpRequest, receipt: str) -> HttpResponse:
    """Support it; a visitor's support is kept and counts after they identified themselves."""
    person, at = person_of(request), clock.now()
    found = _acted_on(receipt, person)
    if waits_at := support_or_keep(found, person, at):
        return _go(request, waits_at)
    assert person is not None  # a visitor's support waits or was refused
    return _supported(request, found, person, at, supported=True)


def support_or_keep(found: Proposal, person: Person | None, at: datetime) -> str:
    """Support it, or keep the support until its person has identified: then the address where it waits, else ""."""
    answer = rules.may_support(person, found, at)
    if _may_wait(answer) or (person is None and answer):
        payload = {"receipt": found.receipt, "title": found.title}
        kept = pending.keep("support", payload, process=found.process, at=at, person=person, answer=answer)
        return reverse("cocreation:waiting", args=[kept.token])
    if person is None:
        raise Refused(answer if isinstance(answer, No) else No(_("Please sign in first.")))
    actions.support_proposal(proposal=found, by=person, at=at)
    return ""


@require_POST
def withdraw_support(request: HttpRequest, receipt: str) -> HttpResponse:
    person, at = signed_in(request), clock.now()
    found = _acted_on(receipt, person)
    actions.withdraw_support(proposal=found, by=person, at=at)
    return _supported(request, found, person, at, supported=False)


@require_POST
def renew_support(request: HttpRequest, receipt: str) -> HttpResponse:
    """Still supported after the text has changed."""
    person, at = signed_in(request), clock.now()
    found = get_proposal(receipt, person)
    actions.renew_support(proposal=found, by=person, at=at)
    return _supported(request, found, person, at, supported=True)


def _supported(
    request: HttpRequest, found: Proposal, person: Person, at: datetime, *, supported: bool
) -> HttpResponse:
    if is_partial(request):
        return render(request, f"{PAGE}#support", _support(found, person, at, supported=supported))
    return HttpResponseRedirect(f"{found.get_absolute_url()}#support")


def _go(request: HttpRequest, url: str) -> HttpResponse:
    """A redirect the browser follows as a page, also when htmx asked."""
    if is_partial(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def signed_in(request: HttpRequest) -> Person:
    person = person_of(request)
    if person is None:
        raise Refused(No(_("Please sign in first."), _("Sign in"), "account_login", identify=True))
    return person


# --- follow, more hands, withdraw ---


@require_POST
def follow(request: HttpRequest, receipt: str) -> HttpResponse:
    """Follow it; the wish of a visitor, and of somebody without an address, is kept."""
    person, at = person_of(request), clock.now()
    found = _acted_on(receipt, person)
    answer = may_follow(person) if person is not None else None
    if person is None or not answer:
        payload = {"receipt": receipt, "title": found.title, "url": found.get_absolute_url()}
        kept = pending.keep(
            "follow_contribution", payload, process=found.process, at=at, person=person, answer=answer
        )
        return _go(request, reverse("cocreation:waiting", args=[kept.token]))
    hall.follow(person=person, contribution=found.contribution, at=at)
    return _followed(request, found, follows=True)


@require_POST
def unfollow(request: HttpRequest, receipt: str) -> HttpResponse:
    person = signed_in(request)
    found = get_proposal(receipt, person)
    hall.unfollow(person=person, contribution=found.contribution)
    return _followed(request, found, follows=False)


def _followed(request: HttpRequest, found: Proposal, *, follows: bool) -> HttpResponse:
    if is_partial(request):
        return render(request, f"{PAGE}#follow", {"proposal": found, "follows": follows})
    return HttpResponseRedirect(found.get_absolute_url())


@require_POST
def seek_coauthors(request: HttpRequest, receipt: str) -> HttpResponse:
    """Its writers say whether more hands are welcome."""
    person, at = signed_in(request), clock.now()
    found = get_proposal(receipt, person)
    actions.seek_coauthors(proposal=found, seeks="stop" not in request.POST, by=person, at=at)
    return HttpResponseRedirect(f"{found.get_absolute_url()}#hands")


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, receipt: str) -> HttpResponse:
    """The author takes the proposal back: a page that says what that means, then the act."""
    person, at = signed_in(request), clock.now()
    found = get_proposal(receipt, person)
    if isinstance(answer := rules.may_withdraw(person, found), No):
        raise Refused(answer)
    if request.method == "POST":
        reason = request.POST.get("reason", "").replace("\x00", "").strip()[:300]
        actions.withdraw_proposal(proposal=found, by=person, at=at, reason=reason)
        return HttpResponseRedirect(reverse("proposals:receipt", args=[receipt]))
    return render(request, "proposals/withdraw.html", {"menu": "proposals", "proposal": found})
