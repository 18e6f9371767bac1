"""The ballot, its result, and the files to count again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Person
from accounts.request import person_here, person_of
from cocreation.desk import desk_context, staff_required
from cocreation.models import Phase
from cocreation.roles import Roles
from cocreation.words import not_open_yet
from groundwork import clock
from groundwork.answer import Answer, No, Refused
from groundwork.html.htmx import wants_fragment
from groundwork.html.paging import keyset
from groundwork.shared_pages.api import shared_page
from groundwork.watch.context import unobserved
from proposals.ballots import (
    actions,
    ballot_page,
    counting,
    destroying,
    envelope_page,
    envelope_results,
    envelopes,
    filling,
    frame,
    late,
    memory,
    publishing,
    queries,
    rules,
    waiting,
    words,
)
from proposals.ballots import results as stories
from proposals.ballots.board import files
from proposals.ballots.kinds import Filled
from proposals.ballots.models import BallotOption, Tally, Vote
from proposals.ballots.rulebook import NAMED


def find_phase(request: HttpRequest, slug: str, at: datetime) -> Phase:
    """The ballot phase an address is about, with its process, if the reader may see it."""
    phase = queries.find_phase(slug, person_of(request), at, request.GET.get("phase", ""))
    if phase is None:
        raise Http404
    return phase


def _vote_of(phase: Phase, at: datetime) -> Vote | No:
    """The vote of a phase. Whoever comes first after its start opens it; No says why there is none."""
    vote: Vote | None = getattr(phase, "vote", None)  # there is none before the opening
    if vote is None:
        if phase.is_ahead(at):  # looking at a vote to come takes no lock
            return not_open_yet(phase)
        try:
            vote = actions.open_vote(phase=phase, at=at)
        except Refused as refused:
            return refused.answer
    vote.phase = phase
    return vote


# --- the ballot ---


@unobserved
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ballot(request: HttpRequest, slug: str) -> HttpResponse:
    """See, fill and change a ballot. A write is one UPDATE of one slot, and nothing else in that request."""
    at, person = clock.now(), person_of(request)
    phase = find_phase(request, slug, at)
    at = actions.moment_for(phase, at)
    vote = _vote_of(phase, at)
    if isinstance(vote, No):
        return _no_ballot(request, phase, vote, status=403 if request.method == "POST" else 200)
    options = memory.kept_options_of(vote, at)
    if request.method == "POST":
        return _save(request, vote, options, person, at)
    answer = rules.may_vote(person, vote, at)
    chosen = kept = None
    if answer and person:
        mine = actions.own_slot(vote, person, options)
        chosen = mine.chosen
        if mine.on_paper:
            answer = rules.VOTES_ON_PAPER
        elif mine.missing:
            # Somebody who became eligible after the opening has no slot yet: make it now, among others, not in the cast.
            actions.add_late_slots(vote=vote, at=at)
    if person and isinstance(answer, No) and answer.identify:
        chosen = kept = waiting.kept_choice(vote, person, options, at)
    return _page(request, vote, options, chosen or frozenset(), answer, person, at, kept=kept is not None)


def _save(
    request: HttpRequest, vote: Vote, options: Sequence[BallotOption], person: Person | None, at: datetime
) -> HttpResponse:
    filled = filling.read(vote, options, request.POST)
    chosen = filled.chosen
    answer = rules.may_vote(person, vote, at)
    try:
        if filled.refused is not None:
            raise Refused(filled.refused)
        if isinstance(answer, No) and answer.identify:
            if filled.stepped:  # still filling in: nothing is kept before they say so
                return _page(request, vote, options, chosen, answer, person, at)
            act = waiting.keep(vote, options, chosen, at, person=person, answer=answer)
            return redirect("cocreation:waiting", token=act.token)
        actions.cast(vote=vote, by=person, chosen=chosen, at=at, options=options)  # type: ignore[arg-type]
    except Refused as refused:
        if wants_fragment(request):
            raise
        known = actions.known_of(vote, options, chosen)
        return _page(request, vote, options, known, answer, person, at, refused=refused.answer)
    if wants_fragment(request):
        strip = ballot_page.strip_of(vote, options, chosen, saved=True)
        if vote.envelopes:
            asked = request.GET.getlist("envelope")
            strip |= envelope_page.around(
                vote, options, strip["state"].chosen, person, at, asked=asked, saved=True, cards=False
            )
        return render(request, "proposals/ballots/state.html", strip)
    return HttpResponseRedirect(request.get_full_path())


def _page(
    request: HttpRequest, vote: Vote, options: Sequence[BallotOption], chosen: Filled, answer: Answer,
    person: Person | None, at: datetime, refused: No | None = None, kept: bool = False,
) -> HttpResponse:  # fmt: skip
    if isinstance(answer, No) and not answer.identify:
        return _no_ballot(
            request,
            vote.phase,
            answer if refused is None else refused,
            status=200 if refused is None else 403,
        )
    strip = ballot_page.strip_of(
        vote, options, chosen, saved=bool(answer), refused=refused, missing=answer if person else None
    )
    if person and answer and refused is None and frame.fits(request, vote, options):
        own = ballot_page.chosen_of(vote, options, strip["state"], person, at)
        return HttpResponse(frame.page(request, vote, options, strip, own))
    context = (
        strip
        | ballot_page.ballot_of(vote, options, strip["state"], person, at)
        | {
            "answer": answer,
            "visitor": person is None,
            "kept": kept,
        }
    )
    if vote.envelopes:
        context |= envelope_page.around(
            vote, options, strip["state"].chosen, person, at, asked=request.GET.getlist("envelope"),
            saved=bool(answer), refused=refused,
        )  # fmt: skip
    return render(request, "proposals/ballots/ballot.html", context, status=200 if refused is None else 422)


def _no_ballot(request: HttpRequest, phase: Phase, answer: No, *, status: int) -> HttpResponse:
    """Not open yet, over, or not for this person: why, and what helps."""
    at = clock.now()
    context = {
        "process": phase.process,
        "phase": phase,
        "who": phase.audience_of("vote").sentence(),
        "answer": answer,
        "over": phase.is_over(at),
        "ahead": phase.is_ahead(at) and not phase.process.is_stopped(at),
        "leave_url": reverse("cocreation:process", args=[phase.process.slug]),
    }
    if wants_fragment(request):
        raise Refused(answer)
    return render(request, "proposals/ballots/no_ballot.html", context, status=status)


@require_safe
def secrecy(request: HttpRequest, slug: str) -> HttpResponse:
    """How a ballot is kept secret, and what remains unprotected."""
    phase = find_phase(request, slug, clock.now())
    context = {"process": phase.process, "phase": phase, "board": memory.opened(phase.pk) is not None}
    context |= {"on_paper": phase.opts.paper, "envelopes": phase.opts.envelopes}
    return render(request, "proposals/ballots/secrecy.html", context)


# --- the result ---


def _counted(request: HttpRequest, slug: str) -> tuple[Phase, Tally | None]:
    """The phase and its count, public or not yet. An overdue count is made by whoever asks for it first."""
    at = clock.now()
    phase = find_phase(request, slug, at)
    tally = Tally.objects.select_related("vote").filter(pk=phase.pk).first()
    if tally is None and phase.is_over(at):
        vote = _vote_of(phase, at)
        tally = actions.close_and_count(vote=vote, at=at) if isinstance(vote, Vote) else None
    if tally is not None:
        tally.vote.phase = phase
    return phase, tally


def _published(request: HttpRequest, slug: str) -> tuple[Phase, Tally]:
    """The same for what exists only once the result is public."""
    phase, tally = _counted(request, slug)
    if tally is None or tally.published_at is None:
        raise Http404
    return phase, tally


def _part(request: HttpRequest, tally: Tally) -> tuple[Tally, list[BallotOption]]:
    """A count with its options, or as far as the envelope goes that was asked for: `?envelope=A`."""
    options, code = actions.options_of(tally.vote), request.GET.get("envelope", "")
    if not code:
        return tally, options
    try:
        part = counting.part_tally(tally, code)
    except KeyError:
        raise Http404 from None
    return part, [option for option in options if envelopes.code_of(option.code) == code]


@shared_page("phase", "envelope")
@require_safe
def result(request: HttpRequest, slug: str) -> HttpResponse:
    phase, tally = _counted(request, slug)
    if tally is None or tally.published_at is None:
        return _no_result(request, phase, counted=tally is not None)
    part, options = _part(request, tally)
    context = {"process": phase.process, "phase": phase, "menu": "results"}
    context |= {"late": late.told(tally, part.vote.part)}
    if part.vote.part:
        context |= envelope_results.switch(tally.vote, part.vote.part)
    page = (
        "result_answers" if part.vote.questions else "result_envelopes" if part.vote.envelopes else "result"
    )
    return render(request, f"proposals/ballots/{page}.html", context | stories.story(part, options))


def _no_result(request: HttpRequest, phase: Phase, *, counted: bool) -> HttpResponse:
    """What the result waits for: the end of the vote, ballots on paper, or two people."""
    at = clock.now()
    answer = phase.allows("vote", None, at)
    vote = Vote.objects.filter(pk=phase.pk).first() if phase.is_over(at) and not counted else None
    if vote is not None:
        vote.phase = phase
        paper_first = late.may_count(vote, at)
        answer = paper_first if isinstance(paper_first, No) else answer
    context = {
        "process": phase.process,
        "phase": phase,
        "answer": answer,
        "open": phase in phase.process.open_phases(at),
        "waits_for_two": counted,
        "menu": "results",
    }
    return render(request, "proposals/ballots/no_result.html", context)


@require_safe
def recount(request: HttpRequest, slug: str) -> HttpResponse:
    phase, tally = _published(request, slug)
    context = {
        "process": phase.process,
        "phase": phase,
        "tally": tally,
        "rule": words.rule_sentences(tally.vote),
        "rule_name": NAMED[tally.vote.rule].name,
        "envelopes": envelopes.read(tally.vote.envelopes),
    }
    return render(request, "proposals/ballots/recount.html", context | {"menu": "results"})


@require_safe
def ballots_file(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Every ballot as CSV: a random key, the projects, whether it counted. No person, no time, no channel."""
    phase, tally = _published(request, slug)
    part, options = _part(request, tally)
    lines = counting.ballots_csv(part.vote, options)
    return _file(lines, "text/csv; charset=utf-8", f"{_stem(phase, part.vote)}-ballots.csv")


