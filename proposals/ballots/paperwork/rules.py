"""Questions about ballots on paper; no writes, no request."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cocreation import roles
from groundwork.answer import Answer, No, Yes
from groundwork.html import say
from proposals.ballots import rules as votes
from proposals.ballots.models import Tally, Vote
from proposals.ballots.paperwork.ledger import Ledger, ledger_of, was_used
from proposals.ballots.paperwork.models import Batch, Finish, votes_of

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Eligibility

OWN = No(_("Somebody else at the office has to do this for you."))
FINISHED = No(
    _("The ballots on paper are finished. Nothing can be added any more."),
    _("The sums stand on the page of the vote."),
)


def may_print(person: Person | None, vote: Vote) -> Answer:
    return roles.may_configure(person, vote.phase.process)


def may_handle(person: Person | None, vote: Vote) -> Answer:
    """Take ballots in, type and decide: the citizens' office, and whoever sets up the process."""
    if votes_of(person).filter(pk=vote.pk).exists():
        return Yes()
    return No(_("Only the citizens' office and the office that holds the vote work on its ballots on paper."))


def is_unfinished(vote: Vote) -> Answer:
    if vote.counted_at is not None or Finish.objects.filter(pk=vote.pk).exists():
        return FINISHED
    if vote.phase.process.stopped_at:
        return No(_("This process was stopped. Its vote is not counted."))
    return Yes()


def is_open(vote: Vote, at: datetime) -> Answer:
    """Ballots are handed out while the vote is open."""
    if vote.phase.is_open(at):
        return is_unfinished(vote)
    return No(_("Ballots are handed out while the vote is open."))


def person_may_vote(person: Person, vote: Vote, at: datetime) -> Answer:
    """Whether this account votes here, where one account is one ballot."""
    answer = votes.may_vote(person, vote, at)
    return answer if answer else No(_("The person of this account may not vote here."))


def entry_may_vote(entry: Eligibility, vote: Vote) -> Answer:
    """Whether whoever stands behind this entry votes here, where one entry is one ballot."""
    audience = vote.phase.audience_of("vote").entries()
    found = type(entry).objects.standing().filter(audience, process=vote.phase.process, pk=entry.pk)
    return Yes() if found.exists() else No(_("The person of this entry may not vote here."))


def may_decide(person: Person, batch: Batch) -> Answer:
    """A third person decides about two lines that differ; the two who typed look again, each at their own."""
    if batch.typed_by(person):
        return No(
            _("You typed this batch yourself."),
            _("Look at the ballot again and correct your line, or let a third person decide."),
        )
    return Yes()


# --- the count waits ---


def until(vote: Vote) -> datetime | None:
    return vote.phase.ends + timedelta(days=vote.paper_days) if vote.phase.ends else None


def may_count(vote: Vote, at: datetime) -> Answer:
    """The count waits while ballots on paper are entered: until somebody says it is done, or the announced day; and after
    that day as long as the sums do not agree."""
    if not vote.paper or not was_used(vote) or Finish.objects.filter(pk=vote.pk).exists():
        return Yes()
    last = until(vote)
    if last is not None and at < last:
        return No(
            format_lazy(
                _(
                    "The vote is over. Ballots on paper are being entered, by {when} at the latest. Then all are counted."
                ),
                when=say.when(last),
            )
        )
    return balances(ledger_of(vote))


def balances(ledger: Ledger) -> Answer:
    """Whether every ballot that was taken in is entered, and no more."""
    if ledger.open_batches:
        return No(
            _(
                "Not all batches of ballots on paper are entered and agreed on. The vote is counted when they are."
            ),
            _("Open batches stand in the list."),
        )
    if ledger.missing:
        return No(
            _(
                "More people were noted than ballots came out of the boxes. The vote is counted when this is explained."
            ),
            _("Look for the missing ballots, or finish with a reason that everybody can read."),
        )
    return Yes()


def may_finish(ledger: Ledger, vote: Vote, at: datetime, reason: str) -> Answer:
    if not vote.phase.is_over(at):
        return No(_("The vote is still open. Paper can be finished after it has ended."))
    answer = balances(ledger)
    if ledger.missing and not ledger.open_batches and reason.strip():
        return Yes()
    return answer


def may_publish(tally: Tally) -> Answer:
    """The sums of the count are those of the boxes, channel by channel, and in every envelope."""
    paper = tally.result.get("paper")
    if not paper:
        return Yes()
    counted = tally.result["channels"]
    in_parts = {part["code"]: part["channels"] for part in tally.result.get("envelopes", [])}
    if all(
        counted.get(way, 0) == sums["admitted"]
        and all(
            in_parts[code].get(way, 0) == part["valid"] for code, part in sums.get("envelopes", {}).items()
        )
        for way, sums in paper["ways"].items()
    ):
        return Yes()
    return No(
        _(
            "The count and the sums of the ballots on paper do not agree. The result cannot be published like this."
        ),
        _("Tell whoever runs the platform. Nothing is lost."),
    )
