"""What comes back: official answers and commitments, with the acts of the offices."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.urls import path
from rest_framework import serializers

from cocreation.desk import door
from cocreation.models import Office
from cocreation.roles import may_change_work, may_read_work, roles_of
from feedback import actions, rules
from feedback.forms import STEPS, AnswerForm, DelayForm, DeliverForm, EvaluateForm, SpentForm, day_field
from feedback.models import Commitment, Delay, Milestone, OfficialAnswer, ReasonCode, State, day_of
from feedback.publishing import publish, typed
from groundwork import clock
from groundwork.answer import require
from groundwork.webapi.bodies import Body, by_slug
from groundwork.webapi.lists import Filter, Listing
from groundwork.webapi.problems import invalid
from groundwork.webapi.scopes import OFFICE
from groundwork.webapi.shown import Shown, both, moment, shows, words
from groundwork.webapi.view import Asked, Endpoint, lists, reads, writes
from proposals.api import find_proposal


class AnswerOut(Shown):
    id = serializers.IntegerField(source="pk")
    url = words("The page for people.", source="get_absolute_url")
    contribution = words("Number of what is answered.", source="contribution.receipt")
    process = words("Slug.", source="process.slug")
    office = words("Slug.", source="office.slug")
    status = serializers.ChoiceField(choices=OfficialAnswer.Status.choices)
    reason_code = serializers.ChoiceField(choices=[("", ""), *ReasonCode.choices])
    reason = serializers.SerializerMethodField()
    link = words()
    next_date = serializers.DateField(allow_null=True)
    at = moment(source="published_at")

    def get_reason(self, found: OfficialAnswer) -> str:
        return both(found, "reason")


class StepOut(Shown):
    number = serializers.IntegerField(source="pk")
    name = serializers.SerializerMethodField()
    due = serializers.DateField()
    done_at = moment(allow_null=True)

    def get_name(self, found: Milestone) -> str:
        return both(found, "name")


class DelayOut(Shown):
    old_due = serializers.DateField()
    new_due = serializers.DateField()
    reason = serializers.SerializerMethodField()
    at = moment()

    def get_reason(self, found: Delay) -> str:
        return both(found, "reason")


class CommitmentOut(Shown):
    id = serializers.IntegerField(source="pk")
    url = words("The page for people.", source="get_absolute_url")
    contribution = words(
        "Number of what it comes from.", source="contribution.receipt", default=None, allow_null=True
    )
    process = words("Slug.", source="process.slug")
    office = words("Slug.", source="office.slug")
    title = serializers.SerializerMethodField()
    text = serializers.SerializerMethodField(help_text="How it stands.")
    state = serializers.SerializerMethodField()
    budget = serializers.DecimalField(14, 2, allow_null=True)
    spent = serializers.DecimalField(14, 2)
    due = serializers.DateField()
    first_due = serializers.DateField(help_text="What was promised first.")
    promised_at = moment()
    started_at = moment(allow_null=True)
    delivered_at = moment(allow_null=True)
    evaluated_at = moment(allow_null=True)
    steps = StepOut(many=True)
    delays = serializers.SerializerMethodField(help_text="Oldest first.")

    def get_title(self, found: Commitment) -> str:
        return both(found, "title")

    def get_text(self, found: Commitment) -> str:
        return both(found, "text")

    def get_state(self, found: Commitment) -> str:
        return str(found.state(self.asked.at))

    @shows(DelayOut, many=True)
    def get_delays(self, found: Commitment) -> list[dict[str, Any]]:
        rows = sorted(found.delays.all(), key=lambda each: (each.at, each.pk))
        return list(DelayOut(rows, many=True, context=self.context).data)


class GivenOut(Shown):
    is_published = serializers.BooleanField(help_text="False: a colleague reads it first.")
    answer = AnswerOut(allow_null=True)
    commitment = CommitmentOut(allow_null=True)


# --- answers ---


def answers_for(person: Any) -> Any:
    return OfficialAnswer.objects.visible_to(person).select_related("contribution", "process", "office")


class Answers(Endpoint):
    tag = "answers"

    @lists(
        AnswerOut, id="listAnswers", words="Official answers",
        listing=Listing(
            {"newest": ("-pk",), "oldest": ("pk",)},
            {
                "process": Filter("process__slug", "Slug of the process."),
                "office": Filter("office__slug", "Slug of the office."),
                "contribution": Filter("contribution__receipt", "Number of what is answered."),
                "status": Filter("status", "What the city says.", OfficialAnswer.Status.values),
            },
        ),
    )  # fmt: skip
    def get(self, asked: Asked) -> Any:
        return answers_for(asked.person)


class OneAnswer(Endpoint):
    tag = "answers"

    @reads(AnswerOut, id="readAnswer", words="One answer")
    def get(self, asked: Asked, pk: int) -> OfficialAnswer:
        found: OfficialAnswer = get_object_or_404(answers_for(asked.person), pk=pk)
        return found


def _steps() -> dict[str, forms.Field]:
    found: dict[str, forms.Field] = {}
    for number in range(1, STEPS + 1):
        found |= {
            f"step{number}_de": forms.CharField(max_length=80, required=False),
            f"step{number}_en": forms.CharField(max_length=80, required=False),
            f"step{number}_due": day_field(required=False),
        }
    return found


ANSWER = Body(
    AnswerForm, names={"office": by_slug(Office)}, optional=("office",),
    more={"reason_code": forms.ChoiceField(choices=[("", ""), *ReasonCode.choices], required=False), **_steps()},
    about={"office": "Slug of the office that answers; your first one where you leave it out.", "reason_code": "In one word, for the statistics."},
    example={"status": "accepted", "reason_code": "doable", "reason_de": "Wir bauen es."},
)  # fmt: skip


class AnswerProposal(Endpoint):
    tag = "answers"

    @writes(GivenOut, id="answer", words="Answer a proposal", scope=OFFICE, body=ANSWER, status=201)
    def post(self, asked: Asked, receipt: str) -> dict[str, Any]:
        """And promise it, where `promise` is true. Where the process asks for two, a colleague reads it first."""
        found, person = find_proposal(receipt, asked.person), asked.person
        require(door(roles_of(person), lambda roles: roles.may_read_work))
        require(may_read_work(person, found.process))
        require(may_change_work(person))
        data = ANSWER.read(asked.sent)
        if (usual := AnswerForm(person, found).initial["office"]) is not None:
            data.setdefault("office", str(usual))
        form = AnswerForm(person, found, data)
        ANSWER.check(form, asked.sent)
        chosen = form.cleaned_data["office"]
        require(rules.may_answer(person, found.contribution, chosen, asked.at))
        draft = actions.save_draft(
            process=found.process,
            contribution=found.contribution,
            office=chosen,
            content=typed(form, data),
            by=person,
            at=asked.at,
        )
        if rules.needs_reader(person, found.process, chosen, asked.at):
            actions.hand_in(draft=draft, by=person, at=asked.at)
            return {"is_published": False, "answer": None, "commitment": None}
        try:
            publish(draft, form, person)
        except ValidationError as error:
            raise invalid({"": error.messages}) from None
        promised = commitments_for(person).filter(contribution=found.pk).order_by("-pk").first()
        return {
            "is_published": True, "answer": answers_for(person).filter(contribution=found.pk).order_by("-pk").first(),
            "commitment": promised if form.cleaned_data["promise"] else None,
        }  # fmt: skip


# --- commitments ---


def commitments_for(person: Any) -> Any:
    found = Commitment.objects.visible_to(person).select_related("contribution", "process", "office")
    return found.prefetch_related("milestones", "delays")


def find_commitment(pk: int, person: Any) -> Commitment:
    found: Commitment = get_object_or_404(commitments_for(person), pk=pk)
    return found


class Commitments(Endpoint):
    tag = "commitments"

    @lists(
        CommitmentOut, id="listCommitments", words="Commitments",
        listing=Listing(
            {"newest": ("-pk",), "moved": ("-moved_at", "-pk"), "due": ("due", "pk")},
            {
                "process": Filter("process__slug", "Slug of the process."),
                "office": Filter("office__slug", "Slug of the office."),
                "contribution": Filter("contribution__receipt", "Number of what it comes from."),
                "state": Filter(lambda rows, value: rows.in_state(value, _today()), "How it stands.", State.values),
            },
        ),
    )  # fmt: skip
    def get(self, asked: Asked) -> Any:
        return commitments_for(asked.person)


def _today() -> Any:
    return day_of(clock.now())


class OneCommitment(Endpoint):
    tag = "commitments"

    @reads(CommitmentOut, id="readCommitment", words="One commitment")
    def get(self, asked: Asked, pk: int) -> Commitment:
        return find_commitment(pk, asked.person)


def _mine(pk: int, asked: Asked) -> Commitment:
    """A commitment of an office this person speaks for."""
    found = find_commitment(pk, asked.person)
    require(door(roles_of(asked.person), lambda roles: roles.may_assess))
    require(rules.may_manage(asked.person, found))
    return found


class Start(Endpoint):
    tag = "commitments"

    @writes(CommitmentOut, id="startCommitment", words="Work has begun", scope=OFFICE)
    def post(self, asked: Asked, pk: int) -> Commitment:
        actions.start(commitment=_mine(pk, asked), by=asked.person, at=asked.at)
        return find_commitment(pk, asked.person)


SPENT = Body(SpentForm, example={"spent": "800"})


class StepDone(Endpoint):
    tag = "commitments"

    @writes(CommitmentOut, id="completeStep", words="A step is done", scope=OFFICE, body=SPENT)
    def post(self, asked: Asked, pk: int, number: int) -> Commitment:
        found = _mine(pk, asked)
        step = get_object_or_404(Milestone, commitment=found, pk=number)
        form = SpentForm(SPENT.read(asked.sent))
        SPENT.check(form, asked.sent)
        actions.complete_milestone(
            milestone=step, by=asked.person, at=asked.at, spent=form.cleaned_data["spent"]
        )
        return find_commitment(pk, asked.person)


DELAY = Body(
    DelayForm, prefix="delay", example={"new_due": "2028-03-01", "reason_de": "Die Bänke kommen später."}
)


class Delays(Endpoint):
    tag = "commitments"

    @writes(CommitmentOut, id="delayCommitment", words="It takes longer", scope=OFFICE, body=DELAY)
    def post(self, asked: Asked, pk: int) -> Commitment:
        """A new date and the reason, both public; the old date stays beside it."""
        found = _mine(pk, asked)
        form = DelayForm(DELAY.read(asked.sent))
        DELAY.check(form, asked.sent)
        data = form.cleaned_data
        reason = {"de": data["reason_de"], "en": data["reason_en"]}
        actions.delay_commitment(
            commitment=found, new_due=data["new_due"], reason=reason, by=asked.person, at=asked.at
        )
        return find_commitment(pk, asked.person)


DELIVER = Body(DeliverForm, prefix="deliver", example={"text_de": "Sie stehen."})


class Delivery(Endpoint):
    tag = "commitments"

    @writes(CommitmentOut, id="deliver", words="It is there", scope=OFFICE, body=DELIVER)
    def post(self, asked: Asked, pk: int) -> Commitment:
        """From now on people are asked whether it works."""
        found = _mine(pk, asked)
        form = DeliverForm(DELIVER.read(asked.sent))
        DELIVER.check(form, asked.sent)
        actions.deliver(
            commitment=found,
            by=asked.person,
            at=asked.at,
            spent=form.cleaned_data["spent"],
            text=form.texts(),
        )
        return find_commitment(pk, asked.person)


EVALUATE = Body(EvaluateForm, prefix="evaluate", example={"text_de": "Es wird viel genutzt."})


class Evaluation(Endpoint):
    tag = "commitments"

    @writes(CommitmentOut, id="evaluate", words="What was learned", scope=OFFICE, body=EVALUATE)
    def post(self, asked: Asked, pk: int) -> Commitment:
        found = _mine(pk, asked)
        form = EvaluateForm(EVALUATE.read(asked.sent))
        EVALUATE.check(form, asked.sent)
        actions.evaluate(commitment=found, by=asked.person, at=asked.at, text=form.texts())
        return find_commitment(pk, asked.person)


urlpatterns = [
    path("answers", Answers.as_view(), name="answers"),
    path("answers/<int:pk>", OneAnswer.as_view(), name="answer"),
    path("proposals/<str:receipt>/answers", AnswerProposal.as_view(), name="proposal_answers"),
    path("commitments", Commitments.as_view(), name="commitments"),
    path("commitments/<int:pk>", OneCommitment.as_view(), name="commitment"),
    path("commitments/<int:pk>/start", Start.as_view(), name="commitment_start"),
    path("commitments/<int:pk>/steps/<int:number>/done", StepDone.as_view(), name="commitment_step"),
    path("commitments/<int:pk>/delays", Delays.as_view(), name="commitment_delays"),
    path("commitments/<int:pk>/delivery", Delivery.as_view(), name="commitment_delivery"),
    path("commitments/<int:pk>/evaluation", Evaluation.as_view(), name="commitment_evaluation"),
]
