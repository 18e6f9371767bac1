"""Who is asking."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Protocol

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from groundwork.answer import No, Refused

if TYPE_CHECKING:
    from accounts.models import Person

NEEDS_ACCOUNT = No(
    _("For this you need an account with a confirmed e-mail address. What you did so far comes along."),
    _("Make it an account"),
    "cocreation:claim",
    identify=True,
)
NEEDS_SIGNING_IN = No(_("Please sign in first."), _("Sign in"), "account_login", identify=True)


class Asked(Protocol):
    """Anything that carries the signed-in person, as a request does."""

    user: Any


def person_of(request: Asked) -> Person | None:
    """The signed-in person, or None for a visitor: what rules and querysets take."""
    return request.user if request.user.is_authenticated else None


ASKED = "asked_"


def asked(person: Person, slug: str) -> Any:
    """What `hooks.asked_with_person` found when this request began; None of people who were not asked for as the one
    signed in, and of what changed since."""
    return getattr(person, f"{ASKED}{slug}", None)


def ask_anew(person: Person, slug: str) -> None:
    """It changed in this request."""
    setattr(person, f"{ASKED}{slug}", None)


def person_here(request: Asked) -> Person:
    """The signed-in person, for views whose door lets nobody else in."""
    person = person_of(request)
    assert person is not None
    return person


def signed_in(request: Asked) -> Person:
    """The signed-in person; visitors are asked to sign in first."""
    person = person_of(request)
    if person is None:
        raise Refused(NEEDS_SIGNING_IN)
    return person


def account_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The door of pages about an account: visitors log in first, and who takes part without an account is told what to do."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if getattr(request.user, "is_guest", False):
            raise Refused(NEEDS_ACCOUNT)
        return view(request, *args, **kwargs)

    return login_required(guarded)
