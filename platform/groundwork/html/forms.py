"""Forms in the house look: KERN's fields, errors beside the field and listed on top with links to them.

`Renderer` is the project's FORM_RENDERER, so every Django form (and those of other packages) looks the same
without a word in the form. `{{ form }}` draws all; `{% error_summary form %}` and
`{{ form.title.as_field_group }}` draw parts. Widgets for choices: `Chips`, `ChipBoxes`, `Verdicts`, `Cards`;
fields for a moment in time and for money: `MomentField`, `EuroField`.
"""

# ruff: noqa: S308 - this module builds markup; every value from outside passes escape() or conditional_escape()

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import BaseRenderer, DjangoTemplates
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from groundwork.html.pictures import icon

TYPED_IN = set(
    "text email password number date time datetime-local month week url tel search file".split()  # noqa: SIM905
)


class Renderer(BaseRenderer):
    """Our templates first, then Django's own; KERN's classes on what people type into."""

    @staticmethod
    @lru_cache(maxsize=256)
    def get_template(template_name: str) -> Any:
        try:
            return get_template(template_name)
        except TemplateDoesNotExist:
            return DjangoTemplates().get_template(template_name)

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if "widget" in context:
            _dress(context["widget"])
        return super().render(template_name, context, request)


def _dress(widget: dict[str, Any]) -> None:
    for part in widget.get("subwidgets", ()):
        if widget["attrs"].get("aria-invalid"):
            part["attrs"].setdefault("aria-invalid", widget["attrs"]["aria-invalid"])
        _dress(part)
    attrs = widget.get("attrs", {})
    if widget.get("type") in TYPED_IN or widget["template_name"].endswith("/textarea.html"):
        if widget.get("type") != "search":
            # A placeholder vanishes when one types and looks like an answer; the label says it all.
            attrs.pop("placeholder", None)
        ours = "kern-form-input__input"
        if attrs.get("aria-invalid") == "true":
            ours += " kern-form-input__input--error"
        attrs["class"] = f"{ours} {attrs['class']}" if attrs.get("class") else ours


# --- what stands around the fields ---


def _place(field: forms.BoundField) -> str:
    """The id a link in the summary jumps to: the input, or the first of several."""
    return field.id_for_label or f"{field.auto_id}_0"


def _jump(field: forms.BoundField, words: str) -> str:
    return f'<a href="#{_place(field)}">{words}</a>'


def error_summary(form: forms.BaseForm) -> SafeString | str:
    """`{% error_summary form %}`: all errors on top, focused, each a link to its field."""
    # What parts of the page beside the form's own fields have to say: (id of the field, sentence).
    more: list[tuple[str, str]] = getattr(form, "more_errors", [])
    if not form.is_bound or not (form.errors or more):
        return ""
    items = []
    for name, errors in form.errors.items():
        if name not in form.fields:
            items += [f"<li>{conditional_escape(str(error))}</li>" for error in errors]
            continue
        field = form[name]
        for error in errors:
            words = f"{escape(str(field.label).rstrip('?:'))}: {conditional_escape(str(error))}"
            items.append(
                f'<li><a href="#{_place(field)}">{words}</a></li>'
                if not field.is_hidden
                else f"<li>{words}</li>"
            )
    items += [f'<li><a href="#{escape(place)}">{escape(words)}</a></li>' for place, words in more]
    title = ngettext("Please check one thing", "Please check %(count)s things", len(items)) % {
        "count": len(items)
    }
    return mark_safe(
        '<div class="note note--bad errors" tabindex="-1" autofocus role="group" '
        'aria-labelledby="errors-title">'
        f"{icon('circle-alert')}"
        f'<div class="stack flow-2"><h2 class="h4" id="errors-title">{escape(title)}</h2>'
        f'<ul role="list">{"".join(items)}</ul></div></div>'
    )


def counter(field: forms.BoundField) -> SafeString | str:
    """`{% counter field %}`: says how long a text may be; with counter.js how much is left."""
    most = field.field.widget.attrs.get("maxlength") or getattr(field.field, "max_length", None)
    if not most or not isinstance(field.field.widget, forms.Textarea):
        return ""
    return format_html(
        '<p class="counter" data-counter="{}" data-max="{}" data-left="{}" data-over="{}">{}</p>',
        field.id_for_label,
        most,
        gettext("%(n)s characters left").replace("%(n)s", "{n}"),
        gettext("%(n)s characters too many").replace("%(n)s", "{n}"),
        gettext("At most %(n)s characters.") % {"n": most},
    )


# --- choices ---


class _Drawn:
    """Choices with a drawing: `drawings` names an icon or picture for each value, `abouts` a sentence for it."""

    def __init__(
        self,
        *args: Any,
        drawings: dict[str, str] | None = None,
        abouts: Mapping[str, object] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.drawings = drawings or {}
        self.abouts = abouts or {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)  # type: ignore[misc]
        option["drawing"] = self.drawings.get(str(value), "")
        option["about"] = self.abouts.get(str(value), "")
        return option


class Chips(_Drawn, forms.RadioSelect):
    """One of a few, as round chips: `Chips(drawings={"for": "plus"})`."""

    template_name = "django/forms/widgets/chips.html"


class Verdicts(_Drawn, forms.RadioSelect):
    """One of a few weighty answers, as equal boxes."""

    template_name = "django/forms/widgets/verdicts.html"


class ChipBoxes(forms.CheckboxSelectMultiple):
    """Several of a few, as chips that carry a plus or a tick."""

    template_name = "django/forms/widgets/chip_boxes.html"


class Cards(_Drawn, forms.RadioSelect):
    """One of a few, as cards with a picture of patterns.svg: `Cards(drawings={"approval": "m-approve"})`.

    With `abouts` the cards are wide and say in a sentence what the choice means. `live`: which cards there are follows
    from another field (studio.js).
    """

    live = False

    template_name = "django/forms/widgets/cards.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["wide"], context["widget"]["live"] = bool(self.abouts), self.live
        return context


# --- moments and money ---


class Moment(forms.SplitDateTimeWidget):
    """A day and a time, two native inputs with their own labels."""

    template_name = "django/forms/widgets/moment.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            attrs,
            date_format="%Y-%m-%d",
            time_format="%H:%M",
            date_attrs={"type": "date"},
            time_attrs={"type": "time"},
        )


class MomentField(forms.SplitDateTimeField):
    """`starts = MomentField(label=_("Begins"))`; cleans to an aware datetime in the city's time zone."""

    widget = Moment
    default_error_messages = {
        "invalid_date": _("Please give the day, for example 23.05.2027."),
        "invalid_time": _("Please give the time, for example 18:00."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_date_formats=["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"],
            input_time_formats=["%H:%M", "%H:%M:%S"],
            **kwargs,
        )


class EuroField(forms.DecimalField):
    """Money as people write it: 8400, 8.400, 8 400, 8.400,50 or 8,400.50."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {"invalid": _("Please give the amount in digits, for example 8.400.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("decimal_places", 2)
        kwargs.setdefault("max_digits", 12)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, str) and value.strip():
            value = _plain_number(value)
            if value is None:
                raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


def _plain_number(text: str) -> str | None:
    """The last separator followed by one or two digits is the decimal one, all others group thousands."""
    digits = re.sub(r"[\s€'\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]", "", text)
    found = re.fullmatch(r"(-?\d{1,3}(?:([.,])\d{3}(?:\2\d{3})*)?|-?\d+)(?:([.,])(\d{1,2}))?", digits)
    if not found or (found[2] and found[2] == found[3]):
        return None
    return re.sub(r"[.,]", "", found[1]) + (f".{found[4]}" if found[4] else "")