@require_safe
def pabulib_file(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """The counted ballots in the .pb format that counting programs read. It knows projects only, no questions, and one budget:
    of envelopes there is one file each."""
    phase, tally = _published(request, slug)
    part, options = _part(request, tally)
    if part.vote.questions or part.vote.envelopes:
        raise Http404
    lines = counting.pabulib_file(part.vote, part, options)
    return _file(lines, "text/plain; charset=utf-8", f"{_stem(phase, part.vote)}.pb")


@require_safe
def ballots_json(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Every ballot as JSON, with what was fixed and what came out. No person, no time, no channel."""
    phase, tally = _published(request, slug)
    part, _options = _part(request, tally)
    lines = files.ballots_json(part.vote, part)
    return _file(lines, "application/json", f"{_stem(phase, part.vote)}-ballots.json")


def _stem(phase: Phase, vote: Vote) -> str:
    """What the names of files begin with."""
    return f"{phase.process.slug}-{vote.part}" if vote.part else phase.process.slug


def _file(lines: Any, kind: str, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@shared_page("after")
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Every decided vote, the newest first."""
    counted = Tally.objects.visible_to(person_of(request))
    page = keyset(
        counted.select_related("vote__phase__process"),
        ("-at", "-pk"),
        after=request.GET.get("after"),
        size=18,
    )
    context = {
        "cards": [stories.summary(tally) for tally in page],
        "next": page.next_token,
        "later": bool(request.GET.get("after")),
        "menu": "results",
    }
    return render(request, "proposals/ballots/results.html", context)


# --- the queue "publish": counts that wait until two people have looked at them ---

LISTED = 10


def may_publish(roles: Roles) -> bool:
    return roles.may_configure


@never_cache
@require_safe
@staff_required(may_publish)
def to_publish(request: HttpRequest) -> HttpResponse:
    """What was counted, as it will be public, and who has confirmed it. Four queries however many wait."""
    person = person_here(request)
    tallies = list(publishing.to_publish(person)[:LISTED])
    first = publishing.first_confirmations(tallies)
    options: dict[int, list[BallotOption]] = {}
    for option in BallotOption.objects.filter(vote__in=[tally.pk for tally in tallies]).select_related(
        "proposal__place"
    ):
        options.setdefault(option.vote_id, []).append(option)
    shown = [
        {
            **stories.story(tally, options.get(tally.pk, [])),
            "process": tally.vote.phase.process,
            "first": first.get(tally.pk),
            "mine": tally.pk in first and first[tally.pk].asked_by_id == person.pk,
        }
        for tally in tallies
    ]
    return render(
        request,
        "proposals/ballots/desk_results.html",
        desk_context(request, "publish") | {"waiting": shown, "secrets": _secrets(person)},
    )


def _secrets(person: Person) -> list[dict[str, Any]]:
    """Published votes whose keys still exist, and who has confirmed that they may go. Two queries."""
    votes = list(destroying.waiting(person)[:LISTED])
    first = destroying.first_confirmations(votes) if votes else {}
    return [
        {"vote": vote, "first": first.get(vote.pk), "mine": vote.pk in first and first[vote.pk].asked_by_id == person.pk}
        for vote in votes
    ]  # fmt: skip


@require_POST
@staff_required(may_publish)
def confirm_result(request: HttpRequest, vote: int) -> HttpResponse:
    found = get_object_or_404(Vote.objects.filter(tally__isnull=False), pk=vote)
    tally: Tally = publishing.confirm_result(vote=found, by=person_here(request), at=clock.now())
    if tally.published_at:
        messages.success(request, _("The result is public now. Everybody concerned is told."))
    else:
        messages.success(
            request, _("Confirmed. The result becomes public when a second person has confirmed it.")
        )
    return redirect("ballots:to_publish")
