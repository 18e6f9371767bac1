from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.tokens.rules import is_staff
from groundwork.html.forms import Chips
from groundwork.webapi.scopes import FOR_STAFF, READ, SCOPES

if TYPE_CHECKING:
    from accounts.models import Person


class TokenForm(forms.Form):
    """What a token is for, what it opens and for how long. Reading belongs to each."""

    name = forms.CharField(
        label=_("What is it for?"),
        max_length=60,
        help_text=_("For example: my calendar, the club's website."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What else may it do?"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("It can always read what you may read. Tick only what it needs."),
    )  # fmt: skip
    days = forms.TypedChoiceField(
        label=_("How long?"), coerce=int, initial="90", widget=Chips,
        choices=[("7", _("7 days")), ("30", _("30 days")), ("90", _("90 days")), ("365", _("One year"))],
    )  # fmt: skip

    def __init__(self, data: Any = None, *, person: Person) -> None:
        super().__init__(data)
        offered = [each for each in SCOPES if each != READ and (each not in FOR_STAFF or is_staff(person))]
        scopes = self.fields["scopes"]
        assert isinstance(scopes, forms.MultipleChoiceField)
        scopes.choices = [(each, SCOPES[each]) for each in offered]
