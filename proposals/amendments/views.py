"""Pages of suggested changes: the form, the list of a proposal, one of them with its decision, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.request import person_of, signed_in
from cocreation import pending
from cocreation.panels import contribution_panels
from cocreation.roles import roles_of
from groundwork import clock
from groundwork.answer import Answer, No, Refused
from groundwork.html.htmx import is_partial
from groundwork.html.paging import keyset
from proposals import rules as hall
from proposals.actions import Overtaken
from proposals.amendments import actions, rules
from proposals.amendments.drawn import compared
from proposals.amendments.forms import AcceptForm, AmendForm, AskForm, DeclineForm, OpinionForm, PassageForm
from proposals.amendments.models import Amendment
from proposals.amendments.passages import FIELDS, Passage, read_key, selected
from proposals.amendments.queries import PER_PAGE, Shown, listed, name_of, numbers_of, shown
from proposals.models import Proposal, Revision
from proposals.views.page import get_proposal

if TYPE_CHECKING:
    from django.http import QueryDict

    from accounts.models import Person

LONGEST_PART = 200


def _waits(answer: Answer) -> bool:
    return isinstance(answer, No) and answer.identify


def _lang(language: str) -> str:
    """For the `lang` attribute: nothing where it is the reader's own."""
    return language if language != get_language() else ""


# --- suggest ---


@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: HttpRequest, receipt: str) -> HttpResponse:
    """Without a passage: choose one. With one (`?passage=body-0-120`, or what was selected in the page): the form.

    Who is not known yet writes all the same, and it waits for them. `act=preview` shows the change before it is sent.
    """
    person, at = person_of(request), clock.now()
    found = get_proposal(receipt, person, text=True)
    newest = found.newest
    assert newest is not None
    answer = rules.may_amend(person, found, at)
    posted = request.method == "POST"
    if posted and isinstance(answer, No) and not answer.identify:
        raise Refused(answer)
    query = request.POST if posted else request.GET
    instead = _instead(found, query.get("instead", ""), person, newest, at)
    revision = _revision(found, newest, query.get("revision", ""))
    passage, missed = _passage(query, revision, instead)
    context = {
        "menu": "proposals",
        "proposal": found,
        "process": found.process,
        "revision": revision,
        "is_newest": revision.number == newest.number,
        "text_lang": _lang(revision.language),
        "refusal": answer if isinstance(answer, No) and not answer.identify else None,
        "writes": hall.writes(person, found),
        "may_revise": hall.may_revise(person, found, at),
        "visitor": person is None,
        "missing": answer if _waits(answer) and person is not None else None,
        "instead": instead,
    }
    if passage is None:
        chosen = "passage" in query
        context |= {"form": PassageForm(query if chosen else None, revision=revision), "missed": missed}
        return render(request, "proposals/amendments/choose.html", context, status=422 if chosen else 200)
    form = AmendForm(
        request.POST if posted else None, revision=revision, passage=passage, initial=_initial(instead)
    )
    previewing = posted and request.POST.get("act") == "preview"
    if posted and not previewing and form.is_valid():
        return _send(found, revision, form, instead, person, answer, at)
    context |= {"form": form, "passage": passage, "preview": _preview(form) if posted else ""}
    if previewing:
        # What is missing is said when it is sent; here one only looks.
        written: dict[str, Any] = {name: request.POST.get(name, "") for name in ("new", "reason")}
        written["named"] = "named" in request.POST
        context["form"] = AmendForm(revision=revision, passage=passage, initial=written)
        name = "proposals/amendments/amend.html"
        return render(request, f"{name}#preview" if is_partial(request) else name, context)
    return render(request, "proposals/amendments/amend.html", context, status=422 if posted else 200)


def _instead(
    found: Proposal, receipt: str, person: Person | None, newest: Revision, at: datetime
) -> Shown | None:
    """One's own open suggestion that shall be replaced by the one being written."""
    if not receipt or person is None:
        return None
    mine = Amendment.objects.filter(proposal=found.pk, contribution__author=person, receipt=receipt[:16])
    amendment = mine.with_people().select_related("revision").first()
    if amendment is None or not rules.may_adapt(person, amendment, found, at):
        return None
    return shown(amendment, newest, at)


