"""Suggested changes: reading, suggesting, deciding, taking back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from groundwork.answer import No, Refused, require
from groundwork.webapi.bodies import Body
from groundwork.webapi.lists import Filter, Listing
from groundwork.webapi.problems import invalid
from groundwork.webapi.shown import Shown, moment, shows, words
from groundwork.webapi.view import Asked, Endpoint, Made, lists, reads, writes
from proposals.actions import Overtaken
from proposals.amendments import actions, rules
from proposals.amendments.forms import AcceptForm, AmendForm, DeclineForm
from proposals.amendments.models import Amendment, AmendmentQuerySet, Decision, TextField
from proposals.amendments.passages import FIELDS, read_key
from proposals.api import find_proposal, overtaken_by


class DecisionOut(Shown):
    outcome = serializers.ChoiceField(choices=Decision.Outcome.choices)
    at = moment()
    reason = words()
    wording = words("How it was taken over, where it reads differently.")
    revision = serializers.IntegerField(source="revision.number", default=None, allow_null=True)


class AmendmentOut(Shown):
    receipt = words("Its number, for life.")
    url = words("The page for people.", source="get_absolute_url")
    proposal = words("Number of the proposal.", source="proposal.receipt")
    revision = serializers.IntegerField(source="revision.number", help_text="The version it was written for.")
    field = serializers.ChoiceField(choices=TextField.choices)
    start = serializers.IntegerField(help_text="The passage is `field[start:end]` of that version.")
    end = serializers.IntegerField()
    old = words()
    new = words()
    reason = words()
    author = words(
        "Public name of whoever suggested it; null where they are gone.",
        source="contribution.author.public_name",
        default=None,
        allow_null=True,
    )
    state = serializers.SerializerMethodField()
    at = moment(source="contribution.created_at")
    decision = serializers.SerializerMethodField()

    def get_state(self, found: Amendment) -> str:
        return found.state(self.asked.at)

    @shows(DecisionOut)
    def get_decision(self, found: Amendment) -> dict[str, Any] | None:
        verdict = found.verdict
        return dict(DecisionOut(verdict, context=self.context).data) if verdict is not None else None


def amendments_for(person: Any) -> AmendmentQuerySet:
    rows = Amendment.objects.with_people().with_opinions(person).visible_to(person)
    return rows.select_related(
        "process", "revision", "proposal__contribution", "proposal__process", "decision__revision", "poll"
    )


def find_amendment(receipt: str, person: Any) -> Amendment:
    found = get_object_or_404(amendments_for(person), receipt=receipt)
    found.proposal.process = found.contribution.process = found.process
    found.proposal.contribution.process = found.process
    return found


LISTING = Listing(
    {"newest": ("-pk",), "oldest": ("pk",)},
    {
        "state": Filter(
            lambda rows, value: rows.undecided() if value == "open" else rows.decided(),
            "Only these.",
            ("open", "decided"),
        )
    },
)
SUGGESTION = Body(
    AmendForm,
    more={"passage": forms.CharField(max_length=40), "revision": forms.IntegerField(required=False, min_value=1)},
    about={
        "passage": "field-start-end: `body-0-120` is the first 120 signs of the body.",
        "revision": "The version you read; the newest where you leave it out.",
    },
    example={"passage": "summary-0-11", "new": "Vier Bäume.", "reason": "Es ist Platz für vier.", "named": True},
)  # fmt: skip


class Amendments(Endpoint):
    tag = "amendments"

    @lists(AmendmentOut, id="listAmendments", words="Suggested changes", listing=LISTING)
    def get(self, asked: Asked, receipt: str) -> AmendmentQuerySet:
        return amendments_for(asked.person).filter(proposal=find_proposal(receipt, asked.person))

    @writes(AmendmentOut, id="amend", words="Suggest another wording", body=SUGGESTION, status=201)
    def post(self, asked: Asked, receipt: str) -> Made:
        """For one passage of its text, with the reason. Its writers decide."""
        found = find_proposal(receipt, asked.person)
        require(rules.may_amend(asked.person, found, asked.at))
        data = SUGGESTION.read(asked.sent)
        number = asked.sent.get("revision")
        revision = (
            found.revisions.filter(number=number).first()
            if number
            else found.revisions.order_by("-number").first()
        )
        if revision is None:
            raise invalid({"revision": [_("There is no such version.")]})
        passage = read_key(data.get("passage", ""), {name: str(getattr(revision, name)) for name in FIELDS})
        if passage is None:
            raise invalid({"passage": [_("The text has no such passage.")]})
        form = AmendForm(data, revision=revision, passage=passage)
        SUGGESTION.check(form, asked.sent, besides=("passage", "revision"))
        made = actions.publish_amendment(
            proposal=found, revision=revision, suggestion=form.suggestion(), by=asked.person, at=asked.at
        )
        return Made(find_amendment(made.receipt, asked.person), f"/api/v1/amendments/{made.receipt}")


class OneAmendment(Endpoint):
    tag = "amendments"

    @reads(AmendmentOut, id="readAmendment", words="One suggested change")
    def get(self, asked: Asked, receipt: str) -> Amendment:
        return find_amendment(receipt, asked.person)


VERDICT = Body(
    more={
        "act": forms.ChoiceField(choices=[("accept", "accept"), ("reword", "reword"), ("decline", "decline")]),
        "seen": forms.IntegerField(required=False, min_value=1),
        "wording": forms.CharField(max_length=5000, required=False), "reason": forms.CharField(max_length=1000, required=False),
        "is_substantive": forms.BooleanField(required=False),
    },
    about={
        "act": "Take it over as it is, or with another wording, or leave the text.", "seen": "Number of the newest version you have read: needed to take it over.",
        "wording": "How it shall read, to reword.", "reason": "A word to whoever suggested it; needed to decline.",
        "is_substantive": "It changes what is asked for: supporters are asked again.",
    },
    example={"act": "accept", "seen": 1},
)  # fmt: skip


class Deciding(Endpoint):
    tag = "amendments"

    @writes(AmendmentOut, id="decideAmendment", words="Accept or decline it", body=VERDICT)
    def post(self, asked: Asked, receipt: str) -> Amendment:
        """By the writers of the proposal, once."""
        found = find_amendment(receipt, asked.person)
        require(rules.may_decide(asked.person, found, found.proposal, asked.at))
        data, act = VERDICT.read(asked.sent), asked.sent.get("act")
        besides = ("act", "seen")
        if act == "decline":
            refusal = DeclineForm(data)
            VERDICT.check(refusal, asked.sent, besides=besides)
            actions.decline_amendment(
                amendment=found, by=asked.person, at=asked.at, reason=refusal.cleaned_data["reason"]
            )
        elif act in ("accept", "reword"):
            form = AcceptForm(data, wording=found.new if act == "reword" else None)
            VERDICT.check(form, asked.sent, besides=besides)
            try:
                actions.accept_amendment(
                    amendment=found, by=asked.person, at=asked.at, seen=asked.sent.get("seen") or 0, wording=form.words(),
                    reason=form.cleaned_data["reason"], is_substantive=form.cleaned_data["is_substantive"],
                )  # fmt: skip
            except Overtaken as overtaken:
                raise overtaken_by(overtaken.newest.number) from None
        else:
            raise Refused(No(_("Please choose what should happen.")))
        return find_amendment(receipt, asked.person)


class Withdrawal(Endpoint):
    tag = "amendments"

    @writes(AmendmentOut, id="withdrawAmendment", words="Take it back")
    def post(self, asked: Asked, receipt: str) -> Amendment:
        """By whoever suggested it, while nobody has decided."""
        found = find_amendment(receipt, asked.person)
        require(rules.may_withdraw(asked.person, found))
        actions.withdraw_amendment(amendment=found, by=asked.person, at=asked.at)
        return find_amendment(receipt, asked.person)


urlpatterns = [
    path("proposals/<str:receipt>/amendments", Amendments.as_view(), name="amendments"),
    path("amendments/<str:receipt>", OneAmendment.as_view(), name="amendment"),
    path("amendments/<str:receipt>/decision", Deciding.as_view(), name="amendment_decision"),
    path("amendments/<str:receipt>/withdrawal", Withdrawal.as_view(), name="amendment_withdrawal"),
]
