"""The verbs of shared drafts, what their writers are told, and what the room adds to the page of a proposal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Expression, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import hooks
from cocreation.news import News, Said, news
from groundwork.jobs.retention import Rule, rules
from groundwork.journal.api import Verb, declare
from proposals.cowriting import actions
from proposals.panels import Panel, proposal_panels
from proposals.stories import stories

if TYPE_CHECKING:
    from accounts.models import Person
    from proposals.models import Proposal

declare(
    Verb("draft.opened", gettext_lazy("Shared draft started"), public=False),
    Verb("draft.discarded", gettext_lazy("Shared draft discarded"), public=False),
    Verb("draft.restored", gettext_lazy("Shared draft brought back"), public=False),
)


def _opened(facts: Mapping[str, Any], row: Any) -> Said:
    return Said(
        _("A shared draft was started"),
        _("The next version of your proposal is being written together. You can join at any time."),
    )


news.add("draft.opened", News("named", _opened))


def _open_draft() -> Expression:
    from proposals.cowriting.models import SharedDraft

    found = SharedDraft.objects.open().filter(proposal=OuterRef("pk"))
    return Subquery(found.values(row=JSONObject(key="key", at="updated_at"))[:1])  # type: ignore[return-value]


def _panel(proposal: Proposal, person: Person | None, at: datetime) -> dict[str, Any] | None:
    from proposals.cowriting import panels

    return panels.of_proposal(proposal, person, at)


def _leave(person: Person, at: datetime) -> None:
    from proposals.cowriting import actions

    actions.leave(person, at)


stories.add("draft", _open_draft)
proposal_panels.add(
    "cowriting", Panel("cowriting", "proposals/cowriting/panel.html", _panel, where="side", order=10)
)
hooks.closing.add("cowriting", _leave)

rules.add(
    "shared_drafts",
    Rule(
        "shared_drafts",
        gettext_lazy("Drafts written together that have ended, and who wrote what in them"),
        gettext_lazy("30 days after they ended"),
        ("cowriting.DraftUpdate", "cowriting.SharedDraft"),
        lambda at: actions.sweep(at=at),
    ),
)
