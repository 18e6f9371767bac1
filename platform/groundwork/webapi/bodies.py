"""Bodies of writes. A body is the page's own form, read from JSON: its fields, limits and sentences stand in one place.

body = Body(ProposalForm, names={"place": by_slug(Place)})
form = ProposalForm(body.read(sent), process=process, person=person)
body.check(form)         # Problem 422 with the sentences of the form
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from groundwork.answer import Words
from groundwork.webapi.problems import Problem, invalid

# A name as the interface gives it -> the value the form knows. What is unknown stays unknown.
Naming = Callable[[str], str]
LONGEST_NUMBER = 10**15


def by_slug(model: Any, slug: str = "slug") -> Naming:
    """Things by their slug; the form knows them by key. 0 is nobody's key: the form says that it does not know it."""

    def key(name: str) -> str:
        if "\x00" in name:
            return "0"
        found = model.objects.filter(**{slug: name}).values_list("pk", flat=True).first()
        return str(found if found is not None else 0)

    return key


@dataclass(frozen=True)
class Body:
    """`form` describes the fields; `without` are those of pages only, `more` those a form makes as it goes."""

    form: type[forms.BaseForm] | None = None
    without: Sequence[str] = ()
    more: Mapping[str, forms.Field] = field(default_factory=dict)
    names: Mapping[str, Naming] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""
    optional: Sequence[str] = ()
    example: Mapping[str, Any] = field(default_factory=dict)

    def fields(self) -> dict[str, forms.Field]:
        own = getattr(self.form, "base_fields", {}) if self.form is not None else {}
        return {name: each for name, each in {**own, **self.more}.items() if name not in self.without}

    # --- reading ---

    def read(self, sent: Any, stored: forms.BaseForm | None = None) -> QueryDict:
        """The form's data. With `stored` (the form unbound), what is not sent stays as it is."""
        if not isinstance(sent, dict):
            raise Problem(400, _("The body is no JSON object."))
        fields = self.fields()
        errors: dict[str, list[Words]] = {
            str(name)[:80]: [
                format_lazy(_("There is no such field. Known: {names}."), names=", ".join(fields))
            ]
            for name in sent
            if name not in fields
        }
        data = QueryDict(mutable=True)
        for name, each in fields.items():
            if name in sent:
                if (wrong := _wrong(each, sent[name])) is not None:
                    errors[name] = [wrong]
                elif sent[name] is not None:
                    self._put(data, name, each, self._named(name, sent[name]))
            elif stored is not None and name in stored.fields:
                value = stored.get_initial_for_field(stored.fields[name], name)
                self._put(data, name, stored.fields[name], value)
        for name, each in getattr(stored, "fields", {}).items():
            if stored is not None and name not in fields:
                self._put(data, name, each, stored.get_initial_for_field(each, name))
        if errors:
            raise invalid(errors)
        return data

    def _named(self, name: str, value: Any) -> Any:
        naming = self.names.get(name)
        if naming is None or not value:
            return value
        return [naming(each) for each in value] if isinstance(value, list) else naming(value)

    def _put(self, data: QueryDict, name: str, each: forms.Field, value: Any) -> None:
        key = f"{self.prefix}-{name}" if self.prefix else name
        typed = _typed_in(each, value)
        if isinstance(typed, dict):
            for part, text in typed.items():
                data[f"{key}{part}"] = text
        elif isinstance(typed, list):
            data.setlist(key, typed)
        elif typed is not None:
            data[key] = typed

    def check(
        self, form: forms.BaseForm, sent: Mapping[str, Any] | None = None, besides: Sequence[str] = ()
    ) -> None:
        """Raises Problem 422 unless the form is valid. What was `sent` and the form does not ask of this person is said too;
        `besides`: what the endpoint reads itself."""
        for name, value in (sent or {}).items():
            if name not in form.fields and name not in besides and value not in (None, "", False):
                form.errors.setdefault(name, form.error_class([str(_("This is not asked of you here."))]))
        if not form.is_valid():
            raise invalid(
                {
                    "" if name == "__all__" else name: [str(words) for words in sentences]
                    for name, sentences in form.errors.items()
                }
            )

    # --- describing ---

    def schema(self) -> dict[str, Any]:
        fields = self.fields()
        found: dict[str, Any] = {
            "type": "object",
            "additionalProperties": False,
            "properties": {name: self._property(name, each) for name, each in fields.items()},
        }
        required = [name for name, each in fields.items() if each.required and name not in self.optional]
        if required:
            found["required"] = required
        if self.example:
            found["examples"] = [dict(self.example)]
        return found

    def _property(self, name: str, each: forms.Field) -> dict[str, Any]:
        found = _kind(each, named=name in self.names)
        words = self.about.get(name) or ". ".join(
            str(part).rstrip(".") for part in (each.label, each.help_text) if part
        )
        if words:
            found["description"] = words
        return found


