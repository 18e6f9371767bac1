"""One proposal: its page, its receipt, and what readers may do there."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Person
from accounts.request import person_of
from cocreation import actions as hall
from cocreation import four_eyes, pending
from cocreation.methods import Invitation
from cocreation.models import Contribution
from cocreation.panels import contribution_panels
from cocreation.participation import may_follow
from cocreation.roles import roles_of
from groundwork import clock
from groundwork.answer import Answer, No, Refused
from groundwork.html.htmx import is_partial
from groundwork.prepared import Prepared
from proposals import actions, memory, rules
from proposals.cards import Author, author
from proposals.line import VOTING, Planned, life_line, next_date, the_phase
from proposals.models import Assessment, Proposal, ProposalQuerySet, Stage
from proposals.panels import Panel, Where, planned_stops, proposal_panels
from proposals.queries import alike
from proposals.record import Entry, record_of

MAP_WIDTH, MAP_HEIGHT = 600.0, 440.0
CUT_WIDTH, CUT_HEIGHT = 240.0, 170.0


def get_proposal(receipt: str, person: Person | None, *, text: bool = False) -> Proposal:
    """The proposal this person may see, with its process; 404 for everybody else."""
    asked = {"receipt": receipt} | ({"person": person.pk} if person else {})
    if found := _public[person is not None, text].first(**asked):
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
        return _with_process(reader, text).visible_to(None).filter(receipt=receipt)

    return Prepared(public, receipt="?", **({"person": -1} if known else {}))


_public = {(known, text): _prepared(text, known) for known in (False, True) for text in (False, True)}


# --- the page ---


@require_safe
def proposal(request: HttpRequest, receipt: str) -> HttpResponse:
    """`?original=1` shows the text in the language it was written in."""
    person, at, language = person_of(request), clock.now(), get_language() or "de"
    found = get_proposal(receipt, person, text=True)
    process = found.process
    contribution = found.contribution
    moves = found.told_moves
    planned = _planned(found, at)
    office = memory.offices.get(process.office_id)
    promise: dict[str, Any] = {"answer_by": process.owed_by, "planned": planned}
    place = memory.places.get(found.place_id)
    context: dict[str, Any] = {
        "menu": "proposals",
        "proposal": found,
        "process": process,
        "place": place,
        "authors": _authors(contribution),
        "stops": life_line(
            found, moves, process.lived, at, answered_by=office.name if office else "", **promise
        ),
        "next_date": next_date(found, process.lived, at, **promise),
        "office": office,
        "assessments": _assessments(found),
        "map": _map(found),
        "is_author": person is not None and contribution.author_id == person.pk,
        "may_withdraw": rules.may_withdraw(person, found) if found.is_public else None,
        "may_moderate": roles_of(person).moderates.covers(process),
        "may_look_up": contribution.author_id is not None and four_eyes.may_ask_who(person, process),
        "follows": found.is_followed,
        "trouble": _trouble(contribution),
        **_text(found, language, original="original" in request.GET),
        **_support(found, person, at),
        "panels": _panels(found, person, at),
    }
    return render(request, "proposals/proposal.html", context)


def _authors(contribution: Contribution) -> list[Author]:
    """The person, and the organisation they speak for beside them: acting for one is always visible."""
    name = contribution.author.public_name if contribution.author else None
    if contribution.organisation_id is None:
        return [author(None, name)]
    return ([Author(name)] if name else []) + [author(contribution.organisation_id, name)]


def _planned(found: Proposal, at: datetime) -> list[Planned]:
    return [stop for stops in planned_stops for stop in stops(found, at)]


def _assessments(found: Proposal) -> list[Assessment]:
    """The newest of each office."""
    newest: dict[int, Assessment] = {}
    for assessment in found.findings:
        office = memory.offices.get(assessment.office_id)
        if office is not None and assessment.office_id not in newest:
            assessment.office = office
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


def _map(found: Proposal) -> dict[str, Any] | None:
    """The city's picture of itself around the point of the proposal, or of its place."""
    place = memory.places.get(found.place_id)
    x, y = found.map_x, found.map_y
    if x is None or y is None:
        x, y = (place.map_x, place.map_y) if place else (None, None)
    if x is None or y is None:
        return None
    left = min(max(x - CUT_WIDTH / 2, 0), MAP_WIDTH - CUT_WIDTH)
    top = min(max(y - CUT_HEIGHT / 2, 0), MAP_HEIGHT - CUT_HEIGHT)
    return {"box": f"{left:.0f} {top:.0f} {CUT_WIDTH:.0f} {CUT_HEIGHT:.0f}", "x": f"{x:.1f}", "y": f"{y:.1f}"}


