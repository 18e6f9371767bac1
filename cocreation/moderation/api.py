"""Reporting a contribution; the cases of moderation and deciding them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import path
from rest_framework import serializers

from cocreation.api import visible_contribution
from cocreation.desk import door
from cocreation.moderation import actions, limits, queries, rules
from cocreation.moderation.forms import DecisionForm, ReportForm
from cocreation.moderation.models import Case, Decision
from cocreation.moderation.standard import rules_of
from cocreation.roles import roles_of
from groundwork.answer import require
from groundwork.webapi.bodies import Body
from groundwork.webapi.lists import Filter, Listing
from groundwork.webapi.scopes import MODERATE
from groundwork.webapi.shown import Shown, moment, shows, words
from groundwork.webapi.view import Asked, Endpoint, Made, lists, reads, writes


class ReportOut(Shown):
    contribution = words("Number.", source="contribution.receipt")
    rule = words("Slug of the rule.")
    at = moment()
    url = words("Where its answer will stand; yours alone.", source="get_absolute_url")


class CaseDecisionOut(Shown):
    number = serializers.IntegerField(source="pk")
    outcome = serializers.ChoiceField(choices=Decision.Outcome.choices)
    fact = words()
    reason = words()
    at = moment()
    appeal_until = moment()


class CaseOut(Shown):
    """Who reported it is nobody's business."""

    number = serializers.IntegerField(source="pk")
    contribution = words("Number.", source="contribution.receipt")
    kind = words("proposal, comment, amendment …", source="contribution.kind")
    process = words("Slug.", source="process.slug")
    state = serializers.ChoiceField(choices=Case.State.choices)
    opened_at = moment()
    closed_at = moment(allow_null=True)
    reports = serializers.SerializerMethodField(help_text="What was said, each with its rule.")
    decisions = serializers.SerializerMethodField(help_text="Newest first.")

    def get_reports(self, case: Case) -> list[dict[str, str]]:
        return [{"rule": each.rule, "words": each.words} for each in case.reports.all()]

    @shows(CaseDecisionOut, many=True)
    def get_decisions(self, case: Case) -> list[dict[str, Any]]:
        made = sorted(case.decisions.all(), key=lambda each: (each.at, each.pk), reverse=True)
        return list(CaseDecisionOut(made, many=True, context=self.context).data)


REPORT = Body(
    ReportForm, without=("email",), more={"rule": forms.CharField(max_length=40)},
    about={"rule": "Slug of the rule of the process that is broken."}, example={"rule": "respect", "words": "Das beleidigt jemanden."},
)  # fmt: skip


class Reports(Endpoint):
    tag = "moderation"

    @writes(ReportOut, id="report", words="Report a contribution", body=REPORT, status=201)
    def post(self, asked: Asked, receipt: str) -> Any:
        """It stays where it is until somebody has looked. Saying it twice is saying it once."""
        found = visible_contribution(receipt, asked.person)
        require(rules.may_report(asked.person, found, asked.at))
        form = ReportForm(REPORT.read(asked.sent), rules=rules_of(found.process, found.kind), known=True)
        REPORT.check(form, asked.sent)
        require(limits.may_send("", asked.at))
        return actions.report(
            contribution=found, rule=form.cleaned_data["rule"], words=form.cleaned_data["words"], by=asked.person, at=asked.at,
            language=asked.language,
        )  # fmt: skip


def cases_for(asked: Asked) -> Any:
    require(door(roles_of(asked.person), lambda roles: roles.may_moderate))
    found: Any = queries.with_all(Case.objects.within(roles_of(asked.person).moderates))
    return found.select_related(
        "contribution__author", "contribution__organisation", "process"
    ).prefetch_related("reports", "decisions")


class Cases(Endpoint):
    tag = "moderation"

    @lists(
        CaseOut, id="listCases", words="Cases of moderation", scope=MODERATE, needs_person=True,
        listing=Listing(
            {"urgent": ("-rank", "-pk"), "newest": ("-pk",)}, {"state": Filter("state", "Only these.", Case.State.values)}
        ),
    )  # fmt: skip
    def get(self, asked: Asked) -> Any:
        """Of the processes you moderate."""
        return cases_for(asked)


def find_case(case: int, asked: Asked) -> Case:
    found: Case = get_object_or_404(cases_for(asked), pk=case)
    return found


class OneCase(Endpoint):
    tag = "moderation"

    @reads(CaseOut, id="readCase", words="One case", scope=MODERATE, needs_person=True)
    def get(self, asked: Asked, case: int) -> Case:
        return find_case(case, asked)


DECISION = Body(
    DecisionForm, more={"rule": forms.CharField(max_length=40, required=False)},
    about={"rule": "Slug of the rule that is broken; needed unless it is fine."}, example={"outcome": "fine"},
)  # fmt: skip


class Deciding(Endpoint):
    tag = "moderation"

    @writes(CaseOut, id="decideCase", words="Decide a case", scope=MODERATE, body=DECISION)
    def post(self, asked: Asked, case: int) -> Made:
        """The author reads the rule, the fact and the reason, and may appeal."""
        found = find_case(case, asked)
        form = DecisionForm(
            DECISION.read(asked.sent), rules=rules_of(found.process_id, found.contribution.kind)
        )
        DECISION.check(form, asked.sent)
        actions.decide(case=found, verdict=form.verdict(), by=asked.person, at=asked.at)
        return Made(find_case(case, asked))


urlpatterns = [
    path("contributions/<str:receipt>/reports", Reports.as_view(), name="reports"),
    path("moderation/cases", Cases.as_view(), name="cases"),
    path("moderation/cases/<int:case>", OneCase.as_view(), name="case"),
    path("moderation/cases/<int:case>/decision", Deciding.as_view(), name="case_decision"),
]
