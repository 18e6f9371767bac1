"""Who is told what around answers, and in which words: reminders to offices, questions, adopted texts, clocks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cocreation.news import News, Said, news
from feedback.models import FollowUp, Plan
from groundwork import clock
from groundwork.html import say
from proposals import memory


def _day(data: Mapping[str, Any]) -> str:
    return say.day(date.fromisoformat(data["due"]) if "due" in data else clock.now())


def _office(data: Mapping[str, Any]) -> str:
    return next((each.name for each in memory.offices.all().values() if each.slug == data.get("office")), "")


def _reminded(data: Mapping[str, Any], row: Any) -> Said:
    n = data.get("n", 1)
    if data.get("step") == "late":
        words = ngettext(
            "%(n)s answer is overdue since %(day)s", "%(n)s answers are overdue since %(day)s", n
        )
        text = _("Everybody can see on the pages that it is late.")
    else:
        words = ngettext("%(n)s answer is due by %(day)s", "%(n)s answers are due by %(day)s", n)
        text = ""
    return Said(words % {"n": n, "day": _day(data)}, text)


def _escalated(data: Mapping[str, Any], row: Any) -> Said:
    n = data.get("n", 1)
    words = ngettext(
        "%(n)s answer of your office is overdue since %(day)s",
        "%(n)s answers of your office are overdue since %(day)s",
        n,
    )
    text = _("%(office)s was reminded and has not answered. You hear of it because you lead the office.")
    return Said(words % {"n": n, "day": _day(data)}, text % {"office": _office(data)})


def _started(data: Mapping[str, Any], row: Any) -> Said:
    words = _("The city answers by %(day)s") % {"day": _day(data)}
    text = ngettext(
        "%(n)s person supports it: that gives it a date of its own.",
        "%(n)s people support it: that gives it a date of its own.",
        data.get("supports", 1),
    )
    return Said(words, text % {"n": data.get("supports", 1)})


def _published(data: Mapping[str, Any], row: Any) -> Said:
    words = ngettext(
        "The city has answered %(n)s contribution",
        "The city has answered %(n)s contributions",
        data.get("n", 1),
    )
    return Said(words % {"n": data.get("n", 1)})


def _handed_in(data: Mapping[str, Any], row: Any) -> Said:
    return Said(_("An answer waits for you as its second reader"))


def _returned(data: Mapping[str, Any], row: Any) -> Said:
    return Said(_("The second reader has sent your answer back"), _("The draft says what is missing."))


def _asked(data: Mapping[str, Any], row: FollowUp | None) -> Said:
    return Said(_("The author asks about your answer"), "", row.question if row else "")


def _explained(data: Mapping[str, Any], row: FollowUp | None) -> Said:
    return Said(
        _("The office has replied to the question about its answer"),
        "",
        row.reply if row else "",
        _office(data),
    )


def _plan(data: Mapping[str, Any], row: Plan | None) -> Said:
    return Said(_("The city has adopted: %(title)s") % {"title": row.title if row else ""})


def _landed(data: Mapping[str, Any], row: Plan | None) -> Said:
    found = data.get("paragraphs", [1])
    numbers = ", ".join(map(str, found))
    words = ngettext(
        "It stands behind paragraph %(numbers)s of “%(title)s”",
        "It stands behind paragraphs %(numbers)s of “%(title)s”",
        len(found),
    )
    return Said(words % {"numbers": numbers, "title": row.title if row else ""})


def _follow_ups(keys: set[int]) -> Mapping[int, Any]:
    return FollowUp.objects.in_bulk(keys)


def _plans(keys: set[int]) -> Mapping[int, Any]:
    return Plan.objects.in_bulk(keys)


def _desk(data: Mapping[str, Any]) -> str:
    return reverse("feedback:desk_answers")


def _draft(data: Mapping[str, Any]) -> str:
    return reverse("feedback:desk_draft", args=[data.get("draft", 0)])


def _question(data: Mapping[str, Any]) -> str:
    return reverse("feedback:desk_question", args=[data.get("row", 0)])


def _plan_page(data: Mapping[str, Any]) -> str:
    return reverse("feedback:plan", args=[data.get("plan", 0)])


news.add("reply.clock_started", News("contribution", _started, city=True))
news.add("reply.reminded", News("named", _reminded, url=_desk))
news.add("reply.escalated", News("named", _escalated, url=_desk))
news.add("answers.published", News("process", _published, wide=True))
news.add("answer.handed_in", News("named", _handed_in, url=_draft))
news.add("answer.returned", News("named", _returned, url=_draft))
news.add("answer.questioned", News("named", _asked, rows=_follow_ups, url=_question))
news.add("answer.explained", News("contribution", _explained, city=True, rows=_follow_ups))
news.add("plan.published", News("process", _plan, rows=_plans, url=_plan_page))
news.add("contribution.landed", News("followers", _landed, city=True, rows=_plans, url=_plan_page))