def _initial(instead: Shown | None) -> dict[str, Any]:
    if instead is None:
        return {}
    old = instead.amendment
    return {"new": old.new, "reason": old.reason, "named": old.named}


def _revision(found: Proposal, newest: Revision, number: str) -> Revision:
    """The version that is worked on: what was written for an older one stays written for it."""
    if number.isascii() and number.isdigit() and len(number) < 6 and int(number) != newest.number:
        return found.revisions.filter(number=int(number)).first() or newest
    return newest


def _passage(query: QueryDict, revision: Revision, instead: Shown | None) -> tuple[Passage | None, bool]:
    """What was chosen or selected; whether something was selected that is not in the source."""
    texts = {name: str(getattr(revision, name)) for name in FIELDS}
    if key := query.get("passage", ""):
        return read_key(key, texts), False
    if instead is not None:
        return Passage(instead.amendment.field, instead.standing.start, instead.standing.end), False
    part = query.get("field", "")
    if part in FIELDS:
        length = query.get("length", "")
        place = selected(
            texts[part],
            query.get("head", "")[:LONGEST_PART],
            query.get("tail", "")[-LONGEST_PART:],
            int(length) if length.isascii() and length.isdigit() and len(length) < 6 else 0,
            query.get("before", "")[-LONGEST_PART:],
        )
        return (Passage(part, *place), False) if place else (None, True)
    return None, False


def _preview(form: AmendForm) -> str:
    return compared(form.old, str(form.data.get("new", "")).replace("\x00", "").strip(), around=None)


def _send(
    found: Proposal,
    revision: Revision,
    form: AmendForm,
    instead: Shown | None,
    person: Person | None,
    answer: Answer,
    at: datetime,
) -> HttpResponse:
    if person is None or not answer:
        payload = form.payload() | {
            "receipt": found.receipt, "title": found.title, "revision": revision.number,
            "instead": instead.amendment.receipt if instead else "",
        }  # fmt: skip
        kept = pending.keep("amend", payload, process=found.process, at=at, person=person, answer=answer)
        return HttpResponseRedirect(reverse("cocreation:waiting", args=[kept.token]))
    stored = revision if revision.pk else found.revisions.get(number=revision.number)
    made = actions.publish_amendment(
        proposal=found, revision=stored, suggestion=form.suggestion(), by=person, at=at,
        instead_of=instead.amendment if instead else None,
    )  # fmt: skip
    return HttpResponseRedirect(f"{made.get_absolute_url()}?new=1")


# --- the list of a proposal ---

STATES = ("open", "decided")


@require_safe
def listing(request: HttpRequest, receipt: str) -> HttpResponse:
    """Everything suggested for a proposal, newest first. `?state=open` or `decided`."""
    person, at = person_of(request), clock.now()
    found = get_proposal(receipt, person, text=True)
    newest = found.newest
    assert newest is not None
    numbers = numbers_of(found)
    state = request.GET.get("state", "")
    rows = listed(found, person)
    if state in STATES:
        rows = rows.undecided() if state == "open" else rows.decided()
    page = keyset(rows, ("-pk",), after=request.GET.get("after"), size=PER_PAGE)
    chosen = f"state={state}&" if state in STATES else ""
    answer = rules.may_amend(person, found, at)
    context = {
        "menu": "proposals",
        "proposal": found,
        "process": found.process,
        "numbers": numbers,
        "items": [shown(each, newest, at) for each in page.items],
        "state": state if state in STATES else "",
        "may_amend": bool(answer) or _waits(answer),
        "refusal": answer if isinstance(answer, No) and not answer.identify else None,
        "writes": hall.writes(person, found),
        "text_lang": _lang(found.language),
        "next_url": f"?{chosen}after={page.next_token}" if page.next_token else "",
        "first_url": f"?{chosen}" if request.GET.get("after") else "",
    }
    return render(request, "proposals/amendments/list.html", context)


# --- one of them ---


