"""The sign-up form with our words: the package lists every rule of its password checks before a person has typed."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import SignupForm as PackageForm
from allauth.core import context
from django.utils.translation import gettext_lazy as _

from accounts.minors import Agreement


class SignupForm(PackageForm):  # type: ignore[misc]  # the package ships no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = _(
            "Without a password you log in with a code by e-mail. A password needs at least 10 characters."
        )
        if Agreement.of(getattr(context.request, "session", None)):
            del self.fields["old_enough"]
