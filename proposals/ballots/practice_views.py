"""The practice ballot: the projects that would be on the ballot now, to be tried by anybody before the vote opens.

Reads only. What somebody chooses travels in their request and comes back in the page; it is kept nowhere.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.request import person_of
from cocreation.models import Follow, Phase
from cocreation.words import not_open_yet, stopped
from groundwork import clock
from groundwork.answer import Answer, No, Refused, Yes, require
from groundwork.html.htmx import wants_fragment
from proposals.ballots import actions, ballot_page, envelope_page, filling, plan, reminding, rules
from proposals.ballots.kinds import Filled, Kind
from proposals.ballots.models import BallotOption, Vote
from proposals.ballots.views import find_phase

if TYPE_CHECKING:
    from accounts.models import Person


def may_practise(phase: Phase, at: datetime) -> Answer:
    """Anybody may, from the publication of the process until the vote opens."""
    if "vote" not in phase.acts:
        return No(gettext_lazy("There is no vote here."))
    if phase.process.is_stopped(at):
        return stopped(phase.process)
    if not phase.is_ahead(at):
        return No(gettext_lazy("The time for practice is over: the vote has opened."))
    return Yes()


def ballot_to_come(phase: Phase) -> tuple[Vote, list[BallotOption]] | None:
    """The vote as it would open now, its options under the keys of their proposals; None while there is nothing to
    choose or no money. One query."""
    proposals = plan.proposals_for(phase)
    if not plan.is_ready(phase, proposals):
        return None
    vote = plan.planned_vote(phase)
    vote.pk = phase.pk
    options = plan.options_for(vote, plan.wanted_for(phase, proposals))
    for option in options:
        option.pk = option.proposal_id
    plan.complete(vote, phase, options)
    return vote, options


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def practice(request: HttpRequest, slug: str) -> HttpResponse:
    """Try the ballot. A POST answers the same page with what it is worth; no row, no cookie, no log line comes of it."""
    at, person = clock.now(), person_of(request)
    phase = find_phase(request, slug, at)
    answer = may_practise(phase, at)
    if not answer:
        if wants_fragment(request):
            require(answer)
        return HttpResponseRedirect(f"{reverse('ballots:ballot', args=[slug])}?phase={phase.key}")
    found = ballot_to_come(phase)
    if found is None:
        return render(request, "proposals/ballots/no_practice.html", _around(phase, person))
    vote, options = found
    chosen: Filled = frozenset()
    refused: No | None = None
    if request.method == "POST":
        filled = filling.read(vote, options, request.POST)
        refused = filled.refused
        if refused is None:
            castable = rules.is_castable(vote, options, filled.chosen)
            refused = castable if isinstance(castable, No) else None
        if refused is not None and wants_fragment(request):
            raise Refused(refused)
        chosen = actions.known_of(vote, options, filled.chosen)
    strip = ballot_page.strip_of(vote, options, chosen, saved=False, refused=refused, practice=True)
    about = (
        envelope_page.around(
            vote, options, strip["state"].chosen, person, at, asked=request.GET.getlist("envelope"), refused=refused,
            practice=True, cards=not wants_fragment(request),
        )
        if vote.envelopes else {}
    )  # fmt: skip
    if wants_fragment(request):
        return render(request, "proposals/ballots/state.html", strip | about)
    # The script may ask at every touch: here nothing ever waits for a log-in.
    context = strip | ballot_page.ballot_of(vote, options, strip["state"], None, at) | _around(phase, person)
    context |= {"answer": Yes()} | about
    return render(request, "proposals/ballots/practice.html", context, status=200 if refused is None else 422)


def _around(phase: Phase, person: Person | None) -> dict[str, Any]:
    """When the real vote opens, and whether this person will be told. One query for somebody signed in."""
    process = phase.process
    follows = person is not None and Follow.objects.filter(person=person, process=process).exists()
    return {
        "process": process,
        "phase": phase,
        "opens": not_open_yet(phase).reason,
        "asks": phase.opts.kind == Kind.ANSWERS,
        "follows": follows,
        "reminds": reminding.is_long_enough(phase),
        "leave_url": reverse("cocreation:process", args=[process.slug]),
    }
