"""Pages of conversations: a debate, what is said about a contribution, one comment with its life, and what one may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.request import person_of, signed_in
from cocreation import admission, pending
from cocreation.conversation import actions, rules
from cocreation.conversation.drawing import Frame, all_of, markup, over
from cocreation.conversation.forms import EditForm, ReplyForm, SummaryForm, comment_form, reply_form
from cocreation.conversation.models import Comment, CommentQuerySet, Helpful
from cocreation.conversation.pending_acts import payload_of
from cocreation.conversation.queries import (
    Choice,
    Reader,
    Said,
    Writing,
    by_paragraph,
    gone_words,
    said,
    thread_page,
    threads_of,
    writing_of,
)
from cocreation.conversation.talks import Talk
from cocreation.conversation.text import drawn, quoted
from cocreation.desk import desk_context, staff_required
from cocreation.models import Contribution, Office
from cocreation.querysets import find_process
from cocreation.roles import Roles, roles_of
from groundwork import clock
from groundwork.answer import Answer, No, Refused
from groundwork.html.htmx import is_partial

if TYPE_CHECKING:
    from accounts.models import Person


# --- conversations ---


def find_debate(slug: str, key: str, person: Person | None) -> Talk:
    """The debate of a process this person may see; 404 for everybody else."""
    process = find_process(slug, person)
    phase = next(
        (p for p in process.line if p.key == key and p.method == "debate") if process else iter(()), None
    )
    if phase is None:
        raise Http404
    return Talk(phase=phase)


def find_thing(receipt: str, person: Person | None) -> Talk:
    """What is said about a public contribution, or was about one that lives on in another. Comments have replies, and no conversation of their own."""
    seen = Contribution.objects.visible_to(person).filter(is_public=True, process__published_at__isnull=False)
    on = seen.exclude(kind="comment").select_related("process", "author").filter(receipt=receipt).first()
    if on is None:
        # What lives on in another one keeps what was said about it, to be read.
        kept = Contribution.objects.set_aside().exclude(kind="comment").select_related("process", "author")
        on = get_object_or_404(kept, receipt=receipt)
    return Talk(on=on)


@require_http_methods(["GET", "HEAD", "POST"])
def debate(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The text, the threads and the form. `?stance=for&paragraph=2&order=helpful` choose, `?after=` goes on."""
    return _conversation(request, find_debate(slug, key, person_of(request)))


@require_http_methods(["GET", "HEAD", "POST"])
def on(request: HttpRequest, receipt: str) -> HttpResponse:
    """Everything said about a contribution."""
    return _conversation(request, find_thing(receipt, person_of(request)))


def _conversation(request: HttpRequest, talk: Talk) -> HttpResponse:
    person, at = person_of(request), clock.now()
    writing = writing_of(talk, person, at)
    choice = Choice.read(request.GET, len(talk.paragraphs))
    posted = request.method == "POST"
    form = comment_form(talk, person, writing, request.POST if posted else None, choice.paragraph)
    if posted and form is None:
        raise Refused(_refusal(writing.answer))
    if posted and form is not None and form.is_valid():
        return _publish(request, talk, form, writing, at)
    counts = by_paragraph(talk) if talk.paragraphs else {}
    threads = threads_of(talk, person, at, choice, request.GET.get("after"))
    moderates = roles_of(person).moderates.covers(talk.process)
    context = {
        "menu": "processes",
        "talk": talk,
        "process": talk.process,
        "phase": talk.phase,
        "opts": talk.phase.opts if talk.phase else None,
        "paragraphs": [(n, words, counts.get(n, 0)) for n, words in enumerate(talk.paragraphs, start=1)],
        "threads": threads,
        "over": over(threads, ""),
        "comments": all_of(threads, Frame(talk.url, writing.may, moderates)),
        "writing": writing,
        "form": form,
        "may_summarise": bool(rules.may_summarise(person, talk)),
        "at": at,
    }
    return render(
        request, "cocreation/conversation/conversation.html", context, status=422 if posted else 200
    )


