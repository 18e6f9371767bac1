"""Who a token speaks for."""

from __future__ import annotations

from typing import Any

from django.urls import path
from rest_framework import serializers

from groundwork.webapi.shown import Shown, moment, words
from groundwork.webapi.view import Asked, Endpoint, reads


class MeOut(Shown):
    name = words("Your public name.", source="person.public_name")
    language = words(source="person.language")
    organisations = serializers.ListField(
        child=serializers.CharField(), help_text="Slugs of those you may write for."
    )
    scopes = serializers.ListField(
        child=serializers.CharField(), help_text="What this token opens; empty in a browser."
    )
    ends = moment("When the token ends by itself.", allow_null=True)


class Me(Endpoint):
    tag = "me"

    @reads(MeOut, id="me", words="Who am I?", needs_person=True)
    def get(self, asked: Asked) -> dict[str, Any]:
        token, person = asked.request.auth, asked.person
        slugs = person.memberships.confirmed().values_list("organisation__slug", flat=True)
        return {
            "person": person, "organisations": sorted(slugs), "scopes": token.scopes if token else [],
            "ends": token.ends if token else None,
        }  # fmt: skip


urlpatterns = [path("me", Me.as_view(), name="me")]
