"""What this room declares: its tab, and what happens to tokens when an account closes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts import hooks
from accounts.tokens import actions
from groundwork.jobs.retention import Rule, rules

if TYPE_CHECKING:
    from accounts.models import Person

hooks.tabs.add("tokens", hooks.Tab("tokens", _("Programs"), "tokens:tokens", order=70))


def _close(person: Person, at: datetime) -> None:
    person.tokens.all().delete()


hooks.closing.add("tokens", _close)
rules.add(
    "tokens",
    Rule(
        "tokens",
        _("Keys of programs"),
        _("90 days after their end"),
        ("tokens.Token",),
        actions.forget_tokens,
    ),
)
