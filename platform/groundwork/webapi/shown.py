"""What leaves the house: serializers that only read, with every field named."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from groundwork.webapi.view import Asked


class Shown(serializers.Serializer):  # type: ignore[type-arg]
    """Base of all answers. `self.asked` knows who reads; `prepare(rows, asked)` fetches for a whole list what its rows need."""

    @property
    def asked(self) -> Asked:
        asked: Asked = self.context["asked"]
        return asked

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.read_only = True


def words(about: str = "", **more: Any) -> serializers.CharField:
    return serializers.CharField(help_text=about, **more)


def moment(about: str = "", **more: Any) -> serializers.DateTimeField:
    return serializers.DateTimeField(help_text=about, **more)


def both(thing: Any, name: str) -> str:
    """A text held in both languages, in the reader's."""
    language = (get_language() or "de")[:2]
    return str(getattr(thing, f"{name}_{language}", "") or getattr(thing, f"{name}_de", "") or "")


def shows(answer: type[Shown], *, many: bool = False) -> Any:
    """What a method of a serializer gives, for the document; null where it was not asked for."""
    return extend_schema_field(answer(many=many, allow_null=True))
