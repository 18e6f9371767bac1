"""Setting up a process: from its recipe over its texts and dates to its publication. The forms and actions of the studio."""

from __future__ import annotations

from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import path

from cocreation import actions, lifecycle
from cocreation.api import PhaseOut, ProcessOut, process_named
from cocreation.care_forms import ask_for_reason, reason_in
from cocreation.desk import door
from cocreation.forms import NewProcessForm, PhaseForm, TextsForm
from cocreation.models import Office, Phase, Place, Process
from cocreation.roles import may_configure, roles_of
from groundwork.answer import require
from groundwork.html.forms import MomentField
from groundwork.webapi.bodies import Body, by_slug
from groundwork.webapi.scopes import CONFIGURE
from groundwork.webapi.view import Asked, Endpoint, Made, writes

WHY = {
    "reason_de": forms.CharField(max_length=600, required=False),
    "reason_en": forms.CharField(max_length=600, required=False),
}
ABOUT_WHY = {
    "reason_de": "Why, in public and in German: needed once the first phase has begun.",
    "reason_en": "The same in English.",
    "version": "The `version` you have read: what somebody else changed since is not overwritten.",
}
NEW = Body(
    NewProcessForm, names={"office": by_slug(Office), "places": by_slug(Place)},
    more={"recipe": forms.CharField(max_length=40)},
    about={"recipe": "Slug of a recipe of the studio.", "office": "Slug of the office.", "places": "Slugs of places."},
    example={
        "recipe": "participatory_budget", "title_de": "Bürgerhaushalt", "title_en": "Budget", "office": "parks",
        "places": ["auental"], "starts": "2027-05-23T08:00:00+02:00",
    },
)  # fmt: skip


class _Texts(Body):
    """The form makes its fields from the columns of a process."""

    def fields(self) -> dict[str, forms.Field]:
        own = {name: each for name, each in _text_fields().items() if name not in self.without}
        return {**own, **self.more}


def _text_fields() -> dict[str, forms.Field]:
    columns = {
        f"{name}_{code}": forms.CharField(max_length=Process._meta.get_field(name).max_length, required=False)  # type: ignore[union-attr]
        for name in actions.TEXTS
        for code in ("de", "en")
    }
    return {**columns, **TextsForm.base_fields}


TEXTS = _Texts(
    more=WHY, names={"office": by_slug(Office), "places": by_slug(Place)}, optional=("office", "promise", "minutes", "hue", "pattern"),
    about=ABOUT_WHY | {"office": "Slug of the office.", "places": "Slugs of places."},
    example={"question_de": "Was soll entstehen?", "question_en": "What should be built?"},
)  # fmt: skip
DATES = Body(
    more={
        "name_de": forms.CharField(max_length=80, required=False), "name_en": forms.CharField(max_length=80, required=False),
        "text_de": forms.CharField(max_length=200, required=False), "text_en": forms.CharField(max_length=200, required=False),
        "starts": MomentField(required=False), "ends": MomentField(required=False),
        "lane": forms.IntegerField(required=False, min_value=0, max_value=9),
        "acts": forms.MultipleChoiceField(required=False),
        "version": forms.IntegerField(required=False, min_value=0), **WHY,
    },
    about=ABOUT_WHY | {
        "name_de": "Name of the phase in German.", "name_en": "In English.", "text_de": "One sentence about it in German.",
        "text_en": "In English.", "starts": "It begins at this moment.", "ends": "It ends before this moment.",
        "lane": "Lanes run side by side; the first is 0.", "acts": "What is possible in it, of what its method offers.",
    },
    example={"starts": "2027-05-23T08:00:00+02:00", "ends": "2027-06-20T08:00:00+02:00"},
)  # fmt: skip


def _studio(asked: Asked) -> None:
    require(door(roles_of(asked.person), lambda roles: roles.may_configure))


def find_draft(slug: str, asked: Asked) -> Process:
    """Unknown to those who may not see it, refused to those who may not change it: as in the studio."""
    found = process_named(slug, asked.person)
    _studio(asked)
    require(may_configure(asked.person, found))
    return found


class NewProcess(Endpoint):
    tag = "studio"

    @writes(
        ProcessOut, id="createProcess", words="A draft from a recipe", scope=CONFIGURE, body=NEW, status=201
    )
    def post(self, asked: Asked) -> Made:
        """The recipe plans all phases from the given start."""
        _studio(asked)
        form = NewProcessForm(NEW.read(asked.sent), person=asked.person)
        NEW.check(form)
        data: dict[str, Any] = form.cleaned_data
        made = actions.create_process(
            recipe=form.recipes[data["recipe"]], title={"de": data["title_de"], "en": data["title_en"]}, office=data["office"],
            places=list(data["places"]), starts=data["starts"], by=asked.person, at=asked.at,
        )  # fmt: skip
        return Made(process_named(made.slug, asked.person), f"/api/v1/processes/{made.slug}")


class Texts(Endpoint):
    tag = "studio"

    @writes(ProcessOut, id="changeProcess", words="Change its texts and facts", scope=CONFIGURE, body=TEXTS)
    def patch(self, asked: Asked, slug: str) -> Process:
        """What is not sent stays. What is public stays complete."""
        process = find_draft(slug, asked)
        stored = ask_for_reason(TextsForm(process=process), process, asked.at)
        form = TextsForm(TEXTS.read(asked.sent, stored), process=process)
        ask_for_reason(form, process, asked.at)
        TEXTS.check(form)
        actions.change_process(
            process=process, texts=form.texts(), settings=form.settings(), places=list(form.cleaned_data["places"]),
            seen=form.seen(), by=asked.person, at=asked.at, reason=reason_in(form),
        )  # fmt: skip
        return process_named(slug, asked.person)


class OnePhase(Endpoint):
    tag = "studio"

    @writes(
        PhaseOut,
        id="changePhase",
        words="Change a phase: its dates, its names, what is possible",
        scope=CONFIGURE,
        body=DATES,
    )
    def patch(self, asked: Asked, slug: str, key: str) -> Phase:
        """What is not sent stays. A date that has passed cannot move."""
        process = find_draft(slug, asked)
        found = get_object_or_404(Phase, process=process, key=key)
        found.process = process
        stored = ask_for_reason(PhaseForm(phase=found), process, asked.at)
        form = PhaseForm(DATES.read(asked.sent, stored), phase=found)
        ask_for_reason(form, process, asked.at)
        DATES.check(form)
        actions.change_phase(
            phase=found,
            change=form.change(),
            seen=form.seen(),
            by=asked.person,
            at=asked.at,
            reason=reason_in(form),
        )
        return Phase.objects.select_related("process").get(pk=found.pk)


class Publication(Endpoint):
    tag = "studio"

    @writes(ProcessOut, id="publishProcess", words="Publish it", scope=CONFIGURE)
    def post(self, asked: Asked, slug: str) -> Process:
        """Refused while something is missing; the studio lists what."""
        process = find_draft(slug, asked)
        lifecycle.publish_process(process=process, by=asked.person, at=asked.at)
        return process_named(slug, asked.person)


urlpatterns = [
    path("studio/processes", NewProcess.as_view(), name="studio_processes"),
    path("studio/processes/<slug:slug>", Texts.as_view(), name="studio_process"),
    path("studio/processes/<slug:slug>/phases/<slug:key>", OnePhase.as_view(), name="studio_phase"),
    path("studio/processes/<slug:slug>/publication", Publication.as_view(), name="studio_publication"),
]
