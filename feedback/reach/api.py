"""One's own answers about oneself, for programs: nobody else's, and no write is answered with what it said."""

from __future__ import annotations

from typing import Any

from django.urls import path
from rest_framework import serializers

from accounts.privacy.models import Consent
from feedback.reach import asking, own
from feedback.reach.catalogue import CHOICES, RATHER_NOT
from feedback.reach.forms import AnswersForm
from groundwork.answer import require
from groundwork.webapi.bodies import Body
from groundwork.webapi.scopes import CONTRIBUTE
from groundwork.webapi.shown import Shown
from groundwork.webapi.view import Asked, Endpoint, reads, writes

PROGRAM = Consent.Channel.PROGRAM
SLUGS = [slug for slug, _words in CHOICES]


class AboutMeOut(Shown):
    asked = serializers.ListField(
        child=serializers.ChoiceField(choices=[(slug, slug) for slug in SLUGS]),
        help_text="What the city asks; each is optional.",
    )
    answers = serializers.DictField(
        child=serializers.CharField(),
        allow_null=True,
        help_text=f"Your answers by question; `{RATHER_NOT}`: you would rather not say. null: you said nothing.",
    )
    agrees = serializers.BooleanField(help_text="Whether your consent stands.")


BODY = Body(
    AnswersForm,
    about={
        **{slug: f"{words}" for slug, words in CHOICES},
        "agrees": "Your consent; without it only that you would rather not say is kept.",
    },
)


class AboutMe(Endpoint):
    tag = "me"

    @reads(
        AboutMeOut, id="readAboutMe", words="What I said about myself", scope=CONTRIBUTE, needs_person=True
    )
    def get(self, asked: Asked) -> dict[str, Any]:
        require(own.may_tell(asked.person, asked.at))
        return {
            "asked": asking.of_city(), "answers": own.told(asked.person), "agrees": own.agrees(asked.person),
        }  # fmt: skip

    @writes(
        None, id="sayAboutMe", words="Say something about myself", scope=CONTRIBUTE, body=BODY,
        about="In place of what you said before. What you leave out counts as “I would rather not say”.",
    )  # fmt: skip
    def put(self, asked: Asked) -> None:
        require(own.may_tell(asked.person, asked.at))
        form = AnswersForm(BODY.read(asked.sent), asked=asking.of_city())
        BODY.check(form, asked.sent)
        own.tell(
            person=asked.person, answers=form.answers, agreed=form.cleaned_data["agrees"], channel=PROGRAM,
            at=asked.at,
        )  # fmt: skip

    @writes(None, id="takeBackAboutMe", words="Take back what I said about myself", scope=CONTRIBUTE)
    def delete(self, asked: Asked) -> None:
        own.take_back(person=asked.person, channel=PROGRAM, at=asked.at)


urlpatterns = [path("me/about-me", AboutMe.as_view(), name="about_me")]
