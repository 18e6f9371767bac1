"""The code that proves an address before a visit without an account becomes one: django-allauth's way, with our words.

The mail is the same whether the address has an account or not, and so is the page: nobody learns who is here.
"""

from __future__ import annotations

from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.forms import BaseConfirmCodeForm
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess


class CodeForm(BaseConfirmCodeForm):  # type: ignore[misc]  # the package ships no types
    """A code from a mail: `code` is the right one."""


class CodeByMail(AbstractCodeVerificationProcess):  # type: ignore[misc]  # the package ships no types
    """A code sent to an address, kept in the session with the number of tries; three wrong ones end it."""

    key = "code_by_mail"
    mail = "account/email/claim_code"

    def __init__(self, request: Any, state: dict[str, Any]) -> None:
        self.request = request
        super().__init__(
            state=state,
            max_attempts=app_settings.EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS,
            timeout=app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT,
        )

    @property
    def email(self) -> str:
        return str(self.state["email"])

    @classmethod
    def initiate(cls, request: Any, email: str, **more: Any) -> CodeByMail:
        process = cls(request, cls.initial_state(None, email) | more)
        process.send()
        process.persist()
        return process

    @classmethod
    def resume(cls, request: Any) -> CodeByMail | None:
        state = request.session.get(cls.key)
        found: CodeByMail | None = cls(request, state).abort_if_invalid() if state else None
        return found

    def send(self) -> None:
        self.state["code"] = get_adapter().generate_email_verification_code()
        get_adapter().send_mail(self.mail, self.email, {"code": self.code, **self.words()})

    def words(self) -> dict[str, Any]:
        return {}

    def persist(self) -> None:
        self.request.session[self.key] = self.state

    def abort(self) -> None:
        self.request.session.pop(self.key, None)


class ClaimCode(CodeByMail):
    key = "claim_code"


class GuardianCode(CodeByMail):
    """The code goes to the guardian, who gives it to the young person beside them or far away."""

    key = "guardian_code"
    mail = "account/email/guardian_code"

    def words(self) -> dict[str, Any]:
        return {"nickname": self.state.get("nickname", "")}
