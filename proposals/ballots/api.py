"""Results of votes and the published ballots. A ballot is cast on the page only: docs/decisions/0016."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import path
from rest_framework import serializers

from groundwork.webapi.lists import Filter, Listing
from groundwork.webapi.shown import Shown, moment, shows, words
from groundwork.webapi.view import Asked, Endpoint, lists, reads
from proposals.ballots import envelopes
from proposals.ballots.board.files import codes_in_ballots
from proposals.ballots.models import BallotOption, CastBallot, Tally, Vote


class OptionOut(Shown):
    code = words("Its name on the ballots.")
    proposal = words("Number.", source="proposal.receipt")
    cost = serializers.DecimalField(14, 2)
    is_chosen = serializers.SerializerMethodField()

    def get_is_chosen(self, option: BallotOption) -> bool:
        return option.code in self.context["chosen"]


class EnvelopeOut(Shown):
    code = words("The letter that the codes of its options begin with.")
    name = words("In the language of the answer.")
    place = words("Slug, where it is for projects of a place.", allow_blank=True)
    theme = words("Slug, where it is for projects of a theme.", allow_blank=True)
    budget = serializers.DecimalField(14, 2)
    rule = words("How it was counted: docs/votes.md.")
    ballots = serializers.IntegerField(help_text="How many choose something in it.")
    selected = serializers.ListField(child=serializers.CharField(), help_text="Codes of what was chosen.")


class ResultOut(Shown):
    process = words("Slug.", source="vote.phase.process.slug")
    phase = words("Key of the vote.", source="vote.phase.key")
    kind = serializers.ChoiceField(choices=Vote._meta.get_field("kind").choices, source="vote.kind")  # type: ignore[union-attr]
    rule = words("How it was counted: docs/votes.md.")
    budget = serializers.DecimalField(14, 2, source="vote.budget")
    currency = words(source="vote.currency")
    eligible = serializers.IntegerField(
        source="vote.eligible", allow_null=True, help_text="How many people could vote."
    )
    ballots = serializers.SerializerMethodField(help_text="How many counted.")
    counted_at = moment(source="at")
    published_at = moment()
    input_hash = words("SHA-256 of what was counted.")
    selected = serializers.SerializerMethodField(help_text="Codes of what was chosen or accepted.")
    envelopes = serializers.SerializerMethodField(
        help_text="Parts of the money with a rule and a result of their own; none where there is one count."
    )
    options = serializers.SerializerMethodField(
        help_text="What stood on the ballot, and whether it was chosen."
    )

    @classmethod
    def prepare(cls, rows: list[Tally], asked: Asked) -> None:
        """All options of all votes at once."""
        found: dict[int, list[BallotOption]] = {}
        options = (
            BallotOption.objects.filter(vote__in=[row.pk for row in rows])
            .select_related("proposal")
            .order_by("position")
        )
        for option in options:
            found.setdefault(option.vote_id, []).append(option)
        asked.beside |= {row: found.get(row.pk, []) for row in rows}

    def get_ballots(self, tally: Tally) -> int:
        return int(tally.result["ballots"])

    def get_selected(self, tally: Tally) -> list[str]:
        return list(tally.result["selected"])

    @shows(EnvelopeOut, many=True)
    def get_envelopes(self, tally: Tally) -> list[dict[str, Any]]:
        told = {part["code"]: part for part in tally.result.get("envelopes", ())}
        rows = [
            {
                "code": each.code, "name": each.said, "place": each.place, "theme": each.theme, "budget": each.amount,
                "rule": each.rule, "ballots": told[each.code]["ballots"], "selected": told[each.code]["selected"],
            }
            for each in envelopes.read(tally.vote.envelopes)
        ]  # fmt: skip
        return list(EnvelopeOut(rows, many=True, context=self.context).data)

    @shows(OptionOut, many=True)
    def get_options(self, tally: Tally) -> list[dict[str, Any]]:
        context = self.context | {"chosen": frozenset(tally.result["selected"])}
        return list(OptionOut(self.asked.beside[tally], many=True, context=context).data)


class BallotOut(Shown):
    key = words("By chance, made at the count; nobody's.", source="pk")
    choice = serializers.SerializerMethodField(
        help_text="Codes of the options, of a ranking the best first; or of the questions that were answered."
    )
    points = serializers.ListField(
        child=serializers.IntegerField(), allow_null=True,
        help_text="In the same order: points, or numbers of the answers (docs/votes.md).",
    )  # fmt: skip

    @classmethod
    def prepare(cls, rows: list[CastBallot], asked: Asked) -> None:
        if rows:
            codes = codes_in_ballots(rows[0].vote)
            asked.beside |= dict.fromkeys(rows, codes)

    def get_choice(self, ballot: CastBallot) -> list[str]:
        codes = self.asked.beside[ballot]
        return [codes[key] for key in ballot.choice]


def results_for(person: Any) -> Any:
    return Tally.objects.visible_to(person).select_related("vote__phase__process")


def find_result(slug: str, key: str, person: Any) -> Tally:
    found: Tally = get_object_or_404(
        results_for(person), vote__phase__process__slug=slug, vote__phase__key=key
    )
    return found


class Results(Endpoint):
    tag = "votes"

    @lists(
        ResultOut, id="listResults", words="Results of votes",
        listing=Listing({"newest": ("-at", "-pk")}, {"process": Filter("vote__phase__process__slug", "Slug of the process.")}),
    )  # fmt: skip
    def get(self, asked: Asked) -> Any:
        """What two people have confirmed and published."""
        return results_for(asked.person)


class OneResult(Endpoint):
    tag = "votes"

    @reads(ResultOut, id="readResult", words="One result")
    def get(self, asked: Asked, slug: str, key: str) -> Tally:
        return find_result(slug, key, asked.person)


class Ballots(Endpoint):
    tag = "votes"

    @lists(BallotOut, id="listBallots", words="The published ballots", listing=Listing({"key": ("pk",)}))
    def get(self, asked: Asked, slug: str, key: str) -> Any:
        """To count again. No person, no time and no channel is in them."""
        vote = find_result(slug, key, asked.person).vote
        return CastBallot.objects.filter(vote=vote).select_related("vote")


urlpatterns = [
    path("results", Results.as_view(), name="results"),
    path("processes/<slug:slug>/phases/<slug:key>/result", OneResult.as_view(), name="result"),
    path("processes/<slug:slug>/phases/<slug:key>/ballots", Ballots.as_view(), name="ballots"),
]
