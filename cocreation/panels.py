"""What rooms add to the pages of the hall, without being imported from here.

process_panels.add("proposals", Panel("proposals", "proposals/process_panel.html", cards_of, order=20))
contribution_panels.add("discussion", ContributionPanel("discussion", "cocreation/conversation/panel.html", discussion))
studio_sections.add("budget", Section("budget", "proposals/budgets/studio.html", context, handle))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from groundwork.registry import Registry

if TYPE_CHECKING:
    from django import forms
    from django.db.models.expressions import Combinable

    from accounts.models import Person
    from cocreation.models import Contribution, Process
    from groundwork.answer import Words


@dataclass(frozen=True, slots=True)
class Panel:
    """A section of the process page: `context(process, person, at)` fills `template`, or None leaves it out.

    The template is a whole `<section>` with its own h2. What is the same for everybody is drawn once for all and kept:
    then `person` is always None. Only a panel that is `personal` is asked again for each person and reader.
    """

    slug: str
    template: str
    context: Callable[[Process, Person | None, datetime], dict[str, Any] | None]
    order: int = 50
    personal: bool = False


process_panels: Registry[Panel] = Registry("panel of the process page")


@dataclass(frozen=True, slots=True)
class ContributionPanel:
    """A section of the page of any public contribution (its discussion, say): whoever owns that page draws it.

    `context(contribution, person, at)` fills `template`, or None leaves it out; the contribution's process is fetched.
    `own(contribution, person, at, page)`: see proposals.panels.Panel.
    `story()`: an expression about the contribution of `OuterRef("pk")`, asked in the page's own query: see `told`.
    """

    slug: str
    template: str
    context: Callable[[Contribution, Person | None, datetime], dict[str, Any] | None]
    order: int = 50
    own: Callable[[Contribution, Person, datetime, str], str | None] | None = None
    story: Callable[[], Combinable] | None = None


contribution_panels: Registry[ContributionPanel] = Registry("panel of a contribution's page")


def stories() -> dict[str, Combinable]:
    """What sections of a contribution's page want to know, to annotate the query of its owner with."""
    return {f"told_{panel.slug}": panel.story() for panel in contribution_panels if panel.story is not None}


def hand_over(found: Any, contribution: Contribution) -> None:
    """Gives the contribution what its owner's query with `stories` found."""
    names = {panel.slug: f"told_{panel.slug}" for panel in contribution_panels if panel.story is not None}
    known = {slug: getattr(found, name) for slug, name in names.items() if hasattr(found, name)}
    contribution.told = known


def told(contribution: Contribution, slug: str, unknown: Any) -> Any:
    """What `story` of this section found, or `unknown` where the owner of the page did not ask."""
    return contribution.told.get(slug, unknown)


# What owners of contributions do with the number of public comments on each ({key: number}), kept by a journal reader.
CommentCounter = Callable[[dict[int, int]], None]
comment_counters: Registry[CommentCounter] = Registry("counter of comments")


@dataclass(frozen=True, slots=True)
class Number:
    """A number about a process with the one definition it has everywhere."""

    value: str
    words: Words
    definition: Words
    url: str = ""


# (process, at) -> the numbers a room keeps about it; at most one query.
NumbersOf = Callable[["Process", datetime], "list[Number]"]
process_numbers: Registry[NumbersOf] = Registry("numbers of the process page")


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the studio. `context(process, person, at)` fills `template` (its key "form" is the form shown).

    `handle(process, person, at, data)` validates, calls the room's action and returns None; on errors it returns the
    bound form, which replaces context["form"]. `words` names it in the list; `icon` stands before the words.
    Where `context["answer"]` is a No nothing can be saved now, and no button says so.
    `concerns(process)` says whether the section is there for a process, without a query: it is asked on every page of the
    studio. `first`: whoever begins a process is led here, because nothing else can be said before it (the money of a
    budget). `save`: what the button says. `css`: a style sheet of its own. `live`: its form draws a preview with htmx.
    A form that comes back without errors is shown again, not saved: a preview.
    """

    slug: str
    template: str
    context: Callable[[Process, Person, datetime], dict[str, Any]]
    handle: Callable[[Process, Person, datetime, Mapping[str, Any]], forms.BaseForm | None]
    concerns: Callable[[Process], bool] = lambda process: True
    words: Words = ""
    icon: str = "settings"
    order: int = 50
    first: bool = True
    save: Words = ""
    css: str = ""
    live: bool = False


studio_sections: Registry[Section] = Registry("section of the studio")