def find_amendment(receipt: str, person: Person | None) -> Amendment:
    """The suggestion this person may see, with all its page needs; 404 for everybody else."""
    rows = Amendment.objects.with_people().with_opinions(person)
    rows = rows.select_related(
        "process", "revision", "proposal__contribution", "decision__revision", "supersedes", "replaced_by",
        "poll__by",
    )  # fmt: skip
    found = get_object_or_404(rows.visible_to(person), receipt=receipt)
    found.proposal.process = found.contribution.process = found.process
    found.proposal.contribution.process = found.process
    return found


@dataclass
class Forms:
    """The forms of the writers; a bound one where something was missing."""

    bound: dict[str, Any] = field(default_factory=dict)

    def get(self, name: str, otherwise: Any) -> Any:
        return self.bound.get(name, otherwise)


@require_safe
def amendment(request: HttpRequest, receipt: str) -> HttpResponse:
    """What it says, why, and what became of it. The writers decide here, supporters answer here, everybody talks here."""
    person, at = person_of(request), clock.now()
    return _page(request, find_amendment(receipt, person), person, at, Forms())


def _page(
    request: HttpRequest,
    found: Amendment,
    person: Person | None,
    at: datetime,
    forms: Forms,
    status: int = 200,
) -> HttpResponse:
    proposal = found.proposal
    newest = proposal.newest
    assert newest is not None
    item = shown(found, newest, at, around=40)
    may_decide = rules.may_decide(person, found, proposal, at)
    writes = bool(may_decide) or hall.writes(person, proposal)
    supports, mine = bool(getattr(found, "supports_it", False)), found.my_opinion or ""
    may_answer = rules.may_answer(person, found, at, supports=supports, answered=bool(mine))
    context = {
        "menu": "proposals",
        "amendment": found,
        "item": item,
        "proposal": proposal,
        "process": found.process,
        "newest": newest,
        "text_lang": _lang(newest.language),
        "decision": found.verdict,
        "accepted_text": _accepted_text(found),
        "new": "new" in request.GET,
        "is_author": person is not None and found.contribution.author_id == person.pk,
        "is_gone": not found.is_public,
        "writes": writes,
        "may_decide": may_decide,
        "may_ask": rules.may_ask(person, found, proposal, at) if may_decide else may_decide,
        "may_withdraw": bool(rules.may_withdraw(person, found)),
        "may_adapt": item.conflicts and bool(rules.may_adapt(person, found, proposal, at)),
        "may_moderate": roles_of(person).moderates.covers(found.process),
        "may_answer": may_answer,
        "supports": supports,
        "my_opinion": mine,
        "replaced_by": getattr(found, "replaced_by", None),
        "opinion_form": forms.get("answer", OpinionForm()) if may_answer else None,
        "change_now": compared(item.standing.now, found.new, around=None) if item.standing.is_changed else "",
        **(_deciding(item, forms, at) if may_decide else {"forms": None}),
        "panels": _panels(found, person, at),
    }
    return render(request, "proposals/amendments/amendment.html", context, status=status)


def _deciding(item: Shown, forms: Forms, at: datetime) -> dict[str, Any]:
    found, standing = item.amendment, item.standing
    # Where it does not fit any more, one starts from what stands there now.
    words = found.new if standing.applies else standing.now
    language = found.proposal.language
    return {
        "forms": {
            "accept": forms.get("accept", AcceptForm(wording=None)),
            "reword": forms.get("reword", AcceptForm(wording=words, language=language, text_id="reword_")),
            "decline": forms.get("decline", DeclineForm()),
            "ask": forms.get("ask", AskForm(proposal=found.proposal, at=at)),
        },
        "opened": next(iter(forms.bound), ""),
    }


def _accepted_text(found: Amendment) -> str:
    """What was taken over where it is not what was suggested."""
    decision = found.verdict
    if decision is None or decision.outcome != decision.Outcome.REWORDED:
        return ""
    return compared(found.new, decision.wording, around=None)


def _panels(found: Amendment, person: Person | None, at: datetime) -> list[str]:
    """What rooms below add to any public contribution: the conversation."""
    if not (found.is_public and found.proposal.is_public):
        return []
    drawn: list[str] = []
    for each in sorted(contribution_panels, key=lambda panel: (panel.order, panel.slug)):
        context = each.context(found.contribution, person, at)
        if context is not None:
            drawn.append(render_to_string(each.template, context))
    return drawn


