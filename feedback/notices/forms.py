"""Forms clean; actions act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.privacy import consents
from cocreation.models import Place, Process
from feedback.notices import wishes
from feedback.notices.actions import rhythms_of
from feedback.notices.devices import FIRST_KINDS
from feedback.notices.models import Kind, Newsletter, Rhythm
from groundwork.html.forms import ChipBoxes, Chips, MomentField
from proposals.models import Theme

if TYPE_CHECKING:
    from accounts.models import Person


class RhythmForm(forms.Form):
    """One choice of rhythm for every kind."""

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = rhythms_of(person)
        for kind in Kind:
            self.fields[kind.value] = forms.ChoiceField(
                label=kind.label,
                choices=Rhythm.choices,
                widget=Chips,
                initial=chosen[kind.value],
                help_text=str(consents.purposes.get("newsletter").sentence) if kind == Kind.NEWS else "",
            )

    def rhythms(self) -> dict[str, str]:
        return dict(self.cleaned_data)


class DeviceForm(forms.Form):
    """What the browser handed out, put in by its script, and what the device tells of."""

    endpoint = forms.CharField(widget=forms.HiddenInput, max_length=1000)
    p256dh = forms.CharField(widget=forms.HiddenInput, max_length=120)
    auth = forms.CharField(widget=forms.HiddenInput, max_length=40)
    kinds = forms.MultipleChoiceField(
        label=_("What it tells you of"),
        choices=Kind.choices,
        widget=ChipBoxes,
        initial=FIRST_KINDS,
        error_messages={"required": _("Please choose what your device should tell you of.")},
    )


class ReadForm(forms.Form):
    """Which messages were read; none named means all."""

    notice = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sent = self.data.getlist("notice") if hasattr(self.data, "getlist") else []
        self.fields["notice"].choices = [(key, key) for key in sent if key.isdigit() and len(key) < 19]  # type: ignore[attr-defined]


class LimitsForm(forms.Form):
    """How many mails a week at most, and when none."""

    most_a_week = forms.TypedChoiceField(
        label=_("At most so many mails a week"),
        help_text=_("What is beyond comes together on Monday."),
        choices=[(3, "3"), (7, "7"), (20, "20"), (0, _("no limit"))],
        coerce=int,
        widget=Chips,
    )
    quiet_from = forms.TimeField(
        label=_("No mail from"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label=_("until"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        chosen = wishes.of(person)
        kwargs["initial"] = {
            "most_a_week": chosen.most_a_week or 0,
            "quiet_from": chosen.quiet_from,
            "quiet_until": chosen.quiet_until,
        }
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if bool(found.get("quiet_from")) != bool(found.get("quiet_until")):
            self.add_error("quiet_until", _("Quiet hours have a beginning and an end."))
        return found


class FollowForm(forms.Form):
    """A place or a theme to follow, as one choice."""

    thing = forms.ChoiceField(label=_("Follow a place or a theme"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [(f"place-{place.pk}", place.name) for place in Place.objects.all()]
        themes = [(f"theme-{value}", label) for value, label in Theme.choices]
        self.fields["thing"].choices = [(_("Places"), places), (_("Themes"), themes)]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        what, _dash, value = str(self.cleaned_data["thing"]).partition("-")
        return {"place_id": int(value)} if what == "place" else {"theme": value}


class NewsletterForm(forms.ModelForm):
    class Meta:
        model = Newsletter
        fields = ["audience", "process", "subject_de", "text_de", "subject_en", "text_en"]
        widgets = {
            "audience": Chips,
            "text_de": forms.Textarea({"rows": 8}),
            "text_en": forms.Textarea({"rows": 8}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["process"].queryset = Process.objects.published().order_by("slug")  # type: ignore[attr-defined]
        self.fields["process"].required = False

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("audience") == Newsletter.Audience.PROCESS and not found.get("process"):
            self.add_error("process", _("Please choose the process."))
        if found.get("audience") == Newsletter.Audience.ALL:
            found["process"] = None
        return found


class PlanForm(forms.Form):
    moment = MomentField(label=_("Send at"))
