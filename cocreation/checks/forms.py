"""Forms of the ways of checking: their options, an example to test them with, columns of a table, what residents type in."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from accounts.ages import BANDS, band_of
from cocreation.checks import online
from cocreation.checks.attributes import PROBLEMS, Born
from cocreation.checks.base import age_words
from cocreation.checks.tables import Layout
from cocreation.models import Place, Process
from groundwork.html.forms import ChipBoxes, Chips

NUMBER = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})


class DayField(forms.DateField):
    """A date of birth in one native input; typed dates are read in the ways of the country."""

    default_error_messages = {"invalid": _("Please give the day, for example 23.05.1987.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "bday"}),
            input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"],
            **kwargs,
        )

    def to_python(self, value: Any) -> Any:
        found = super().to_python(value)
        if isinstance(found, date) and found.year < 1880:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found


def born_of(day: date | None) -> Born | None:
    return Born(day.year, day.month, day.day) if day else None


def band_of_day(day: date | None, on: date | None = None) -> str:
    """The age band of somebody born on this day, "" without one; a mistake for the form when nobody is so old."""
    if day is None:
        return ""
    try:
        return band_of(day, on or localdate())
    except ValueError:
        raise forms.ValidationError(str(PROBLEMS["impossible_date"])) from None


# --- options ---


class Options(forms.Form):
    """Base of the forms of options: starts from what is stored, and says what to store."""

    def __init__(self, data: Any = None, *, process: Process, options: dict[str, Any]) -> None:
        self.process = process
        super().__init__(data, initial=self.initial_of(options))

    def initial_of(self, options: dict[str, Any]) -> dict[str, Any]:
        return dict(options)

    def store(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class PostalCodesField(forms.CharField):
    """A table as text, one line a postal code: "86150 = Lindach". Cleans to {"86150": "lindach"}."""

    widget = forms.Textarea(attrs={"rows": 6, "spellcheck": "false"})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        places = {}
        for place in Place.objects.all():
            for name in (place.slug, place.name_de, place.name_en):  # type: ignore[attr-defined]
                places[(name or "").strip().casefold()] = place.slug
        found: dict[str, str] = {}
        for number, line in enumerate(text.splitlines(), start=1):
            if not line.strip():
                continue
            code, sign, name = (part.strip() for part in line.partition("="))
            if not sign or not code or len(code) > 12:
                raise forms.ValidationError(_("Line {n}: write it like 86150 = Lindach.").format(n=number))
            slug = places.get(name.casefold())
            if slug is None:
                raise forms.ValidationError(
                    _("Line {n}: this city has no place “{place}”.").format(n=number, place=name[:40])
                )
            if found.setdefault(code, slug) != slug:
                raise forms.ValidationError(
                    _("Line {n}: {code} stands here twice.").format(n=number, code=code)
                )
        return found


class RegisterOptions(Options):
    postal = PostalCodesField(
        label=_("Postal codes and their places"),
        required=False,
        help_text=_("One line each, for example “86150 = Lindach”. All ways of checking use this table."),
    )
    age_on = DayField(
        label=_("The day on which age counts"),
        required=False,
        help_text=_("The day of the vote, say. Without it, the day of the check counts."),
    )

    def initial_of(self, options: dict[str, Any]) -> dict[str, Any]:
        names = {place.slug: place.name for place in Place.objects.all()}
        rows = [f"{code} = {names.get(slug, slug)}" for code, slug in options.get("postal", {}).items()]
        return {"postal": "\n".join(rows), "age_on": options.get("age_on")}

    def store(self) -> dict[str, Any]:
        on = self.cleaned_data["age_on"]
        return {"postal": self.cleaned_data["postal"], "age_on": on.isoformat() if on else None}


class NoOptions(Options):
    pass


class OnlineOptions(Options):
    providers = forms.MultipleChoiceField(
        label=_("Which online identities?"),
        required=False,
        widget=ChipBoxes,
        help_text=_("Without a choice: all that the city has set up."),
    )
    adds = forms.BooleanField(
        label=_("People whom the register does not know may take part if the service confirms their place."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["providers"].choices = [(p.slug, p.name) for p in online.providers().values()]  # type: ignore[attr-defined]


class DeskOptions(Options):
    adds = forms.BooleanField(
        label=_("Clerks may add people whom the register does not know, after seeing their document."),
        required=False,
    )


# --- examples ---


class DocumentSample(forms.Form):
    """An invented person, as a register or a document has them."""

    number = forms.CharField(label=_("Number"), max_length=100, required=False, widget=NUMBER)
    postal = forms.CharField(label=_("Postal code"), max_length=12, required=False, widget=NUMBER)
    place = forms.CharField(label=_("Place"), max_length=80, required=False, widget=NUMBER)
    born = forms.CharField(
        label=_("Date of birth"),
        max_length=12,
        required=False,
        widget=NUMBER,
        help_text=_("for example 17.5.2009"),
    )


class PostalSample(forms.Form):
    postal = forms.CharField(label=_("Postal code"), max_length=12, widget=NUMBER)
    born = forms.CharField(
        label=_("Date of birth"), max_length=12, widget=NUMBER, help_text=_("for example 17.5.2009")
    )


class CodeSample(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=30,
        widget=NUMBER,
        help_text=_("Any twelve characters, to see how mistakes are found."),
    )


class ClaimsSample(forms.Form):
    claims = forms.JSONField(
        label=_("What the service would say"),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        initial=dict,
        help_text=_('Claims as JSON, for example {"birthdate": "2009-05-17"}.'),
    )


# --- columns of a table ---


class ColumnsForm(forms.Form):
    """Which column is what, as far as the headers say it already."""

    def __init__(
        self,
        data: Any = None,
        *,
        layout: Layout,
        wanted: dict[str, Any],
        required: tuple[str, ...],
        either: tuple[str, ...] = (),
    ) -> None:
        super().__init__(data)
        self.either = either
        guesses = layout.guess(tuple(wanted))
        choices = [("", _("not in this table"))] + [
            (str(n), name or _("column {n}").format(n=n + 1)) for n, name in enumerate(layout.names)
        ]
        for meaning, label in wanted.items():
            guess = guesses[meaning]
            self.fields[meaning] = forms.ChoiceField(
                label=label,
                choices=choices,
                required=meaning in required,
                initial="" if guess is None else str(guess),
                error_messages={"required": _("Please choose the column.")},
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.either and not any(data.get(meaning) for meaning in self.either):
            self.add_error(self.either[0], _("Please choose the column of the place or of the postal code."))
        chosen = [value for value in data.values() if value]
        if len(chosen) != len(set(chosen)):
            raise forms.ValidationError(_("One column was chosen twice."))
        return data

    def columns(self) -> dict[str, int | None]:
        return {meaning: int(value) if value else None for meaning, value in self.cleaned_data.items()}


REGISTER_COLUMNS = {
    "number": _("Register number"),
    "postal": _("Postal code"),
    "place": _("Place or district"),
    "born": _("Date of birth"),
    "name": _("Family name"),
}
MAILING_COLUMNS = {
    "number": _("Register number"),
    "first": _("First name"),
    "name": _("Family name"),
    "street": _("Street and number"),
    "postal": _("Postal code"),
    "city": _("Town"),
}


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Table as CSV"),
        allow_empty_file=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
        error_messages={"required": _("Please choose a file."), "empty": _("The file is empty.")},
    )


def places_or(nothing: Any) -> list[tuple[str, Any]]:
    return [("", nothing), *((place.slug, place.name) for place in Place.objects.all())]


LANGUAGES = [("de", _("German")), ("en", _("English"))]


class InviteForm(forms.Form):
    count = forms.IntegerField(label=_("How many?"), min_value=1, max_value=5_000)
    place = forms.ChoiceField(label=_("For people of"), required=False)
    age_band = forms.ChoiceField(label=_("Age"), required=False)
    language = forms.ChoiceField(
        label=_("Language of the letters"), choices=LANGUAGES, widget=Chips, initial="de"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = places_or(_("any place"))  # type: ignore[attr-defined]
        self.fields["age_band"].choices = [("", _("any age")), *((band, age_words(band)) for band in BANDS)]  # type: ignore[attr-defined]


class MailingForm(UploadForm):
    place = forms.ChoiceField(
        label=_("Where do people live whom the register does not know?"),
        required=False,
        help_text=_("Without a place, only people of the imported register get a letter."),
    )
    language = forms.ChoiceField(
        label=_("Language of the letters"), choices=LANGUAGES, widget=Chips, initial="de"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = places_or(_("leave them out"))  # type: ignore[attr-defined]


class SerialForm(forms.Form):
    serial = forms.CharField(label=_("Number of the letter"), max_length=24, widget=NUMBER)

    def __init__(self, data: Any = None, *, batch: int) -> None:
        super().__init__(data)
        self.batch = batch

    def clean_serial(self) -> int:
        """Of "12-345" the second part; the batch must be this one."""
        batch, _dash, serial = self.cleaned_data["serial"].strip().rpartition("-")
        if not serial.isdigit() or len(serial) > 9 or (batch and batch != str(self.batch)):
            raise forms.ValidationError(
                _("The number stands below the code, for example {n}.").format(n=f"{self.batch}-12")
            )
        return int(serial)


# --- what residents and clerks type in ---


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code from your letter"),
        max_length=30,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "mono",
                "data-code": "",
            }
        ),
        help_text=_("Twelve characters. Hyphens and small letters do not matter."),
        error_messages={"required": _("Please type in the code.")},
    )


class PostalForm(forms.Form):
    postal = forms.CharField(
        label=_("Postal code"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "inputmode": "text"}),
    )
    born = DayField(label=_("Date of birth"))
    name = forms.CharField(
        label=_("Family name"),
        max_length=80,
        required=False,
        help_text=_("Only if we ask for it."),
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )


class DeskFindForm(forms.Form):
    """The number on the document, or postal code and date of birth."""

    number = forms.CharField(label=_("Number on the document"), max_length=100, required=False, widget=NUMBER)
    postal = forms.CharField(label=_("Postal code"), max_length=12, required=False, widget=NUMBER)
    born = DayField(label=_("Date of birth"), required=False)
    name = forms.CharField(label=_("Family name"), max_length=80, required=False, widget=NUMBER)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("number") and not (data.get("postal") and data.get("born")) and not self.errors:
            raise forms.ValidationError(
                _("Please give the number, or the postal code and the date of birth.")
            )
        return data


class DeskAddForm(forms.Form):
    number = forms.CharField(label=_("Number on the document"), max_length=100, widget=NUMBER)
    residence = forms.ChoiceField(label=_("The person lives in"))
    born = DayField(
        label=_("Date of birth"),
        required=False,
        help_text=_("We keep only the age band, for example 16 to 17."),
    )
    seen = forms.BooleanField(
        label=_("I have seen an identity card or a registration certificate with this address.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["residence"].choices = [(place.slug, place.name) for place in Place.objects.all()]  # type: ignore[attr-defined]


class AttachForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address of the account"))