def _publish(
    request: HttpRequest,
    talk: Talk,
    form: ReplyForm,
    writing: Writing,
    at: datetime,
    parent: Comment | None = None,
) -> HttpResponse:
    person = person_of(request)
    if person is None or (writing.waits and form.office() is None):
        kept = pending.keep(
            "comment",
            payload_of(talk, form.payload(), parent),
            process=talk.process,
            at=at,
            person=person,
            answer=writing.answer,
        )
        return _go(request, reverse("cocreation:waiting", args=[kept.token]))
    made = actions.publish_comment(
        talk=talk,
        text=form.said(),
        by=person,
        at=at,
        parent=parent,
        organisation=form.organisation(),
        office=form.office(),
    )
    if made.parent is not None:
        messages.success(request, str(admission.said_after(made.contribution, _("Your reply is published."))))
        return _go(request, f"{made.parent.get_absolute_url()}#c-{made.receipt}")
    published = _("Your comment is published. You can change it for 30 minutes.")
    messages.success(request, str(admission.said_after(made.contribution, published)))
    if made.contribution.held_at:
        return _go(request, made.get_absolute_url())
    at_home = talk.on is not None and "home" in request.POST
    return _go(request, f"{talk.about.url if at_home else talk.url}#c-{made.receipt}")


def _refusal(answer: Answer) -> No:
    return answer if isinstance(answer, No) else No(_("This is not possible now."))