def _trouble(contribution: Contribution) -> dict[str, Any] | None:
    """What the author (or a moderator) reads above a proposal nobody else sees."""
    if contribution.hidden_at:
        return {"kind": "hidden", "hiding": contribution.hidings.filter(lifted_at=None).first()}
    if contribution.withdrawn_at:
        return {"kind": "withdrawn", "at": contribution.withdrawn_at}
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
    for more in sorted(contribution_panels, key=lambda panel: (panel.order, panel.slug)):
        context = more.context(found.contribution, person, at)
        if context is not None:
            drawn["main"].append(render_to_string(more.template, context))
    return drawn


# --- support ---


def _support(
    found: Proposal, person: Person | None, at: datetime, *, supported: bool | None = None
) -> dict[str, Any]:
    answer = rules.may_support(person, found, at)
    return {
        "proposal": found,
        "may_support": answer,
        "support_waits": _may_wait(answer),
        "supported": found.is_supported if supported is None else supported,
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
    found = get_proposal(receipt, person)
    answer = rules.may_support(person, found, at)
    if _may_wait(answer) or (person is None and answer):
        payload = {"receipt": receipt, "title": found.title}
        kept = pending.keep("support", payload, process=found.process, at=at, person=person, answer=answer)
        return _go(request, reverse("cocreation:waiting", args=[kept.token]))
    if person is None:
        raise Refused(answer if isinstance(answer, No) else No(_("Please sign in first.")))
    actions.support_proposal(proposal=found, by=person, at=at)
    return _supported(request, found, person, at, supported=True)


@require_POST
def withdraw_support(request: HttpRequest, receipt: str) -> HttpResponse:
    person, at = _signed_in(request), clock.now()
    found = get_proposal(receipt, person)
    actions.withdraw_support(proposal=found, by=person, at=at)
    return _supported(request, found, person, at, supported=False)


def _supported(
    request: HttpRequest, found: Proposal, person: Person, at: datetime, *, supported: bool
) -> HttpResponse:
    if is_partial(request):
        return render(
            request, "proposals/proposal.html#support", _support(found, person, at, supported=supported)
        )
    return HttpResponseRedirect(f"{found.get_absolute_url()}#support")


def _go(request: HttpRequest, url: str) -> HttpResponse:
    """A redirect the browser follows as a page, also when htmx asked."""
    if is_partial(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def _signed_in(request: HttpRequest) -> Person:
    person = person_of(request)
    if person is None:
        raise Refused(No(_("Please sign in first."), _("Sign in"), "account_login", identify=True))
    return person


# --- follow, withdraw ---


@require_POST
def follow(request: HttpRequest, receipt: str) -> HttpResponse:
    """Follow it; the wish of a visitor, and of somebody without an address, is kept."""
    person, at = person_of(request), clock.now()
    found = get_proposal(receipt, person)
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
    person = _signed_in(request)
    found = get_proposal(receipt, person)
    hall.unfollow(person=person, contribution=found.contribution)
    return _followed(request, found, follows=False)


def _followed(request: HttpRequest, found: Proposal, *, follows: bool) -> HttpResponse:
    if is_partial(request):
        return render(request, "proposals/proposal.html#follow", {"proposal": found, "follows": follows})
    return HttpResponseRedirect(found.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, receipt: str) -> HttpResponse:
    """The author takes the proposal back: a page that says what that means, then the act."""
    person, at = _signed_in(request), clock.now()
    found = get_proposal(receipt, person)
    if isinstance(answer := rules.may_withdraw(person, found), No):
        raise Refused(answer)
    if request.method == "POST":
        reason = request.POST.get("reason", "").replace("\x00", "").strip()[:300]
        actions.withdraw_proposal(proposal=found, by=person, at=at, reason=reason)
        return HttpResponseRedirect(reverse("proposals:receipt", args=[receipt]))
    return render(request, "proposals/withdraw.html", {"menu": "proposals", "proposal": found})


# --- the receipt ---


@dataclass(frozen=True, slots=True)
class Gone:
    """What a receipt still says about a contribution that is not shown any more."""

    words: str
    at: datetime | None


@require_safe
def receipt(request: HttpRequest, receipt: str) -> HttpResponse:
    """The public life record: what happened, who, when, why, and what comes next. It needs no log-in.

    Of a withdrawn, hidden or erased proposal it says only that, never a word of its text.
    """
    person, at = person_of(request), clock.now()
    contribution = get_object_or_404(
        Contribution.objects.select_related("process", "author").filter(
            kind="proposal", process__published_at__isnull=False, published_at__isnull=False
        ),
        receipt=receipt,
    )
    context: dict[str, Any] = {
        "menu": "proposals",
        "contribution": contribution,
        "process": contribution.process,
        "new": "new" in request.GET,
        "is_author": person is not None and contribution.author_id == person.pk,
        "gone": _gone(contribution),
    }
    if contribution.is_public:
        found = Proposal.objects.get(pk=contribution.pk)
        found.contribution, found.process = contribution, contribution.process
        context |= _life(found, at)
        if context["new"]:
            language = get_language() or "de"
            context["similar"] = alike(found.title, language, process=found.process, but=found.pk)
    return render(request, "proposals/receipt.html", context)


def _gone(contribution: Contribution) -> Gone | None:
    if contribution.erased_at:
        return Gone(_("This proposal was erased at the wish of its author."), contribution.erased_at)
    if contribution.withdrawn_at:
        return Gone(_("This proposal was withdrawn by its author."), contribution.withdrawn_at)
    if contribution.hidden_at:
        return Gone(
            _("Moderation took this proposal off the pages. The author was told which rule and why."),
            contribution.hidden_at,
        )
    return None


def _life(found: Proposal, at: datetime) -> dict[str, Any]:
    process = found.process
    moves = list(found.moves.select_related("by"))
    planned = _planned(found, at)
    promise: dict[str, Any] = {"answer_by": process.owed_by, "planned": planned}
    office = memory.offices.get(process.office_id)
    stops = life_line(found, moves, process.lived, at, answered_by=office.name if office else "", **promise)
    entries: list[Entry] = record_of(found, moves, list(found.assessments.order_by("at")))
    address = f"{settings.SITE_URL}/r/{found.receipt}"
    return {
        "proposal": found,
        "title": found.in_language("title"),
        "text_lang": found.text_language() if found.text_language() != get_language() else "",
        "entries": entries,
        "stops": stops,
        "coming": [stop for stop in stops if stop.state != "past"],
        "next_date": next_date(found, process.lived, at, **promise),
        "office": office,
        "address": address,
        "qr": qr_code(address),
    }


def qr_code(address: str) -> str:
    """The address as an SVG without styles, so that the page's security policy holds."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=2, svgclass=None, lineclass=None,
        dark="#000", light="#fff", nl=False, svgid=None,
    )  # fmt: skip
    drawn = out.getvalue().decode()
    label = _("QR code with the address of this receipt")
    return mark_safe(drawn.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1))  # noqa: S308 - segno's own drawing
