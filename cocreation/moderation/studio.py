"""The section of the studio: the rules of a process, what waits, and the limits."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from cocreation.moderation import actions
from cocreation.moderation.forms import WatchForm
from cocreation.moderation.models import Watch
from cocreation.moderation.standard import rules_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.forms import BaseForm

    from accounts.models import Person
    from cocreation.models import Process


def _form(process: Process, data: Mapping[str, Any] | None = None) -> WatchForm:
    watch = Watch.objects.filter(process=process).first() or Watch(process=process)
    return WatchForm(data, instance=watch, rules=rules_of(process), label_suffix="")


def context(process: Process, person: Person, at: datetime) -> dict[str, Any]:
    return {"form": _form(process), "process": process}


def handle(process: Process, person: Person, at: datetime, data: Mapping[str, Any]) -> BaseForm | None:
    form = _form(process, data)
    if not form.is_valid():
        return form
    actions.set_rules(process=process, rules=form.wanted(), watch=form.watched(), by=person, at=at)
    return None
