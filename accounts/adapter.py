"""Where django-allauth meets the house: what happens after a log-in, and in which language mail is written."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from accounts.hooks import after_login


class AccountAdapter(DefaultAccountAdapter):
    """A log-in completes what waited for it, inside the same request that proved the identity."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return super().get_login_redirect_url(request)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        response = super().post_login(request, user, **kwargs)
        target = getattr(response, "url", "")
        for hook in after_login:
            if url := hook(target, user):
                response["Location"] = url
                break
        return response

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        user = super().save_user(request, user, form, commit=False)
        user.public_name = form.cleaned_data.get("public_name") or user.email.split("@")[0]
        user.email = user.email.lower()
        user.language = getattr(request, "LANGUAGE_CODE", "de")
        if commit:
            user.save()
        return user

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """People have no user names."""
