"""Where django-allauth meets the house: what happens after a log-in, and in which language mail is written."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse

from accounts.guests import has_no_mailbox
from accounts.hooks import after_login


class AccountAdapter(DefaultAccountAdapter):
    """A log-in completes what waited for it, inside the same request that proved the identity."""

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """Who takes part without an account has no way to log in: no password, no code, no reset."""
        if user.is_guest:
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        if not has_no_mailbox(email):
            super().send_mail(template_prefix, email, context)

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