def _kind(each: forms.Field, *, named: bool) -> dict[str, Any]:
    if isinstance(each, forms.BooleanField):
        return {"type": "boolean"}
    if isinstance(each, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
        return {"type": "array", "maxItems": 50, "items": {"type": "string", "maxLength": 80}}
    if isinstance(each, forms.DecimalField):
        return {"type": "string", "maxLength": 20, "examples": ["8400", "8400.50"]}
    if isinstance(each, forms.FloatField):
        return {"type": "number", **_ends(each)}
    if isinstance(each, forms.IntegerField):
        return {"type": "integer", **_ends(each)}
    if isinstance(each, forms.SplitDateTimeField | forms.DateTimeField):
        return {"type": "string", "format": "date-time"}
    if isinstance(each, forms.DateField):
        return {"type": "string", "format": "date"}
    found: dict[str, Any] = {"type": "string"}
    # Things of the database are no part of the document.
    offered = not named and not isinstance(each, forms.ModelChoiceField)
    choices = [str(value) for value, _words in getattr(each, "choices", ())] if offered else []
    if choices:
        found["enum"] = choices if each.required else list(dict.fromkeys(["", *choices]))
    elif isinstance(each, forms.CharField):
        found["maxLength"] = each.max_length or 10_000
        if each.min_length:
            found["minLength"] = each.min_length
    else:
        found["maxLength"] = 80
    return found


def _ends(each: forms.IntegerField) -> dict[str, Any]:
    ends = {"minimum": each.min_value, "maximum": each.max_value}
    return {name: value for name, value in ends.items() if value is not None and not callable(value)}


def _wrong(each: forms.Field, value: Any) -> Words | None:
    """Why this value of JSON cannot be one of this field; None where the form may look at it."""
    if value is None:
        return None
    if isinstance(each, forms.BooleanField):
        return None if isinstance(value, bool) else _("true or false.")
    if isinstance(each, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
        fine = isinstance(value, list) and len(value) <= 50 and all(isinstance(one, str) for one in value)
        return None if fine else _("A list of at most 50 texts.")
    if isinstance(each, forms.FloatField | forms.IntegerField) and not isinstance(each, forms.DecimalField):
        kinds = (int, float) if isinstance(each, forms.FloatField) else (int,)
        fine = isinstance(value, kinds) and not isinstance(value, bool) and abs(value) < LONGEST_NUMBER
        return None if fine else _("A number.")
    if not isinstance(value, str):
        return _("A text.")
    if "\x00" in value:
        return _("A text without the sign 0.")
    if isinstance(each, forms.SplitDateTimeField | forms.DateTimeField) and value and _moment(value) is None:
        return _("A moment, for example 2027-05-23T18:00:00+02:00.")
    return None


def _moment(value: str) -> datetime | None:
    try:
        found = parse_datetime(value)
        if found is None:
            return None
        return timezone.localtime(found) if found.tzinfo else timezone.make_aware(found)
    except (ValueError, OverflowError):
        return None


def _typed_in(each: forms.Field, value: Any) -> Any:
    """The value as a browser would send it."""
    if isinstance(each, forms.BooleanField):
        return "on" if value else None
    if isinstance(each, forms.SplitDateTimeField):
        moment = _moment(value) if isinstance(value, str) else timezone.localtime(value) if value else None
        if moment is None:
            return None
        return {"_0": moment.date().isoformat(), "_1": moment.time().isoformat("seconds")}
    if isinstance(value, list | tuple | set | frozenset | QuerySet):
        return [str(_plain(one)) for one in value]
    value = _plain(value)
    return None if value is None else str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.pk
    return value.isoformat() if isinstance(value, date) else value
