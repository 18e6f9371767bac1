"""The staff desk: its queues, who may enter, and the left column every page of it shows.

queues.add("assess", Queue("assess", _("Assess"), "clipboard-check", "proposals:desk", count_waiting, lambda r: r.may_assess))

@staff_required(lambda roles: roles.may_assess)
def assess(request): return render(request, "…", desk_context(request, "assess") | {…})
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.request import person_of
from cocreation import desk_numbers
from cocreation.roles import Roles, roles_of
from groundwork import clock
from groundwork.answer import Answer, No, Refused, Words, Yes
from groundwork.html import say
from groundwork.registry import Registry

if TYPE_CHECKING:
    from accounts.models import Person

View = Callable[..., HttpResponse]


def _nothing(person: Person, at: datetime) -> list[Urgent]:
    return []


def _never(person: Person, at: datetime) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Urgent:
    """One thing on the start page of the desk: what, until when, and where to do it."""

    words: Words
    url: str
    context: Words = ""
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """A kind of work. `count` may be None (nothing to count), at most one query; `due` = something is overdue.

    `urgent(person, at)` names the few things to do first; `url` is the name of a page.
    """

    slug: str
    words: Words
    icon: str
    url: str
    count: Callable[[Person, datetime], int | None]
    allowed: Callable[[Roles], bool]
    order: int = 50
    due: Callable[[Person, datetime], bool] = _never
    urgent: Callable[[Person, datetime], list[Urgent]] = _nothing


queues: Registry[Queue] = Registry("queue of the desk")


def may_enter(roles: Roles) -> bool:
    """Whoever holds a role and has a second factor; one that rests for want of training shows why."""
    return roles.is_staff or (roles.has_second_factor and roles.held.is_staff)


def why_it_rests(roles: Roles) -> Words:
    """Why a role that needs training does not count now, and what helps."""
    until = roles.training.until
    if roles.training.missing or until is None:
        return _("Your role rests until the administration has recorded your training in all topics.")
    return format_lazy(
        _("Your role rests: your training ran out on {day}. It counts again once a new one is recorded."),
        day=say.day(until),
    )


FOR_STAFF = No(_("This page is for the people of the city who do this work."))
SECOND_FACTOR = No(
    _("For this work you need a second factor at sign-in."), _("Set it up"), "cocreation:second_factor"
)


def door(roles: Roles, check: Callable[[Roles], bool]) -> Answer:
    """Whether somebody may enter: the role, the second factor, the training."""
    if check(roles):
        return Yes()
    if not check(roles.held):
        return FOR_STAFF
    if roles.has_second_factor:
        return No(why_it_rests(roles), _("To the desk"), "cocreation:desk")
    return SECOND_FACTOR


def staff_required(check: Callable[[Roles], bool] = may_enter) -> Callable[[View], View]:
    """The door of a staff page: log in, hold the role, have a second factor. Nobody else sees what is behind it."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), resolve_url("account_login"))
            roles = roles_of(request.user)
            if isinstance(answer := door(roles, check), No):
                if answer is not SECOND_FACTOR:
                    raise Refused(answer)
                back = urlencode({"next": request.get_full_path()})
                return redirect(f"{reverse('cocreation:second_factor')}?{back}")
            try:
                return view(request, *args, **kwargs)
            finally:
                if request.method == "POST":
                    desk_numbers.forget(request.user)

        guarded.staff_check = check  # type: ignore[attr-defined]
        return guarded

    return decorate


@dataclass(frozen=True, slots=True)
class Task:
    """A queue as this person sees it now."""

    slug: str
    words: Words
    icon: str
    url: str
    count: int | None
    due: bool
    current: bool


def tasks_of(person: Person, at: datetime, current: str = "") -> list[Task]:
    """The queues this person may work on, in order, each with its number. One query a queue at most, two when due; one in
    all while their numbers are kept."""
    roles = roles_of(person)
    shown = sorted(
        (queue for queue in queues if queue.allowed(roles)), key=lambda queue: (queue.order, queue.slug)
    )
    numbers = desk_numbers.kept(
        person, at, {queue.slug for queue in shown}, lambda: {queue.slug: _number(queue, person, at) for queue in shown}
    )  # fmt: skip
    return [
        Task(queue.slug, queue.words, queue.icon, reverse(queue.url), *numbers[queue.slug], queue.slug == current)
        for queue in shown
    ]  # fmt: skip


def _number(queue: Queue, person: Person, at: datetime) -> tuple[int | None, bool]:
    count = queue.count(person, at)
    return count, bool(count) and queue.due(person, at)


def desk_context(request: HttpRequest, current: str = "", *, menu: str = "inbox") -> dict[str, Any]:
    """What base_desk.html and `cocreation/desk/side.html` need; add your own to it."""
    tasks = tasks_of(request.user, clock.now(), current)  # type: ignore[arg-type]
    return {
        "tasks": tasks,
        "tasks_total": sum(task.count or 0 for task in tasks),
        "current_task": current,
        "menu": menu,
        "may_configure": roles_of(person_of(request)).may_read_drafts,
    }