def _go(request: HttpRequest, url: str) -> HttpResponse:
    """A redirect the browser follows as a page, also when htmx asked."""
    if is_partial(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


# --- one comment ---


def find_comment(receipt: str, person: Person | None) -> Comment:
    """A comment this person may see, with all its page needs; 404 for everybody else."""
    return get_object_or_404(_with_all(person).visible_to(person), receipt=receipt)


def _with_all(person: Person | None) -> CommentQuerySet:
    found = Comment.objects.with_people().with_own(person)
    return found.select_related(
        "process", "phase", "on__author", "parent__contribution__author", "parent__office"
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a comment's life."""

    at: datetime
    words: str
    icon: str
    was: str = ""  # the wording this step replaced, as markup


@require_safe
def comment(request: HttpRequest, receipt: str) -> HttpResponse:
    """The page of a receipt: the words, the thread, and what happened to them. It needs no log-in.

    Of a withdrawn, hidden or erased comment it says only that to others, never a word of its text.
    """
    person, at = person_of(request), clock.now()
    found = get_object_or_404(
        _with_all(person).filter(
            contribution__published_at__isnull=False, process__published_at__isnull=False
        ),
        receipt=receipt,
    )
    talk = Talk.of(found)
    readable = found.is_public and talk.is_public()
    if not readable and talk.on is not None and not talk.on.is_public:
        # What is spoken about is gone: whoever may not know of that may not learn of it here.
        found = find_comment(receipt, person)
    allowed = readable or Comment.objects.visible_to(person).filter(pk=found.pk).exists()
    writing = writing_of(talk, person, at)
    shown, after = thread_page(found, talk, person, at, request.GET.get("after"))
    moderates = roles_of(person).moderates.covers(talk.process)
    context = {
        "menu": "processes",
        "talk": talk,
        "process": talk.process,
        "said": shown,
        "thread": markup(shown, Frame(talk.url, writing.may, moderates, whole=True)),
        "comment": found,
        "contribution": found.contribution,
        "kept_words": drawn(found.text) if allowed and not found.is_public else "",
        "kept_lang": found.contribution.language if found.contribution.language != get_language() else "",
        "hiding": found.contribution.hidings.filter(lifted_at=None).first()
        if allowed and found.contribution.hidden_at
        else None,
        "steps": _life(found) if allowed else _end(found),
        "writing": writing,
        "form": reply_form(person, writing) if found.is_public else None,
        "form_url": reverse("conversation:reply", args=[receipt]),
        "may_withdraw": bool(rules.may_withdraw(person, found)),
        "next_url": f"?after={after}" if after else "",
        "first_url": request.path if request.GET.get("after") else "",
    }
    return render(request, "cocreation/conversation/comment_page.html", context)


def _life(found: Comment) -> list[Step]:
    """Written, changed (with what stood there before), and what ended it. One query."""
    contribution = found.contribution
    steps, before = [], ""
    for revision in found.revisions.order_by("number"):
        if revision.number == 1:
            steps.append(Step(revision.at, _("Written"), "pencil-line"))
        else:
            steps.append(Step(revision.at, _("Changed by the author"), "history", before))
        before = drawn(revision.text)
    if not steps:
        steps.append(Step(contribution.created_at, _("Written"), "pencil-line"))
    if found.pinned_at:
        steps.append(Step(found.pinned_at, _("Put on top by the city"), "arrow-up"))
    return sorted([*steps, *_end(found)], key=lambda step: step.at)


def _end(found: Comment) -> list[Step]:
    contribution = found.contribution
    ended = (
        contribution.erased_at or contribution.withdrawn_at or contribution.hidden_at or contribution.held_at
    )
    if ended is None:
        return []
    return [
        Step(
            ended,
            gone_words(contribution),
            "undo-2" if contribution.erased_at or contribution.withdrawn_at else "eye-off",
        )
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, receipt: str) -> HttpResponse:
    """Answer a comment; `?quote=1` starts with its words. htmx gets the form alone and puts it under the comment."""
    person, at = person_of(request), clock.now()
    found = find_comment(receipt, person)
    talk = Talk.of(found)
    writing = writing_of(talk, person, at)
    posted = request.method == "POST"
    if not found.is_public or not writing.may:
        answer = rules.may_reply(person, talk, found, at)
        raise Refused(_refusal(answer))
    quotation = quoted(found.text) if "quote" in request.GET else ""
    form = reply_form(person, writing, request.POST if posted else None, quotation)
    assert form is not None
    if posted and form.is_valid():
        return _publish(request, talk, form, writing, at, parent=found)
    if is_partial(request):
        form.fields["text"].widget.attrs["autofocus"] = True  # htmx goes there
        form.auto_id = f"id_{receipt}_%s"  # the page has a form of its own already
    context = {
        "menu": "processes",
        "talk": talk,
        "process": talk.process,
        "comment": found,
        "said": said(found, Reader(person, at, talk)),
        "form": form,
        "form_url": request.path,
        "writing": writing,
    }
    name = "cocreation/conversation/reply.html"
    return render(
        request, f"{name}#form" if is_partial(request) else name, context, status=422 if posted else 200
    )


def _mine(request: HttpRequest, receipt: str) -> tuple[Person, Comment]:
    person = signed_in(request)
    return person, find_comment(receipt, person)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, receipt: str) -> HttpResponse:
    person, found = _mine(request, receipt)
    at, talk = clock.now(), Talk.of(found)
    if isinstance(answer := rules.may_edit(person, found, talk, at), No):
        raise Refused(answer)
    posted = request.method == "POST"
    form = EditForm(request.POST if posted else None, initial={"text": found.text}, label_suffix="")
    form.fields["text"].widget.attrs["lang"] = found.contribution.language
    if posted and form.is_valid():
        actions.edit_comment(comment=found, text=form.cleaned_data["text"], by=person, at=at)
        messages.success(request, _("Changed. The earlier words stay readable."))
        return HttpResponseRedirect(found.get_absolute_url())
    context = {
        "menu": "processes",
        "comment": found,
        "talk": talk,
        "process": talk.process,
        "form": form,
        "until": found.contribution.created_at + rules.WINDOW,
    }
    return render(request, "cocreation/conversation/edit.html", context, status=422 if posted else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, receipt: str) -> HttpResponse:
    """A page that says what that means, then the act."""
    person, found = _mine(request, receipt)
    if isinstance(answer := rules.may_withdraw(person, found), No):
        raise Refused(answer)
    if request.method == "POST":
        actions.withdraw_comment(comment=found, by=person, at=clock.now())
        messages.success(request, _("Withdrawn. Others no longer see it."))
        return HttpResponseRedirect(found.get_absolute_url())
    talk = Talk.of(found)
    context = {
        "menu": "processes",
        "comment": found,
        "talk": talk,
        "process": talk.process,
        "words": drawn(found.text),
        "replies": found.replies.filter(is_public=True).count(),
    }
    return render(request, "cocreation/conversation/withdraw.html", context)


@require_POST
def helpful(request: HttpRequest, receipt: str) -> HttpResponse:
    """Find it helpful, or with `stop` no longer; a visitor's wish is kept until they have said who they are."""
    person, at = person_of(request), clock.now()
    found = find_comment(receipt, person)
    talk = Talk.of(found)
    answer = rules.may_find_helpful(person, found, talk, at)
    if isinstance(answer, No):
        if answer.identify:
            kept = pending.keep(
                "rate", {"comment": receipt}, process=talk.process, at=at, person=person, answer=answer
            )
            return _go(request, reverse("cocreation:waiting", args=[kept.token]))
        raise Refused(answer)
    assert person is not None
    if request.POST.get("stop"):
        actions.take_back_helpful(comment=found, by=person, at=at)
    elif not Helpful.objects.filter(comment=found, person=person).exists():
        actions.find_helpful(comment=found, by=person, at=at)
    if not is_partial(request):
        return HttpResponseRedirect(f"{found.get_absolute_url()}#c-{receipt}")
    found = find_comment(receipt, person)
    shown: Said = said(found, Reader.of(talk, person, at))
    return render(request, "cocreation/conversation/helpful.html", {"said": shown})


@require_POST
def pin(request: HttpRequest, receipt: str) -> HttpResponse:
    """The office puts its reply on top, or with `stop` lets it go back."""
    person, found = _mine(request, receipt)
    actions.pin_comment(comment=found, by=person, at=clock.now(), pinned=not request.POST.get("stop"))
    talk = Talk.of(found)
    there = found.parent.get_absolute_url() if found.parent else talk.url
    return HttpResponseRedirect(f"{there}#c-{receipt}")


# --- summary and conclusion ---


def may_lead(roles: Roles) -> bool:
    return roles.may_moderate or bool(roles.offices) or "facilitator" in roles.names


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_lead)
def summary(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    return _summary(request, find_debate(slug, key, person_of(request)))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_lead)
def summary_on(request: HttpRequest, receipt: str) -> HttpResponse:
    return _summary(request, find_thing(receipt, person_of(request)))


