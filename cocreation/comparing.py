"""Two versions of one form beside each other: what I typed and what somebody else saved meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from cocreation.forms import BilingualForm, PhaseForm
from groundwork.answer import Words


@dataclass(frozen=True, slots=True)
class Difference:
    label: Words
    mine: Words
    theirs: Words


def differences(mine: BilingualForm, theirs: BilingualForm) -> list[Difference]:
    """The fields in which the two differ, in words, in the order of the form."""
    pairs = zip(_shown(mine), _shown(theirs), strict=True)
    return [
        Difference(label, one or "–", other or "–")
        for (label, one), (_label, other) in pairs
        if str(one) != str(other)
    ]


def _shown(form: BilingualForm) -> Iterator[tuple[Words, Words]]:
    for field in form:
        if field.name != "version" and not field.name.startswith("audience_"):
            yield field.label, _said(field)
    if isinstance(form, PhaseForm):
        for block in form.blocks():
            yield block.ways[0].level.label, block.sentence


def _said(field: forms.BoundField) -> str:
    value: Any = field.value()
    if isinstance(field.field, forms.SplitDateTimeField):
        return _moment(value)
    if isinstance(field.field, forms.BooleanField):
        return _("yes") if value else _("no")
    choices: Any = getattr(field.field, "choices", None)
    if choices is not None:
        names = {str(slug): str(name) for slug, name in choices}
        chosen = value if isinstance(value, list | tuple) else [value]
        keys = [str(getattr(each, "pk", each)) for each in chosen if each is not None]
        return ", ".join(name for key, name in names.items() if key in keys)
    return "" if value is None else str(value)


def _moment(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return " ".join(part for part in value or () if part)
