"""Groups of proposals that rooms know, for whoever wants to say something to all of a group at once.

groupings.add("cluster", Grouping(_("Group"), groups_of))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groundwork.registry import Registry

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from cocreation.models import Process
    from groundwork.answer import Words
    from proposals.models import Proposal


@dataclass(frozen=True, slots=True)
class Group:
    """One group: its key within its kind, its name, and its public proposals."""

    key: str
    name: str
    proposals: QuerySet[Proposal]


@dataclass(frozen=True, slots=True)
class Grouping:
    """A kind of group: what it is called, and the groups of a process. One query."""

    words: Words
    groups: Callable[[Process], list[Group]]


groupings: Registry[Grouping] = Registry("grouping of proposals")
