"""Conversations: what was said about a contribution or in a debate; saying something, replying, changing and taking back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from rest_framework import serializers

from accounts.models import Organisation
from cocreation.api import process_named
from cocreation.conversation import actions, rules
from cocreation.conversation.forms import EditForm, ReplyForm, comment_form, reply_form
from cocreation.conversation.models import Comment, CommentQuerySet, Stance
from cocreation.conversation.queries import gone_words, who, writing_of
from cocreation.conversation.talks import Talk
from cocreation.models import Contribution, Office
from groundwork.answer import No, Refused, require
from groundwork.webapi.bodies import Body
from groundwork.webapi.lists import Filter, Listing
from groundwork.webapi.shown import Shown, moment, words
from groundwork.webapi.view import Asked, Endpoint, Made, lists, reads, writes


class CommentOut(Shown):
    """What is gone says why, and never a word of what it said."""

    receipt = words("Its number.")
    url = words("The page for people.", source="get_absolute_url")
    about = words(
        "Number of the contribution it is about; null in a debate.",
        source="on.receipt",
        default=None,
        allow_null=True,
    )
    phase = words("Key of the debate; null elsewhere.", source="phase.key", default=None, allow_null=True)
    reply_to = words(
        "Number of the comment it answers.", source="parent.receipt", default=None, allow_null=True
    )
    stance = serializers.ChoiceField(choices=[("", ""), *Stance.choices])
    paragraph = serializers.IntegerField(allow_null=True)
    text = serializers.SerializerMethodField(help_text="Null where it is gone.")
    gone = serializers.SerializerMethodField(help_text="Why its words are not shown; null where they are.")
    author = serializers.SerializerMethodField(help_text="As on the page; null where it is gone.")
    office = words("Slug, where an office speaks.", source="office.slug", default=None, allow_null=True)
    language = words(source="contribution.language")
    at = moment(source="contribution.created_at")
    edited_at = moment(allow_null=True)
    helpful = serializers.IntegerField(help_text="How many find it helpful.")
    is_helpful_to_me = serializers.SerializerMethodField(help_text="Null for visitors.")

    def get_text(self, found: Comment) -> str | None:
        return found.text if self._shown(found) else None

    def get_gone(self, found: Comment) -> str | None:
        return None if found.is_public else gone_words(found.contribution)

    def get_author(self, found: Comment) -> str | None:
        return who(found)[0] if self._shown(found) else None

    def get_is_helpful_to_me(self, found: Comment) -> bool | None:
        return bool(found.is_helpful_to_me) if self.asked.person is not None else None  # type: ignore[attr-defined]

    def _shown(self, found: Comment) -> bool:
        """Others read why it is gone; its author still reads their own words."""
        person, author = self.asked.person, found.contribution.author_id
        own = person is not None and author == person.pk and found.contribution.erased_at is None
        return found.is_public or own


def comments_for(person: Any) -> CommentQuerySet:
    found = Comment.objects.with_people().with_own(person)
    return found.select_related("process", "phase", "on__process", "on__author", "parent")


def find_thing(receipt: str, person: Any) -> Talk:
    """What is said about a public contribution. Comments have replies, and no conversation of their own."""
    seen = Contribution.objects.visible_to(person).filter(is_public=True, process__published_at__isnull=False)
    on = seen.exclude(kind="comment").select_related("process", "author").filter(receipt=receipt).first()
    if on is None:
        kept = Contribution.objects.set_aside().exclude(kind="comment").select_related("process", "author")
        on = get_object_or_404(kept, receipt=receipt)
    return Talk(on=on)


def find_debate(slug: str, key: str, person: Any) -> Talk:
    process = process_named(slug, person)
    phase = next((each for each in process.line if each.key == key and each.method == "debate"), None)
    if phase is None:
        raise Http404
    phase.process = process
    return Talk(phase=phase)


def find_comment(receipt: str, person: Any) -> Comment:
    return get_object_or_404(comments_for(person).visible_to(person), receipt=receipt)


LISTING = Listing(
    {"newest": ("-pk",), "oldest": ("pk",), "helpful": ("-helpful", "-pk")},
    {
        "stance": Filter("stance", "Only these.", Stance.values),
        "replies_to": Filter("parent__receipt", "Replies to this comment."),
    },
)


def _voice(name: str) -> str:
    """`office:parks` or `organisation:gaertnerei-pohl` as the form knows it."""
    kind, _colon, slug = name.partition(":")
    model: Any = {"office": Office, "organisation": Organisation}.get(kind)
    found = (
        model.objects.filter(slug=slug).values_list("pk", flat=True).first()
        if model and "\x00" not in slug
        else None
    )
    return f"{kind}-{found or 0}"


def _body(**more: forms.Field) -> Body:
    return Body(
        ReplyForm, names={"voice": _voice}, more={"voice": forms.CharField(max_length=90, required=False), **more}, optional=("language",),
        about={"voice": "`office:slug` or `organisation:slug`, where you write for one.", "paragraph": "Of the text of a debate, from 1."},
        example={"text": "Gute Idee.", "language": "de"},
    )  # fmt: skip


REPLY = _body()
SAY = _body(
    stance=forms.ChoiceField(
        choices=[("", ""), *Stance.choices], required=False, label="for, against or a question"
    ),
    paragraph=forms.IntegerField(required=False, min_value=1, max_value=999),
)


def _say(asked: Asked, talk: Talk, parent: Comment | None = None) -> Made:
    person, body = asked.person, SAY if parent is None else REPLY
    writing = writing_of(talk, person, asked.at)
    sent = {"language": asked.language, **asked.sent} if isinstance(asked.sent, dict) else asked.sent
    data: Any = body.read(sent)
    paragraph = sent.get("paragraph")
    form: Any = (
        comment_form(talk, person, writing, data, paragraph)
        if parent is None
        else reply_form(person, writing, data)
    )
    if form is None:
        raise Refused(writing.answer if isinstance(writing.answer, No) else No(""))
    body.check(form, sent)
    if not writing.answer and form.office() is None:
        require(writing.answer)
    made = actions.publish_comment(
        talk=talk,
        text=form.said(),
        by=person,
        at=asked.at,
        parent=parent,
        organisation=form.organisation(),
        office=form.office(),
    )
    return Made(find_comment(made.receipt, person), f"/api/v1/comments/{made.receipt}")


class About(Endpoint):
    tag = "conversations"

    @lists(CommentOut, id="listComments", words="What is said about a contribution", listing=LISTING)
    def get(self, asked: Asked, receipt: str) -> CommentQuerySet:
        talk = find_thing(receipt, asked.person)
        return comments_for(asked.person).filter(**talk.key, is_public=True)

    @writes(CommentOut, id="comment", words="Say something about it", body=SAY, status=201)
    def post(self, asked: Asked, receipt: str) -> Made:
        return _say(asked, find_thing(receipt, asked.person))


class Debate(Endpoint):
    tag = "conversations"

    @lists(CommentOut, id="listDebate", words="What is said in a debate", listing=LISTING)
    def get(self, asked: Asked, slug: str, key: str) -> CommentQuerySet:
        talk = find_debate(slug, key, asked.person)
        return comments_for(asked.person).filter(**talk.key, is_public=True)

    @writes(CommentOut, id="commentInDebate", words="Say something in a debate", body=SAY, status=201)
    def post(self, asked: Asked, slug: str, key: str) -> Made:
        return _say(asked, find_debate(slug, key, asked.person))


EDIT = Body(EditForm, example={"text": "Sehr gute Idee."})


class OneComment(Endpoint):
    tag = "conversations"

    @reads(CommentOut, id="readComment", words="One comment")
    def get(self, asked: Asked, receipt: str) -> Comment:
        return find_comment(receipt, asked.person)

    @writes(CommentOut, id="editComment", words="Change its words", body=EDIT)
    def patch(self, asked: Asked, receipt: str) -> Comment:
        """One's own, for half an hour. The old words stay readable."""
        found = find_comment(receipt, asked.person)
        require(rules.may_edit(asked.person, found, Talk.of(found), asked.at))
        form = EditForm(EDIT.read(asked.sent))
        EDIT.check(form, asked.sent)
        actions.edit_comment(comment=found, text=form.cleaned_data["text"], by=asked.person, at=asked.at)
        return find_comment(receipt, asked.person)


