"""What an address may be told of: kinds people choose, each a handful of the journal's public verbs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core import checks
from django.utils.translation import gettext_lazy as _

from groundwork.answer import Words
from groundwork.journal.api import verbs as declared
from groundwork.registry import Registry

TEST = "test"
# What was told of is no longer public. Why is not told: one word for hidden, withdrawn and erased.
GONE = "contribution.gone"
GONE_BY = frozenset({"contribution.hidden", "contribution.withdrawn", "contribution.erased"})


@dataclass(frozen=True, slots=True)
class Kind:
    slug: str
    words: Words
    verbs: frozenset[str]


kinds: Registry[Kind] = Registry("kind of event")


def _add(slug: str, words: Words, *verbs: str) -> None:
    kinds.add(slug, Kind(slug, words, frozenset(verbs)))


_add(
    "processes", _("Processes: published, changed, phases begin and end"),
    "process.published", "process.amended", "process.stopped", "process.archived", "phase.opened", "phase.closed",
)  # fmt: skip
_add(
    "proposals", _("Proposals: published, revised, assessed, joined"),
    "proposal.published", "proposal.revised", "proposal.assessed", "merge.completed", "merge.split",
)  # fmt: skip
_add(
    "conversations", _("Conversations: comments, summaries, conclusions"),
    "comment.published", "comment.edited", "conversation.summarised", "conversation.concluded",
)  # fmt: skip
_add("votes", _("Votes: opened, result published"), "vote.opened", "vote.published")
_add(
    "answers", _("Answers of the city"),
    "contribution.answered", "answer.explained", "plan.published", "report.published",
)  # fmt: skip
_add(
    "commitments", _("Promises of the city: given, delayed, delivered, evaluated"),
    "commitment.promised", "commitment.started", "commitment.delayed", "milestone.done", "commitment.updated",
    "commitment.delivered", "commitment.evaluated", "commitment.given_up",
)  # fmt: skip

# Whoever hears of contributions hears when one is gone, and cannot choose not to: copies are to go as well.
OF_CONTRIBUTIONS = frozenset({"proposals", "conversations", "answers", "commitments"})
VERBS = frozenset(verb for kind in kinds for verb in kind.verbs)


def verbs_of(chosen: Iterable[str]) -> frozenset[str]:
    return frozenset(verb for slug in chosen if (kind := kinds.find(slug)) for verb in kind.verbs)


@checks.register("webhooks")
def only_public_verbs(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    """Nothing but what anybody may read leaves the building. A verb of a room this city does without never happens."""
    return [
        checks.Error(f"Webhooks offer {slug}, which is not public.", id="webhooks.E001")
        for slug in sorted(VERBS)
        if (verb := declared.find(slug)) is not None and not verb.public
    ]