@require_POST
def decide(request: HttpRequest, receipt: str) -> HttpResponse:
    """`act` is accept, reword, decline or ask. What is missing is said beside its field; nothing is lost."""
    person, at = signed_in(request), clock.now()
    found = find_amendment(receipt, person)
    proposal, act = found.proposal, request.POST.get("act", "")
    may = rules.may_ask if act == "ask" else rules.may_decide
    if isinstance(answer := may(person, found, proposal, at), No):
        raise Refused(answer)
    form = _form(act, request.POST, found, at)
    if form is None:
        raise Refused(No(_("Please choose what should happen.")))
    if form.is_valid():
        try:
            return _decided(request, act, form, found, person, at)
        except Overtaken:
            form.add_error(None, _("The text was changed while you were here. Please look at it once more."))
        except Refused as refused:
            if act not in ("accept", "reword") or not rules.may_decide(person, found, proposal, at):
                raise
            form.add_error("wording" if act == "reword" else None, str(refused))
    return _page(request, find_amendment(receipt, person), person, at, Forms({act: form}), status=422)


def _form(act: str, data: QueryDict, found: Amendment, at: datetime) -> Any:
    if act == "accept":
        return AcceptForm(data, wording=None)
    if act == "reword":
        return AcceptForm(data, wording=found.new, language=found.proposal.language, text_id="reword_")
    if act == "decline":
        return DeclineForm(data)
    return AskForm(data, proposal=found.proposal, at=at) if act == "ask" else None


def _decided(
    request: HttpRequest, act: str, form: Any, found: Amendment, person: Person, at: datetime
) -> HttpResponse:
    data = form.cleaned_data
    if act in ("accept", "reword"):
        seen = request.POST.get("seen", "")
        actions.accept_amendment(
            amendment=found, by=person, at=at,
            seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 6 else 0,
            wording=form.words(), reason=data["reason"], is_substantive=data["is_substantive"],
        )  # fmt: skip
        messages.success(request, _("Accepted. The proposal has a new version, and its author was told."))
    elif act == "decline":
        actions.decline_amendment(amendment=found, by=person, at=at, reason=data["reason"])
        messages.success(request, _("Declined. The reason is public, and the author was told."))
    else:
        actions.ask_supporters(amendment=found, by=person, at=at, ends=data["ends"])
        messages.success(request, _("The supporters are asked. You decide when their time is over."))
    return HttpResponseRedirect(found.get_absolute_url())


@require_POST
def answer(request: HttpRequest, receipt: str) -> HttpResponse:
    """A supporter's yes, no or no opinion."""
    person, at = signed_in(request), clock.now()
    found = find_amendment(receipt, person)
    supports, mine = bool(found.supports_it), found.my_opinion or ""
    may = rules.may_answer(person, found, at, supports=supports, answered=bool(mine))
    if isinstance(may, No):
        raise Refused(may)
    form = OpinionForm(request.POST)
    if not form.is_valid():
        return _page(request, found, person, at, Forms({"answer": form}), status=422)
    actions.answer_poll(amendment=found, value=form.cleaned_data["value"], by=person, at=at)
    messages.success(request, _("Thank you. The authors see how many said what, not who."))
    return HttpResponseRedirect(f"{found.get_absolute_url()}#supporters")


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, receipt: str) -> HttpResponse:
    """A page that says what that means, then the act."""
    person, at = signed_in(request), clock.now()
    found = find_amendment(receipt, person)
    if isinstance(may := rules.may_withdraw(person, found), No):
        raise Refused(may)
    if request.method == "POST":
        actions.withdraw_amendment(amendment=found, by=person, at=at)
        messages.success(request, _("Withdrawn. Others no longer see it."))
        return HttpResponseRedirect(reverse("amendments:list", args=[found.proposal.receipt]))
    context = {
        "menu": "proposals",
        "amendment": found,
        "proposal": found.proposal,
        "process": found.process,
        "change": compared(found.old, found.new),
        "text_lang": _lang(found.revision.language),
        "name": name_of(found),
    }
    return render(request, "proposals/amendments/withdraw.html", context)