def _summary(request: HttpRequest, talk: Talk) -> HttpResponse:
    """Write a summary in both languages, or the conclusion. The newest one is the starting point."""
    person, at = signed_in(request), clock.now()
    if isinstance(answer := rules.may_summarise(person, talk), No):
        raise Refused(answer)
    posted = request.method == "POST"
    roles = roles_of(person)
    offices = [office for office in Office.objects.all() if roles.acts_for(office)]
    last = next((each for each in talk.summaries if not each.closes), None)
    initial = {f"text_{code}": getattr(last, f"text_{code}") for code in ("de", "en")} if last else {}
    form = SummaryForm(
        request.POST if posted else None, offices=offices, may_close=talk.conclusion is None, initial=initial
    )
    if posted and form.is_valid():
        data = form.cleaned_data
        actions.summarise(
            talk=talk,
            text={code: data[f"text_{code}"] for code in ("de", "en")},
            by=person,
            at=at,
            closes=bool(data.get("closes")),
            office=form.offices.get(data.get("office") or ""),
        )
        messages.success(request, _("It stands on top of the conversation now."))
        return HttpResponseRedirect(f"{talk.url}#talk")
    context = desk_context(request) | {
        "talk": talk,
        "process": talk.process,
        "form": form,
        "threads": threads_of(talk, person, at, Choice(order="helpful"), size=5),
    }
    return render(request, "cocreation/conversation/summary.html", context, status=422 if posted else 200)
