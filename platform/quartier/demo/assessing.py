"""What the offices of Auental are at: the queue of an office in the middle of its work."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cocreation.models import Phase, RoleGrant
from proposals import assess_actions as work
from proposals.assess_forms import AssessmentForm, typed
from proposals.findings import Found
from proposals.models import Assignment

if TYPE_CHECKING:
    from accounts.models import Person
    from quartier.demo.seed import Town

TEXTS = Path(__file__).parent / "auental" / "assessing.toml"


def second_of(town: Town, office: str) -> Person:
    """Who else signs for an office: a colleague of its head, else the administration."""
    head = town.officials[office]
    grants = RoleGrant.objects.filter(role=RoleGrant.Role.OFFICIAL, office=town.offices[office])
    other = grants.exclude(person=head).order_by("pk").first()
    return other.person if other is not None else town.people["sofia-lindqvist"]


def work_in_the_offices(town: Town) -> None:
    with TEXTS.open("rb") as file:
        plan = tomllib.load(file)
    phase = Phase.objects.select_related("process").get(process__slug=plan["process"], method="assessment")
    phase.set_opts(phase.kind.options(signatures="always", by_theme=plan["by_theme"].strip()))
    phase.save()
    work.assign_what_waits((phase.starts or town.today) + timedelta(hours=1), [phase])
    plans = read_titles(plan["process"])

    def at_work(each: dict[str, Any]) -> Assignment:
        return Assignment.objects.held().get(
            proposal__process=phase.process, proposal__title=plans[each["number"]],
            office=town.offices[each["office"]],
        )  # fmt: skip

    for each in plan["taken"]:
        by = town.people[each["by"]]
        work.take(assignment=at_work(each), person=by, by=by, at=town.at(each["at"]))
    for each in plan["handed"]:
        work.hand_on(
            assignment=at_work(each), to=town.offices[each["to"]], reason=each["reason"],
            by=town.people[each["by"]], at=town.at(each["at"]),
        )  # fmt: skip
    for each in plan["questions"]:
        _ask(town, at_work(each), each)
    for each in plan["drafts"]:
        _draft(town, at_work(each), each)
    for each in [*plan["published"], *plan["waiting"]]:
        by, at = town.people[each["by"]], town.at(each["at"])
        assignment = at_work(each)
        work.hand_in(
            assignment=assignment,
            content=each["content"],
            found=_found(each["content"]),
            by=by,
            at=at,
            seen=0,
        )
        if "signed_by" in each:
            signer, later = town.people[each["signed_by"]], at + timedelta(hours=2)
            work.sign(assignment=assignment, found=_found(each["content"]), by=signer, at=later, seen=1)
    for each in plan["late"]:
        Assignment.objects.filter(pk=at_work(each).pk).update(due=town.at(each["due"]))


def read_titles(slug: str) -> dict[int, str]:
    with (TEXTS.parent / "processes" / f"{slug}.toml").open("rb") as file:
        return {each["number"]: each["title"][each["language"]] for each in tomllib.load(file)["proposals"]}


def _found(content: dict[str, str]) -> Found:
    form = AssessmentForm(typed(content))
    assert form.is_valid(), form.errors
    return form.found


def _draft(town: Town, assignment: Assignment, each: dict[str, Any]) -> None:
    by, at = town.people[each["by"]], town.at(each["at"])
    if "returned" not in each:
        work.save_draft(assignment=assignment, content=each["content"], by=by, at=at, seen=0)
        return
    work.hand_in(
        assignment=assignment, content=each["content"], found=_found(each["content"]), by=by, at=at, seen=0
    )
    work.send_back(
        assignment=assignment,
        note=each["returned"],
        by=town.people[each["returned_by"]],
        at=at + timedelta(hours=3),
    )


def _ask(town: Town, assignment: Assignment, each: dict[str, Any]) -> None:
    at: datetime = town.at(each["at"])
    asked = work.ask_authors(
        assignment=assignment,
        question=each["question"],
        due=town.at(each["due"]),
        by=town.people[each["by"]],
        at=at,
    )
    if "answer" in each:
        work.answer_office(
            clarification=asked,
            answer=each["answer"],
            by=town.people[each["answered_by"]],
            at=town.at(each["answered"]),
        )
