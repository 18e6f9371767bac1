"""Whose proposal it is: one calm page for everybody, the acts of its authors, and the answer of who was invited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.request import account_required, person_of
from groundwork import clock
from groundwork.answer import Answer, No, Refused, Words, Yes
from proposals import hands, memory, rules
from proposals.hand_forms import ConsentForm, InviteForm
from proposals.models import Authorship, Proposal, TakeOver
from proposals.record import Entry, name_of
from proposals.views.page import get_proposal, signed_in

if TYPE_CHECKING:
    from accounts.models import Person

Role = Authorship.Role


@dataclass(frozen=True, slots=True)
class Step:
    """A button beside a name."""

    slug: str
    words: str
    icon: str


@dataclass(frozen=True, slots=True)
class Row:
    """One of the authors, or one invitation, and what the reader may do with it."""

    hand: Authorship
    name: str
    face: str = ""
    is_me: bool = False
    steps: list[Step] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Offer:
    """Somebody would like to go on with it."""

    offer: TakeOver
    name: str
    is_mine: bool
    may_decide: Answer
    by_contributors: bool


@require_http_methods(["GET", "HEAD", "POST"])
def authors(request: HttpRequest, receipt: str) -> HttpResponse:
    """Who writes it, who wrote it, and for its authors: invite, roles, lead, leave. A POST invites somebody."""
    person, at = person_of(request), clock.now()
    if request.method == "POST":
        person = signed_in(request)
    found = get_proposal(receipt, person)
    form = InviteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and person is not None:
        answer = rules.may_invite(person, found)
        if isinstance(answer, No):
            raise Refused(answer)
        if form.is_valid():
            try:
                hands.invite(
                    proposal=found, role=form.cleaned_data["role"], by=person, at=at,
                    person=form.person, email=form.email,
                )  # fmt: skip
            except Refused as refused:
                form.add_error("who", str(refused))
            else:
                messages.success(
                    request,
                    _("Invited: {who}. The answer comes to your messages.").format(
                        who=form.cleaned_data["who"]
                    ),
                )
                return HttpResponseRedirect(_page_of(found))
    context = _context(found, person, at) | {"form": form}
    return render(request, "proposals/authors.html", context, status=422 if form.is_bound else 200)


def _page_of(found: Proposal) -> str:
    return reverse("proposals:authors", args=[found.receipt])


def _context(found: Proposal, person: Person | None, at: datetime) -> dict[str, Any]:
    rows = list(found.authorships.select_related("person", "invited_by").order_by("pk"))
    standing = sorted((each for each in rows if each.stands), key=lambda each: each.role != Role.LEAD)
    mine = next((each for each in standing if person is not None and each.person_id == person.pk), None)
    writes, leads = mine is not None and mine.writes, mine is not None and mine.role == Role.LEAD
    orphan = (
        found.is_public
        and found.stage in rules.OPEN_TO_CHANGE
        and not any(each.writes for each in standing)
        and any(each.accepted_at for each in rows)
    )
    open_now = [
        each for each in rows
        if not (each.accepted_at or each.declined_at or each.left_at)
        and (each.expires_at is None or each.expires_at > at)
    ]  # fmt: skip
    waits = next((each for each in open_now if person is not None and each.person_id == person.pk), None)
    said_in = found.text_language()
    return {
        "menu": "proposals",
        "proposal": found,
        "process": found.process,
        "title": found.in_language("title"),
        "text_lang": said_in if said_in != get_language() else "",
        "place": memory.places.get(found.place_id),
        "rows": [_row(each, mine, leads=leads) for each in standing],
        "invited": [_invited(each, person, leads=leads) for each in open_now] if writes else [],
        "waits": waits,
        "mine": mine,
        "leads": leads,
        "asked_to_lead": mine is not None and mine.lead_offered_at is not None,
        "may_invite": rules.may_invite(person, found) if writes else None,
        "orphan": orphan,
        "take_over": _may_offer(found, person) if orphan else None,
        "offers": _offers(found, person, at, standing) if orphan else [],
        "history": _history(rows),
    }


def _row(hand: Authorship, mine: Authorship | None, *, leads: bool) -> Row:
    is_me = mine is not None and hand.pk == mine.pk
    steps = []
    if leads and not is_me:
        if hand.lead_offered_at is not None:
            steps.append(Step("keep-lead", _("Take the question back"), "undo-2"))
        elif hand.role == Role.AUTHOR:
            steps.append(Step("offer-lead", _("Ask to take the lead"), "arrow-right"))
        if hand.role == Role.AUTHOR:
            steps.append(Step("contributor", _("Make a contributor"), "user"))
        else:
            steps.append(Step("author", _("Make an author"), "pencil-line"))
    face = (hand.person.public_name if hand.person else "") or name_of(hand)
    return Row(hand, name_of(hand), face, is_me, steps)


def _invited(hand: Authorship, person: Person | None, *, leads: bool) -> Row:
    name = hand.person.public_name if hand.person else hand.email
    mine = person is not None and hand.invited_by_id == person.pk
    steps = [Step("take-back", _("Take the invitation back"), "undo-2")] if leads or mine else []
    return Row(hand, name, steps=steps)


def _may_offer(found: Proposal, person: Person | None) -> Answer:
    if person is not None and found.take_overs.filter(person=person, decided_at__isnull=True).exists():
        return No(_("You have offered to take it over. You are told what was decided."))
    return rules.may_take_over(person, found)


def _offers(found: Proposal, person: Person | None, at: datetime, standing: list[Authorship]) -> list[Offer]:
    offers = []
    for offer in found.take_overs.filter(decided_at__isnull=True).select_related("person"):
        offer.proposal = found
        others = any(each.person_id != offer.person_id for each in standing)
        name = (offer.person.public_name if offer.person else "") or _("Someone from here")
        is_mine = person is not None and offer.person_id == person.pk
        by_contributors = others and at < offer.decide_by
        offers.append(Offer(offer, name, is_mine, rules.may_decide(person, offer, at), by_contributors))
    return offers


def _history(rows: list[Authorship]) -> list[Entry]:
    """Who joined and who left, the newest first. Who was only asked is nobody's business."""
    entries = []
    for hand in rows:
        if hand.accepted_at is None:
            continue
        name = name_of(hand)
        words = _("Agreed to be named") if hand.invited_by_id else _("Began it")
        entries.append(Entry(hand.accepted_at, words, name, icon="user-plus"))
        if hand.left_at:
            entries.append(Entry(hand.left_at, _("Left the authors"), name, icon="log-out"))
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


