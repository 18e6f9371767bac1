"""Proposals: reading them with their text, line and assessments; proposing, revising, supporting, taking back, assessing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import Organisation
from cocreation.api import process_named
from cocreation.desk import door
from cocreation.models import Office, Place
from cocreation.roles import may_change_work, may_read_work, roles_of
from groundwork.answer import No, Refused, require
from groundwork.webapi.bodies import Body, by_slug
from groundwork.webapi.lists import Filter, Listing
from groundwork.webapi.problems import Problem
from groundwork.webapi.scopes import OFFICE
from groundwork.webapi.shown import Shown, both, moment, shows, words
from groundwork.webapi.view import Asked, Endpoint, Made, lists, reads, writes
from proposals import actions, desk, rules
from proposals import assess_actions as work
from proposals.assess_forms import AssessmentForm
from proposals.forms import ProposalForm, organisation_from, text_from
from proposals.hand_forms import RevisionForm
from proposals.living import living_page_of, set_aside
from proposals.models import (
    Assessment,
    Assignment,
    Authorship,
    Proposal,
    ProposalQuerySet,
    Revision,
    Stage,
    StageMove,
    Theme,
)
from proposals.queries import Choice, alike

# --- what leaves the house ---


class AuthorOut(Shown):
    name = words("The public name; null where nobody stands behind it any more.", allow_null=True)
    organisation = words("Slug of the organisation somebody speaks for.", allow_null=True)
    role = words("lead, author or contributor.")


class RevisionOut(Shown):
    number = serializers.IntegerField()
    title = words()
    summary = words()
    body = words("Markdown.")
    language = words()
    at = moment()
    note = words("What was changed and why.")
    is_substantive = serializers.BooleanField(help_text="Supporters were asked to think again.")


class MoveOut(Shown):
    stage = serializers.ChoiceField(choices=Stage.choices)
    at = moment()
    office = words("Slug.", source="office.slug", default=None, allow_null=True)
    detail = words()


class AssessmentOut(Shown):
    office = words("Slug.", source="office.slug")
    verdict = serializers.ChoiceField(choices=Assessment.Verdict.choices)
    cost_from = serializers.DecimalField(14, 2, allow_null=True)
    cost = serializers.DecimalField(14, 2, allow_null=True, help_text="One-off, in euros.")
    yearly_cost = serializers.DecimalField(14, 2, allow_null=True)
    reason = serializers.SerializerMethodField()
    way_on = serializers.SerializerMethodField()
    reason_code = words()
    revision = serializers.IntegerField(allow_null=True, help_text="The version that was assessed.")
    at = moment()
    correction = words("Why it took the place of an earlier one.")

    def get_reason(self, found: Assessment) -> str:
        return both(found, "reason")

    def get_way_on(self, found: Assessment) -> str:
        return both(found, "way_on")


class ProposalOut(Shown):
    receipt = words("Its number, for life.")
    url = words("The page for people.", source="get_absolute_url")
    process = words("Slug.", source="process.slug")
    title = serializers.SerializerMethodField(
        help_text="In the language of the answer where there is a translation."
    )
    summary = serializers.SerializerMethodField()
    language = words("The language it was written in.")
    theme = serializers.ChoiceField(choices=Theme.choices)
    place = words("Slug.", source="place.slug")
    location = words()
    stage = serializers.ChoiceField(choices=Stage.choices)
    cost = serializers.DecimalField(14, 2, allow_null=True)
    supports = serializers.IntegerField(
        help_text="How many people support it. Who they are is nobody's business."
    )
    comments = serializers.IntegerField()
    is_public = serializers.BooleanField(help_text="False: only its authors and moderation see it.")
    seeks_coauthors = serializers.BooleanField()
    published_at = moment(source="contribution.published_at", allow_null=True)
    authors = serializers.SerializerMethodField()
    revision = serializers.SerializerMethodField(help_text="Number of the newest version.")
    is_supported = serializers.SerializerMethodField(help_text="By you; null for visitors.")
    text = serializers.SerializerMethodField(help_text="With `include=text`: the newest version.")
    line = serializers.SerializerMethodField(help_text="With `include=line`: its steps, oldest first.")
    assessments = serializers.SerializerMethodField(help_text="With `include=assessments`: those that stand.")

    @classmethod
    def prepare(cls, rows: list[Proposal], asked: Asked) -> None:
        """What all rows need: at most one query for each kind of thing."""
        keys = [row.pk for row in rows]
        hands = _by_proposal(
            Authorship.objects.standing()
            .filter(proposal__in=keys)
            .select_related("person", "organisation")
            .order_by("pk")
        )
        newest = (
            Revision.objects.filter(proposal__in=keys).order_by("proposal", "-number").distinct("proposal")
        )
        texts = _by_proposal(newest)
        moves: dict[int, list[Any]] = {}
        if "line" in asked.include:
            moves = _by_proposal(
                StageMove.objects.filter(proposal__in=keys).select_related("office").order_by("at", "pk")
            )
        found: dict[int, list[Any]] = {}
        if "assessments" in asked.include:
            standing = Assessment.objects.standing().filter(proposal__in=keys)
            found = _by_proposal(standing.select_related("office").order_by("-at", "-pk"))
        for row in rows:
            asked.beside[row] = {
                "hands": hands.get(row.pk, []), "text": next(iter(texts.get(row.pk, [])), None),
                "line": moves.get(row.pk, []), "assessments": found.get(row.pk, []),
            }  # fmt: skip

    def get_title(self, row: Proposal) -> str:
        return row.in_language("title")

    def get_summary(self, row: Proposal) -> str:
        return row.in_language("summary")

    @shows(AuthorOut, many=True)
    def get_authors(self, row: Proposal) -> list[dict[str, str | None]]:
        return [
            {
                "name": hand.person.public_name if hand.person else None,
                "organisation": hand.organisation.slug if hand.organisation else None,
                "role": hand.role,
            }
            for hand in self.asked.beside[row]["hands"]
        ]

    def get_revision(self, row: Proposal) -> int | None:
        newest = self.asked.beside[row]["text"]
        return newest.number if newest else None

    def get_is_supported(self, row: Proposal) -> bool | None:
        return bool(row.is_supported) if self.asked.person is not None else None

    @shows(RevisionOut)
    def get_text(self, row: Proposal) -> dict[str, Any] | None:
        newest = self.asked.beside[row]["text"]
        if "text" not in self.asked.include or newest is None:
            return None
        return dict(RevisionOut(newest, context=self.context).data)

    @shows(MoveOut, many=True)
    def get_line(self, row: Proposal) -> list[dict[str, Any]] | None:
        if "line" not in self.asked.include:
            return None
        return list(MoveOut(self.asked.beside[row]["line"], many=True, context=self.context).data)

    @shows(AssessmentOut, many=True)
    def get_assessments(self, row: Proposal) -> list[dict[str, Any]] | None:
        if "assessments" not in self.asked.include:
            return None
        found = self.asked.beside[row]["assessments"]
        return list(AssessmentOut(found, many=True, context=self.context).data)


def _by_proposal(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.proposal_id, []).append(row)
    return found


class SupportOut(Shown):
    supports = serializers.IntegerField()
    is_supported = serializers.BooleanField()


class CheckOut(Shown):
    title = words()
    alike = serializers.ListField(
        child=serializers.CharField(), help_text="Numbers of proposals that say something like it."
    )


class HandedIn(Shown):
    is_published = serializers.BooleanField(help_text="False: it waits for the signature of a colleague.")
    assessment = AssessmentOut(allow_null=True)


# --- finding ---

INCLUDES = {
    "text": "the newest version",
    "line": "the steps on its line",
    "assessments": "what offices found",
}


def proposals_for(person: Any) -> ProposalQuerySet:
    rows = Proposal.objects.with_own(person).without_vector().visible_to(person)
    return rows.select_related(
        "process__office", "place", "contribution__author", "contribution__organisation"
    )


def find_proposal(receipt: str, person: Any) -> Proposal:
    found = proposals_for(person).filter(receipt=receipt).first()
    if found is not None and not found.contribution.lives_on:
        return found
    part = set_aside(receipt)
    living = living_page_of(part) if part is not None else None
    if living is not None and living.is_public:
        words = _(
            "It was joined with others meanwhile and lives on as another proposal. Nothing was changed."
        )
        raise Problem(410, words, answer=No(words, _("Go there"), f"/api/v1/proposals/{living.receipt}"))
    return get_object_or_404(proposals_for(person).none())


def _searched(rows: Any, value: str) -> Any:
    choice = Choice(q=value)
    return choice.narrow(rows, "de", asked=choice.asked(None))


LISTING = Listing(
    {
        "newest": ("-pk",), "oldest": ("pk",), "support": ("-supports", "-pk"),
        "fair": ("exposure", "pk"),
    },
    {
        "process": Filter("process__slug", "Slug of the process."),
        "stage": Filter("stage", "Where it stands.", [value for value in Stage.values if value != Stage.DRAFT]),
        "theme": Filter("theme", "Theme.", Theme.values),
        "place": Filter("place__slug", "Slug of the place."),
        "q": Filter(_searched, "Words to find.", words=True),
    },
    INCLUDES,
)  # fmt: skip


class Proposals(Endpoint):
    tag = "proposals"

    @lists(ProposalOut, id="listProposals", words="Proposals", listing=LISTING)
    def get(self, asked: Asked) -> ProposalQuerySet:
        """What people put forward. With a token also your own that are not public."""
        return proposals_for(asked.person)


TEXT = Body(
    ProposalForm, without=("map_x", "map_y"), names={"place": by_slug(Place), "organisation": by_slug(Organisation)},
    more={
        "place": forms.CharField(max_length=60, required=False), "organisation": forms.CharField(max_length=60, required=False),
        "map_x": forms.FloatField(required=False, min_value=0, max_value=600),
        "map_y": forms.FloatField(required=False, min_value=0, max_value=440),
    },
    about={
        "place": "Slug of a place the process is about; needed unless it concerns everywhere.",
        "organisation": "Slug of the organisation you write for.", "map_x": "Where, on the city's map picture.", "map_y": "The same.",
    },
    example={
        "title": "Mehr Schatten am Spielplatz", "summary": "Drei Bäume an der Rutsche.", "body": "Im Sommer ist es dort zu heiß.",
        "theme": "green", "place": "lindach", "language": "de",
    },
)  # fmt: skip


def _proposal_form(asked: Asked, slug: str) -> tuple[Any, ProposalForm]:
    process = process_named(slug, asked.person)
    require(rules.may_propose(asked.person, process, asked.at))
    form = ProposalForm(TEXT.read(asked.sent), process=process, person=asked.person)
    TEXT.check(form, asked.sent)
    return process, form


class Propose(Endpoint):
    tag = "proposals"

    @lists(ProposalOut, id="listProposalsOfProcess", words="Proposals of a process", listing=LISTING)
    def get(self, asked: Asked, slug: str) -> ProposalQuerySet:
        return proposals_for(asked.person).filter(process=process_named(slug, asked.person))

    @writes(ProposalOut, id="propose", words="Propose something", body=TEXT, status=201)
    def post(self, asked: Asked, slug: str) -> Made:
        """Published at once, with its number, where moderation does not look first."""
        process, form = _proposal_form(asked, slug)
        written = form.payload()
        made = actions.publish_proposal(
            process=process,
            text=text_from(written),
            by=asked.person,
            at=asked.at,
            organisation=organisation_from(written),
        )
        return Made(find_proposal(made.receipt, asked.person), f"/api/v1/proposals/{made.receipt}")


class Check(Endpoint):
    tag = "proposals"

    @writes(CheckOut, id="checkProposal", words="Would this be taken?", body=TEXT)
    def post(self, asked: Asked, slug: str) -> dict[str, Any]:
        """A draft is checked as it would be published, and nothing is. Says which others are like it."""
        process, form = _proposal_form(asked, slug)
        title = form.cleaned_data["title"]
        near = alike(title, form.cleaned_data["language"], process=process)
        return {"title": title, "alike": [each.receipt for each in near]}


class OneProposal(Endpoint):
    tag = "proposals"

    @reads(ProposalOut, id="readProposal", words="One proposal", includes=INCLUDES)
    def get(self, asked: Asked, receipt: str) -> Proposal:
        return find_proposal(receipt, asked.person)


REVISION = Body(
    RevisionForm, about={"seen": "Number of the version you worked on: 409 when another one stands."},
    example={
        "title": "Mehr Schatten am Spielplatz", "summary": "Fünf Bäume.", "body": "Drei sind zu wenig.", "note": "Fünf statt drei.",
        "seen": 1,
    },
)  # fmt: skip


class Revisions(Endpoint):
    tag = "proposals"

    @lists(
        RevisionOut,
        id="listRevisions",
        words="Versions of its text",
        listing=Listing({"newest": ("-number",), "oldest": ("number",)}),
    )
    def get(self, asked: Asked, receipt: str) -> Any:
        """None of them is ever changed."""
        return Revision.objects.filter(proposal=find_proposal(receipt, asked.person))

    @writes(RevisionOut, id="revise", words="Publish a new version", body=REVISION, status=201)
    def post(self, asked: Asked, receipt: str) -> Made:
        """By its writers, until it is on a ballot."""
        found = find_proposal(receipt, asked.person)
        require(rules.may_revise(asked.person, found, asked.at))
        form = RevisionForm(REVISION.read(asked.sent))
        REVISION.check(form, asked.sent)
        cleaned = form.cleaned_data
        try:
            made = actions.revise_proposal(
                proposal=found, wording=form.wording(), by=asked.person, at=asked.at, seen=cleaned["seen"], note=cleaned["note"],
                is_substantive=cleaned["is_substantive"],
            )  # fmt: skip
        except actions.Overtaken as overtaken:
            raise overtaken_by(overtaken.newest.number) from None
        return Made(made, f"/api/v1/proposals/{receipt}/revisions/{made.number}")


def overtaken_by(number: int) -> Problem:
    words = _(
        "Somebody published version {number} meanwhile, so nothing was changed. Read it and write on from there."
    )
    return Problem(409, str(words).format(number=number))


class OneRevision(Endpoint):
    tag = "proposals"

    @reads(RevisionOut, id="readRevision", words="One version")
    def get(self, asked: Asked, receipt: str, number: int) -> Revision:
        return get_object_or_404(Revision, proposal=find_proposal(receipt, asked.person), number=number)


class Supporting(Endpoint):
    tag = "proposals"

    @writes(SupportOut, id="support", words="Support it")
    def put(self, asked: Asked, receipt: str) -> dict[str, Any]:
        found = find_proposal(receipt, asked.person)
        return {
            "supports": actions.support_proposal(proposal=found, by=asked.person, at=asked.at),
            "is_supported": True,
        }

    @writes(SupportOut, id="withdrawSupport", words="Support it no longer")
    def delete(self, asked: Asked, receipt: str) -> dict[str, Any]:
        found = find_proposal(receipt, asked.person)
        return {
            "supports": actions.withdraw_support(proposal=found, by=asked.person, at=asked.at),
            "is_supported": False,
        }


WHY = Body(
    more={"reason": forms.CharField(max_length=300, required=False)}, about={"reason": "Why, in public."}
)


class WhyForm(forms.Form):
    reason = forms.CharField(max_length=300, required=False)


class Withdrawal(Endpoint):
    tag = "proposals"

    @writes(ProposalOut, id="withdrawProposal", words="Take it back", body=WHY)
    def post(self, asked: Asked, receipt: str) -> Proposal:
        """By its lead author, before it is on a ballot."""
        found = find_proposal(receipt, asked.person)
        require(rules.may_withdraw(asked.person, found))
        form = WhyForm(WHY.read(asked.sent))
        WHY.check(form, asked.sent)
        actions.withdraw_proposal(
            proposal=found, by=asked.person, at=asked.at, reason=form.cleaned_data["reason"]
        )
        return find_proposal(receipt, asked.person)


# --- the work of offices ---

ASSESSMENT = Body(
    AssessmentForm, names={"office": by_slug(Office)},
    more={
        "office": forms.CharField(max_length=60, required=False), "implementer": forms.CharField(max_length=60, required=False),
        "seen": forms.IntegerField(required=False, min_value=0), "revision": forms.IntegerField(required=False, min_value=1),
    },
    optional=("cost",),
    about={
        "office": "Slug of your office; the only one it is with where you leave it out.", "implementer": "Slug of the office that would do it.",
        "cost": "One-off, in euros; needed unless the answer is no.", "seen": "Version of the draft you have read.",
        "revision": "Version of the text you have read.",
    },
    example={"verdict": "feasible", "cost": "1200", "reason_de": "Das geht."},
)  # fmt: skip


class Assessments(Endpoint):
    tag = "proposals"

    @lists(
        AssessmentOut,
        id="listAssessments",
        words="What offices found",
        listing=Listing({"newest": ("-at", "-pk")}),
    )
    def get(self, asked: Asked, receipt: str) -> Any:
        """Those that stand."""
        found = find_proposal(receipt, asked.person)
        return Assessment.objects.standing().filter(proposal=found).select_related("office")

    @writes(HandedIn, id="assess", words="Hand in an assessment", scope=OFFICE, body=ASSESSMENT, status=201)
    def post(self, asked: Asked, receipt: str) -> dict[str, Any]:
        """Published at once, or with the signature of a colleague where the process asks for two."""
        found = find_proposal(receipt, asked.person)
        require(door(roles_of(asked.person), desk.may_enter))
        require(may_read_work(asked.person, found.process))
        require(may_change_work(asked.person))
        work.assign_what_waits(asked.at)
        data = ASSESSMENT.read(asked.sent)
        assignment = _work_of(asked, found, data.get("office", ""))
        form = AssessmentForm(data, offices=[assignment.office], own=found.pk)
        data.setdefault("office", str(assignment.office_id))
        ASSESSMENT.check(form, asked.sent, besides=("seen", "revision"))
        try:
            made = work.hand_in(
                assignment=assignment, content=form.content, found=form.found, by=asked.person, at=asked.at,
                seen=asked.sent.get("seen") or assignment.version, revision=asked.sent.get("revision"),
            )  # fmt: skip
        except work.Overtaken:
            raise Problem(409, _("A colleague has saved this meanwhile, so nothing was changed.")) from None
        return {"is_published": made is not None, "assessment": made}


def _work_of(asked: Asked, found: Proposal, office: str) -> Assignment:
    """The work of the office named, among those this person acts for; of the only one, where none is named."""
    roles = roles_of(asked.person)
    held = found.assignments.held().select_related("office").order_by("done_at", "pk")
    mine = [each for each in held if roles.acts_for(each.office_id) and office in ("", str(each.office_id))]
    if not mine:
        raise Refused(
            No(_("This proposal is not with your office. The office that has it can hand it on to you."))
        )
    chosen = next((each for each in mine if each.done_at is None), mine[0])
    chosen.proposal = found
    return chosen


urlpatterns = [
    path("proposals", Proposals.as_view(), name="proposals"),
    path("processes/<slug:slug>/proposals", Propose.as_view(), name="propose"),
    path("processes/<slug:slug>/proposals/check", Check.as_view(), name="check"),
    path("proposals/<str:receipt>", OneProposal.as_view(), name="proposal"),
    path("proposals/<str:receipt>/revisions", Revisions.as_view(), name="revisions"),
    path("proposals/<str:receipt>/revisions/<int:number>", OneRevision.as_view(), name="revision"),
    path("proposals/<str:receipt>/support", Supporting.as_view(), name="support"),
    path("proposals/<str:receipt>/withdrawal", Withdrawal.as_view(), name="withdrawal"),
    path("proposals/<str:receipt>/assessments", Assessments.as_view(), name="assessments"),
]
