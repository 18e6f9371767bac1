"""What the page of a commitment shows beside its line: news with pictures, money, hands, tasks and what people say of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cocreation.models import Attachment, Contribution
from cocreation.pictures import COLUMNS, shown
from feedback import keeping_rules
from feedback.keeping_forms import HoursForm, TakeOnForm
from feedback.models import Commitment, Ending, Opinion, Pledge, Release, Reopening, Spending, Task, Update
from groundwork import small_numbers
from groundwork.answer import Answer, No

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from accounts.models import Person


@dataclass(frozen=True)
class News:
    update: Update
    gallery: dict[str, Any]


def news_of(commitment: Commitment, person: Person | None) -> list[News]:
    """What the office told, newest first, with its files. Two queries."""
    visible = Contribution.objects.visible_to(person)
    updates = list(Update.objects.filter(commitment=commitment, contribution__in=visible))
    rows: dict[int, list[dict[str, Any]]] = {}
    beside = Attachment.objects.filter(contribution__in=[update.pk for update in updates])
    for row in beside.order_by("order", "id").values(*COLUMNS, "contribution_id") if updates else ():
        rows.setdefault(row["contribution_id"], []).append(row)
    return [News(update, _gallery(rows.get(update.pk, []))) for update in updates]


def _gallery(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    found = shown(rows)
    return {
        "pictures": [each for each in found if each.is_image],
        "documents": [each for each in found if not each.is_image],
    }


# --- tasks ---


@dataclass
class Doing:
    """A task as a reader sees it."""

    task: Task
    taken: int = 0
    answer: Answer | None = None
    mine: Pledge | None = None
    form: Any = None
    hours_form: Any = None

    @property
    def left(self) -> int:
        return max(0, self.task.people - self.taken)

    @property
    def why_not(self) -> str:
        return self.answer.sentence if isinstance(self.answer, No) else ""

    @property
    def may_begin(self) -> bool:
        """Also whoever only has to sign in first sees the button."""
        return bool(self.answer) or (isinstance(self.answer, No) and self.answer.identify)


@dataclass
class Thanks:
    """Hours given, and who agreed to be named for them; the others are a number."""

    hours: Decimal = Decimal(0)
    people: int = 0
    named: list[str] = field(default_factory=list)

    @property
    def unnamed(self) -> int:
        return self.people - len(self.named)


def tasks_of(commitment: Commitment, person: Person | None, at: datetime) -> tuple[list[Doing], Thanks]:
    """Two queries, one more for somebody who may take something on."""
    tasks = list(Task.objects.filter(commitment=commitment))
    doing = {task.pk: Doing(task) for task in tasks}
    thanks = Thanks()
    pledges = Pledge.objects.standing().filter(task__in=tasks).select_related("person", "organisation")
    for pledge in pledges if tasks else ():
        here = doing[pledge.task_id]
        here.taken += 1
        if person is not None and pledge.person_id == person.pk:
            here.mine = pledge
        if pledge.hours_done:
            thanks.hours += pledge.hours_done
            thanks.people += 1
            if name := named(pledge):
                thanks.named.append(name)
    thanks.named = list(dict.fromkeys(thanks.named)) if thanks.named else []
    thanks.people = max(thanks.people, len(thanks.named))
    for here in doing.values():
        here.task.commitment = commitment
        here.answer = keeping_rules.may_take_on(person, here.task, at, here.taken)
        if here.mine is not None:
            here.hours_form = HoursForm(
                initial={"hours": here.mine.hours_done or here.task.hours}, auto_id=f"id_t{here.task.pk}_%s"
            )
        elif here.may_begin:
            here.form = TakeOnForm(person, auto_id=f"id_t{here.task.pk}_%s")
    return list(doing.values()), thanks


def named(pledge: Pledge) -> str:
    """The name they agreed to be thanked by; "" for all others, and for whoever closed their account."""
    if not pledge.is_named:
        return ""
    if pledge.organisation:
        return str(pledge.organisation.name)
    return str(pledge.person.public_name) if pledge.person else ""


# --- does it work? ---


@dataclass(frozen=True)
class Bar:
    words: str | _StrPromise
    n: int
    share: float


@dataclass(frozen=True)
class Result:
    """What one group of people said, as it was shown last; `missing`: so many answers more until anything is shown."""

    source: Any
    answers: int
    missing: int
    release: Release | None
    questions: list[tuple[str, list[Bar]]]


def results_of(commitment: Commitment) -> list[Result]:
    """People concerned, then the answers from the poster, apart. Two queries."""
    if not commitment.delivered_at:
        return []
    last: dict[str, Release] = {}
    for release in Release.objects.filter(commitment=commitment).order_by("pk"):
        last[release.source] = release
    poster = commitment.poster_answers.count()
    found = []
    for source, answers in (
        (Release.Source.PEOPLE, commitment.opinions_count),
        (Release.Source.POSTER, poster),
    ):
        if answers or source == Release.Source.PEOPLE:
            release_shown = last.get(source.value)
            found.append(
                Result(
                    source, answers, 0 if release_shown else small_numbers.missing(answers), release_shown,
                    _questions(release_shown) if release_shown else [],
                )
            )  # fmt: skip
    return found


def _questions(release: Release) -> list[tuple[str, list[Bar]]]:
    from feedback.keeping_forms import WorksForm

    labels = {name: str(field.label) for name, field in WorksForm.base_fields.items()}
    kinds: list[tuple[str, str, Any]] = [
        (labels["value"], "", Opinion.Value), (labels["as_promised"], "promised_", Opinion.Value),
        (labels["used"], "used_", Opinion.Used),
    ]  # fmt: skip
    found = []
    for words, prefix, values in kinds:
        numbers = [(value.label, getattr(release, f"{prefix}{value.value}")) for value in values]
        if any(n is None for _label, n in numbers):
            continue
        whole = sum(n for _label, n in numbers) or 1
        found.append((words, [Bar(label, n, 100 * n / whole) for label, n in numbers]))
    return found


def on_its_way(commitment: Commitment, person: Person | None, at: datetime) -> dict[str, Any]:
    """Everything for the page. About ten queries, fewer where there is nothing."""
    doing, thanks = tasks_of(commitment, person, at)
    hands = list(commitment.hand_overs.select_related("old_office", "new_office"))
    return {
        "news": news_of(commitment, person),
        "spendings": list(Spending.objects.filter(commitment=commitment)),
        "over_budget": commitment.budget is not None and commitment.spent > commitment.budget,
        "hands": list(reversed(hands)),
        "ending": Ending.objects.filter(commitment=commitment).first() if commitment.given_up_at else None,
        "again": Reopening.objects.filter(commitment=commitment)
        .select_related("contribution__proposal")
        .first()
        if commitment.delivered_at
        else None,
        "tasks": doing,
        "thanks": thanks,
        "results": results_of(commitment),
        "k": small_numbers.k(),
        "too_few": keeping_rules.TOO_FEW,
    }