# --- steps beside a name ---


def _role(role: str) -> Callable[[Authorship, Person, datetime], None]:
    return lambda hand, by, at: hands.change_role(hand=hand, role=role, by=by, at=at)


_STEPS: dict[str, tuple[Callable[[Authorship, Person, datetime], None], Words]] = {
    "take-back": (
        lambda hand, by, at: hands.end_invitation(hand=hand, by=by, at=at),
        gettext_lazy("The invitation is taken back."),
    ),
    "author": (_role(Role.AUTHOR), gettext_lazy("The role is changed.")),
    "contributor": (_role(Role.CONTRIBUTOR), gettext_lazy("The role is changed.")),
    "offer-lead": (
        lambda hand, by, at: hands.offer_lead(hand=hand, by=by, at=at),
        gettext_lazy("Asked. You lead until they agree."),
    ),
    "keep-lead": (
        lambda hand, by, at: hands.end_lead_offer(hand=hand, by=by, at=at),
        gettext_lazy("The lead stays as it is."),
    ),
    "take-lead": (
        lambda hand, by, at: hands.accept_lead(hand=hand, by=by, at=at),
        gettext_lazy("You lead this proposal now."),
    ),
    "leave": (
        lambda hand, by, at: hands.leave(hand=hand, by=by, at=at),
        gettext_lazy("Your name is gone from this proposal."),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, receipt: str, hand: int, step: str) -> HttpResponse:
    """One act about one of the authors; leaving has a page that says what it means."""
    person, at = signed_in(request), clock.now()
    found = get_proposal(receipt, person)
    if step not in _STEPS:
        raise Http404
    # Who was invited or has left is known to those who write only.
    known = found.authorships.all() if rules.writes(person, found) else found.authorships.standing()  # type: ignore[attr-defined]
    one = get_object_or_404(known.select_related("person"), pk=hand)
    one.proposal = found
    if request.method != "POST":
        if step != "leave":
            return HttpResponseRedirect(_page_of(found))
        return _leaving(request, found, one, person)
    act, sentence = _STEPS[step]
    act(one, person, at)
    messages.success(request, str(sentence))
    return HttpResponseRedirect(_page_of(found))


def _leaving(request: HttpRequest, found: Proposal, hand: Authorship, person: Person) -> HttpResponse:
    if hand.person_id != person.pk or not hand.stands:
        raise Refused(No(_("You are not named on this proposal.")))
    others = found.authorships.writing().exclude(pk=hand.pk).select_related("person")  # type: ignore[attr-defined]
    following = others.order_by("accepted_at", "pk").first()
    context = {
        "menu": "proposals",
        "proposal": found,
        "hand": hand,
        "heir": name_of(following) if following and hand.role == Role.LEAD else "",
        "last": hand.writes and following is None,
        "title": found.in_language("title"),
    }
    return render(request, "proposals/leave_authors.html", context)


# --- the answer of who was invited ---


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
def invitation(request: HttpRequest, receipt: str) -> HttpResponse:
    """For who was invited by name, or by an address that is confirmed as theirs."""
    person, at = signed_in(request), clock.now()
    found = get_proposal(receipt, person)
    hand = hands.invitation_to(found, person, at)
    if hand is None:
        raise Http404
    return _consent(request, found, hand, person, at)


@require_http_methods(["GET", "HEAD", "POST"])
def invitation_link(request: HttpRequest, code: str) -> HttpResponse:
    """For who holds the link of the letter. Anybody may look; to answer one needs an account."""
    person, at = person_of(request), clock.now()
    hand = (
        Authorship.objects.open_to(at)
        .filter(code=code, proposal__is_public=True)
        .exclude(code="")
        .select_related("proposal__process", "invited_by")
        .first()
    )
    if hand is None:
        raise Http404
    if request.method == "POST":
        return _answer_by_link(request, code=code)
    return _consent(request, hand.proposal, hand, person, at)


@login_required
def _answer_by_link(request: HttpRequest, code: str) -> HttpResponse:
    person, at = signed_in(request), clock.now()
    hand = get_object_or_404(
        Authorship.objects.open_to(at).select_related("proposal__process", "invited_by"), code=code
    )
    return _consent(request, hand.proposal, hand, person, at)


def _consent(
    request: HttpRequest, found: Proposal, hand: Authorship, person: Person | None, at: datetime
) -> HttpResponse:
    form = ConsentForm(request.POST or None, person=person) if person is not None else None
    if request.method == "POST" and person is not None and form is not None:
        if request.POST.get("answer") == "no":
            hands.decline(hand=hand, by=person, at=at)
            messages.success(request, _("You said no. Only who asked you is told."))
            return HttpResponseRedirect(found.get_absolute_url())
        form = ConsentForm(request.POST, person=person)
        if form.is_valid():
            hands.accept(hand=hand, by=person, at=at, organisation=form.organisation())
            messages.success(request, _("You are named on this proposal now. Thank you."))
            return HttpResponseRedirect(_page_of(found))
    standing = found.authorships.standing().select_related("person")  # type: ignore[attr-defined]
    said_in = found.text_language()
    context = {
        "menu": "proposals",
        "proposal": found,
        "process": found.process,
        "title": found.in_language("title"),
        "summary": found.in_language("summary"),
        "text_lang": said_in if said_in != get_language() else "",
        "hand": hand,
        "asked_by": (hand.invited_by.public_name if hand.invited_by else "") or _("Someone from here"),
        "names": [name_of(each) for each in standing],
        "form": form,
        "may_join": rules.may_join(person, found) if person is not None else Yes(),
        "next": request.path,
    }
    return render(request, "proposals/invited.html", context, status=422 if request.method == "POST" else 200)


# --- take over ---


@require_POST
def take_over(request: HttpRequest, receipt: str) -> HttpResponse:
    """Offer to go on with a proposal nobody writes any more, or think again."""
    person, at = signed_in(request), clock.now()
    found = get_proposal(receipt, person)
    mine = found.take_overs.filter(person=person, decided_at__isnull=True).first()
    if request.POST.get("act") == "end":
        if mine is None:
            raise Refused(No(_("You have not offered to take this over.")))
        hands.end_take_over(offer=mine, by=person, at=at)
        messages.success(request, _("Your offer is taken back."))
    else:
        hands.offer_take_over(proposal=found, by=person, at=at)
        messages.success(request, _("Thank you. You are told what was decided."))
    return HttpResponseRedirect(_page_of(found))


@require_POST
def decide(request: HttpRequest, receipt: str, offer: int) -> HttpResponse:
    """The contributors, or the city, say yes or no to an offer."""
    person, at = signed_in(request), clock.now()
    found = get_proposal(receipt, person)
    one = get_object_or_404(found.take_overs.select_related("person"), pk=offer)
    one.proposal = found
    accepted = request.POST.get("answer") == "yes"
    hands.decide_take_over(offer=one, accepted=accepted, by=person, at=at)
    messages.success(request, _("Decided. They are told."))
    return HttpResponseRedirect(_page_of(found))
