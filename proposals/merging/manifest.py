"""The verbs of the room, its queue at the desk, and what it leaves in the registries of the houses below."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts import hooks
from cocreation.desk import Queue, queues
from cocreation.erasing import Keep, keeps
from cocreation.roles import Role, Roles
from groundwork.journal.api import Verb, declare
from proposals.groupings import Grouping, groupings

if TYPE_CHECKING:
    from accounts.models import Person

declare(
    Verb("merge.proposed", _("Joining proposed"), public=False),
    Verb("merge.text_changed", _("Joint text changed"), public=False),
    Verb("merge.agreed", _("Agreed to a joint text"), public=False),
    Verb("merge.declined", _("Declined to be joined"), public=False),
    Verb("merge.went_on", _("Joining goes on without a part"), public=False),
    Verb("merge.stopped", _("Joining taken back"), public=False),
    Verb("merge.expired", _("Joining ran out"), public=False),
    Verb("merge.completed", _("Proposals became one")),
    Verb("merge.split", _("Proposals separated again")),
    Verb("cluster.made", _("Proposals grouped")),
    Verb("cluster.changed", _("A group of proposals changed")),
)


def _allowed(roles: Roles) -> bool:
    return bool(roles.where(Role.ADMIN, Role.FACILITATOR, Role.MODERATOR) or roles.offices)


def _uncounted(person: Person, at: datetime) -> None:
    """Likeness is no duty: nothing is overdue here."""
    return


queues.add(
    "merging",
    Queue("merging", _("Similar proposals"), "git-merge", "merging:desk", _uncounted, _allowed, order=35),
)

from proposals.merging import actions, queries, sections, telling  # noqa: E402, F401

hooks.closing.add("merging", actions.leave)


def _joining(keys: Collection[int]) -> Collection[int]:
    """Parts of a joint text: what they say stands in it, beside the words of others."""
    from proposals.merging.models import JointText, MergePart

    texts = JointText.objects.filter(merge=OuterRef("merge"))
    return set(MergePart.objects.filter(Exists(texts), proposal__in=keys).values_list("proposal", flat=True))


keeps.add("joining", Keep(_("part of a joint text"), _joining))
groupings.add("cluster", Grouping(_("Theme group"), queries.groups_of))