class Replies(Endpoint):
    tag = "conversations"

    @writes(CommentOut, id="reply", words="Reply to a comment", body=REPLY, status=201)
    def post(self, asked: Asked, receipt: str) -> Made:
        parent = find_comment(receipt, asked.person)
        return _say(asked, Talk.of(parent), parent)


class Withdrawal(Endpoint):
    tag = "conversations"

    @writes(CommentOut, id="withdrawComment", words="Take a comment back")
    def post(self, asked: Asked, receipt: str) -> Comment:
        """Replies stay, under the note that it was withdrawn."""
        actions.withdraw_comment(comment=find_comment(receipt, asked.person), by=asked.person, at=asked.at)
        return find_comment(receipt, asked.person)


class HelpfulOut(Shown):
    helpful = serializers.IntegerField()


class Helpful(Endpoint):
    tag = "conversations"

    @writes(HelpfulOut, id="findHelpful", words="Say that it helps")
    def put(self, asked: Asked, receipt: str) -> dict[str, int]:
        found = find_comment(receipt, asked.person)
        return {"helpful": actions.find_helpful(comment=found, by=asked.person, at=asked.at)}

    @writes(HelpfulOut, id="takeBackHelpful", words="Take that back")
    def delete(self, asked: Asked, receipt: str) -> dict[str, int]:
        found = find_comment(receipt, asked.person)
        return {"helpful": actions.take_back_helpful(comment=found, by=asked.person, at=asked.at)}


urlpatterns = [
    path("contributions/<str:receipt>/comments", About.as_view(), name="comments"),
    path("processes/<slug:slug>/phases/<slug:key>/comments", Debate.as_view(), name="debate"),
    path("comments/<str:receipt>", OneComment.as_view(), name="comment"),
    path("comments/<str:receipt>/replies", Replies.as_view(), name="replies"),
    path("comments/<str:receipt>/withdrawal", Withdrawal.as_view(), name="comment_withdrawal"),
    path("comments/<str:receipt>/helpful", Helpful.as_view(), name="helpful"),
]
