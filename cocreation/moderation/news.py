"""What people are told of moderation, in words: the author the statement of reasons, the reporters what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cocreation.moderation.models import Appeal, Decision
from cocreation.news import News, Said, news
from groundwork.html import say


def decisions(keys: set[int]) -> Mapping[int, Decision]:
    return Decision.objects.prefetch_related("appeals").in_bulk(keys)


def _statement(facts: Mapping[str, Any]) -> str:
    row = facts.get("row")
    return reverse("moderation:statement_of", args=[row]) if row else reverse("accounts:me")


def _reasons(row: Decision) -> str:
    until = _("You can appeal until %(day)s. Somebody else decides.") % {"day": say.day(row.appeal_until)}
    return " ".join(
        [
            _("Rule: %(rule)s.") % {"rule": row.rule_name},
            _("Fact: %(fact)s") % {"fact": row.fact},
            _("A person decided this, not a machine.") if not row.automated else _("This was decided automatically."),
            until,
        ]
    )  # fmt: skip


def _hidden(facts: Mapping[str, Any], row: Decision | None) -> Said:
    short = _("Your contribution was taken off the pages")
    if row is None:
        reason = str(facts.get("reason", ""))
        return Said(short, "", reason, _("Moderation") if reason else "")
    return Said(short, _reasons(row), row.reason, _("Moderation"))


def _held(facts: Mapping[str, Any], row: Decision | None) -> Said:
    short = _("Please change your text: until then nobody else sees it")
    if row is None:
        return Said(short)
    return Said(short, _reasons(row), row.reason, _("Moderation"))


def _released(facts: Mapping[str, Any], row: Decision | None) -> Said:
    return Said(_("Moderation has looked at it: everybody sees your contribution now"))


def _decided(facts: Mapping[str, Any], row: Decision | None) -> Said:
    """To the author, after an appeal: theirs, or one of somebody who had reported it."""
    if facts.get("outcome") == Appeal.Outcome.REVERSED:
        short = _("Somebody else looked again: the first decision was reversed")
    else:
        short = _("Somebody else looked again: the first decision stands")
    return Said(short, "", _last_reason(row), _("Moderation"))


def _answered(facts: Mapping[str, Any], row: Decision | None) -> Said:
    """To those who reported it."""
    if row is None:
        return Said(_("Moderation has decided about what you reported"))
    appeals = [each for each in row.appeals.all() if each.decided_at]
    if appeals:
        words = {
            True: _("After an appeal, the decision about what you reported was reversed"),
            False: _("After an appeal, the decision about what you reported stands"),
        }
        return Said(
            words[appeals[-1].outcome == Appeal.Outcome.REVERSED], "", appeals[-1].reason, _("Moderation")
        )
    if row.outcome == Decision.Outcome.FINE:
        short = _("What you reported breaks no rule and stays")
        text = _("You can appeal until %(day)s. Somebody else decides.") % {"day": say.day(row.appeal_until)}
        return Said(short, text, row.reason, _("Moderation") if row.reason else "")
    if row.outcome == Decision.Outcome.CHANGE:
        return Said(_("You were right: the author was asked to change what you reported"))
    return Said(_("You were right: what you reported was taken off the pages"))


def _last_reason(row: Decision | None) -> str:
    decided = [each for each in row.appeals.all() if each.decided_at] if row else []
    return decided[-1].reason if decided else ""


news.add("contribution.hidden", News("author", _hidden, rows=decisions, url=_statement))
news.add("contribution.held", News("author", _held, rows=decisions, url=_statement))
news.add("contribution.released", News("author", _released))
news.add("moderation.appeal_decided", News("author", _decided, rows=decisions, url=_statement))
news.add(
    "moderation.reports_answered",
    News("named", _answered, rows=decisions, url=lambda facts: reverse("moderation:mine")),
)
