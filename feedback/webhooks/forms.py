from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cocreation.models import Process
from cocreation.roles import roles_of
from feedback.webhooks.kinds import kinds
from groundwork.outbound import Unsafe, parts_of

if TYPE_CHECKING:
    from accounts.models import Person


class SecretForm(forms.Form):
    at_once = forms.BooleanField(
        label=_("The secret I have ends at once"), required=False,
        help_text=_("Because somebody else may know it. Otherwise it holds for 24 hours beside the new one, so that no message is lost."),
    )  # fmt: skip


class WebhookForm(forms.Form):
    """Where to, what of, and whose it is."""

    name = forms.CharField(
        label=_("What is it for?"), max_length=60, help_text=_("For example: the chat of our association.")
    )
    url = forms.CharField(
        label=_("Address"), max_length=500, help_text=_("It begins with https:// and stands on the open internet."),
        widget=forms.URLInput,
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=_("What should it be told of?"), widget=forms.CheckboxSelectMultiple
    )
    process = forms.ModelChoiceField(
        label=_("Of which process?"),
        queryset=Process.objects.none(),
        required=False,
        empty_label=_("All processes"),
    )
    for_team = forms.BooleanField(
        label=_("It belongs to the team of this process"), required=False,
        help_text=_("Everybody who may set up the process looks after it, and it stays when you leave."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, person: Person) -> None:
        super().__init__(data)
        chosen, process = self.fields["kinds"], self.fields["process"]
        assert isinstance(chosen, forms.MultipleChoiceField) and isinstance(process, forms.ModelChoiceField)
        chosen.choices = [(each.slug, each.words) for each in kinds]
        process.queryset = Process.objects.published().order_by("-published_at")
        if not roles_of(person).configures:
            del self.fields["for_team"]

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"]).strip()
        try:
            host, _path = parts_of(url)
        except Unsafe:
            raise forms.ValidationError(
                _(
                    "We can only call addresses that begin with https:// and are open to everybody, without a port or a password."
                )
            ) from None
        if host == urlsplit(settings.SITE_URL).hostname:
            raise forms.ValidationError(_("This is our own address."))
        return url

    @property
    def about(self) -> dict[str, Any]:
        """As the action takes it."""
        data = self.cleaned_data
        return {
            "name": data["name"], "url": data["url"], "chosen": data["kinds"], "process": data["process"],
            "for_team": data.get("for_team", False),
        }  # fmt: skip
