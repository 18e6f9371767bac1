"""From a form of the desk to a public answer: the same for the page and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django import forms
from django.db import transaction

from feedback import actions
from feedback.draft_forms import ManyForm, wording_of
from feedback.forms import AnswerForm
from groundwork import clock

if TYPE_CHECKING:
    from accounts.models import Person
    from feedback.models import AnswerDraft


def typed(form: forms.Form, data: Mapping[str, str]) -> dict[str, str]:
    """What somebody typed into the fields of a form, for a draft."""
    return {name: data.get(name, "") for name in form.fields}


@transaction.atomic
def publish(draft: AnswerDraft, form: AnswerForm | ManyForm, by: Person) -> int:
    """The answer and, when asked for, the promise: both or neither. Returns how many were answered."""
    at, data = clock.now(), form.cleaned_data
    made = actions.publish_draft(draft=draft, wording=wording_of(data), by=by, at=at, seen=draft.version)
    if isinstance(form, AnswerForm) and data["promise"] and draft.contribution is not None:
        actions.promise(
            contribution=draft.contribution, process=draft.process, office=draft.office, title=form.texts("title"),
            due=data["due"], budget=data["budget"], milestones=form.steps(), by=by, at=at,
        )  # fmt: skip
    return len(made)
