"""What people in Auental have reported as broken or dirty, and what the offices did about it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from cocreation.models import Process
from feedback.defects import actions
from feedback.defects.actions import Report
from feedback.defects.models import Defect, Service
from quartier.builders import make_phase, make_process, set_text

if TYPE_CHECKING:
    from quartier.demo.seed import Town

TEXTS = {
    "question": "question", "lead": "lead", "what_open": "open", "what_fixed": "fixed", "how_decided": "how_decided",
    "decides": "decides", "offline": "offline",
}  # fmt: skip


def plan_defects(town: Town, plan: dict[str, Any]) -> None:
    """A process that stays open, the catalogue, and what happened, each at its own moment."""
    _process(town, plan["process"])
    for each in plan["services"]:
        service = Service(code=each["code"], office=town.offices[each["office"]], days=each["days"])
        for name in ("name", "text", "group"):
            set_text(service, name, each[name])
        service.save()
    for each in plan["defects"]:
        _defect(town, each)


def _process(town: Town, plan: dict[str, Any]) -> Process:
    since = town.at("-200d 09:00")
    process = make_process(
        plan["slug"], plan["title"], office=town.offices[plan["office"]], places=[town.places["auental-land"]],
        published_at=since, texts={ours: plan[theirs] for ours, theirs in TEXTS.items()}, promise="inform", hue="sun",
        pattern="streets", minutes=2,
    )  # fmt: skip
    make_phase(process, "melden", "defects", plan["phase"], text=plan["phase_text"], starts=since, ends=None)
    return process


def _defect(town: Town, plan: dict[str, Any]) -> None:
    made: list[Defect] = []

    def report() -> None:
        service = Service.objects.select_related("office").get(code=plan["service"])
        made.append(
            actions.report_defect(
                report=Report(
                    service, plan["text"], town.places[plan["place"]], plan["language"], plan["address"], plan.get("x"),
                    plan.get("y"),
                ),
                by=town.people[plan["by"]], at=town.at(plan["at"]),
            )
        )  # fmt: skip

    def answer(said: dict[str, Any]) -> None:
        actions.answer_defect(
            defect=made[0], status=said["status"], reason={"de": said["de"], "en": said["en"]},
            by=town.officials[said["by"]], at=town.at(said["at"]),
            next_date=town.at(said["next"]).date() if "next" in said else None,
        )  # fmt: skip

    town.on(town.at(plan["at"]), report)
    for said in plan.get("answers", []):
        town.on(town.at(said["at"]), partial(answer, said))
