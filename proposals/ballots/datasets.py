"""What the room publishes as data: published results. Every ballot has downloads of its own on the page of the result."""

from typing import Any

from django.db.models import IntegerField, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from cocreation.datasets import TAKING_PART, process_column
from groundwork import metrics
from groundwork.datasets import INTEGER, MOMENT, NUMBER, Column, Dataset, add
from groundwork.metrics import Metric
from proposals.ballots.kinds import Kind
from proposals.ballots.models import BallotOption, Tally
from proposals.datasets import PROPOSAL
from proposals.models import Proposal


def _published() -> QuerySet[Any]:
    return Tally.objects.visible_to(None)


add(
    Dataset(
        "votes",
        _("Results of votes"),
        _("Every published count: the money, the rule, how many ballots, and the checksum of the file they can be counted from again."),
        rows=_published,
        order=("published_at", "pk"),
        columns=(
            Column("vote", "pk", _("Vote"), _("The number of the vote."), INTEGER, key=True, required=True),
            process_column("vote__phase__process__slug"),
            Column("kind", "vote__kind", _("Kind"), _("What a ballot is: approval, points, a ranking or answers to questions."), choices=tuple((kind.value, kind.label) for kind in Kind), required=True),
            Column("rule", "rule", _("Rule"), _("The rule of the count."), required=True),
            Column("budget", "vote__budget", _("Budget"), _("The money the vote was about; 0 where questions were answered."), NUMBER, unit=_("euros"), required=True),
            Column("ballots", Cast(KeyTextTransform("ballots", "result"), IntegerField()), _("Ballots"), _("How many ballots were counted."), INTEGER, unit=_("ballots"), required=True),
            Column("checksum", "input_hash", _("Checksum"), _("SHA-256 of the file of all ballots."), required=True),
            Column("published", "published_at", _("Published"), _("When the result became public."), MOMENT, required=True),
        ),
        chart="rule",
        keywords=(*TAKING_PART, _("votes")),
    )
)  # fmt: skip

add(
    Dataset(
        "ballot-options",
        _("Projects on the ballots"),
        _("Which proposals stood on which ballot, in which place and at what cost."),
        rows=lambda: BallotOption.objects.filter(
            vote__tally__in=_published(), proposal__in=Proposal.objects.visible_to(None).values("pk")
        ),
        order=("vote", "position"),
        columns=(
            Column("id", "pk", _("Number"), _("The number of the line on the ballot."), INTEGER, key=True, required=True),
            Column("vote", "vote__pk", _("Vote"), _("The number of the vote."), INTEGER, required=True, refers=("votes", "vote")),
            PROPOSAL,
            Column("code", "code", _("Code"), _("Its number in every download of the vote."), required=True),
            Column("position", "position", _("Place"), _("Its place on the ballot, counted from 1."), INTEGER, required=True),
            Column("cost", "cost", _("Cost"), _("The cost on the ballot, fixed when the vote opened."), NUMBER, unit=_("euros"), required=True),
        ),
        keywords=(_("votes"), _("proposals")),
    )
)  # fmt: skip


def _ballots(at: object) -> int:
    found = _published().aggregate(sum=Sum(Cast(KeyTextTransform("ballots", "result"), IntegerField())))
    return int(found["sum"] or 0)


metrics.add(
    Metric(
        "ballots",
        _("Ballots"),
        _("Ballots that were counted in votes."),
        _("Sum of the counted ballots of all published results, online and on paper."),
        value=_ballots,
        unit=_("ballots"),
    )
)
