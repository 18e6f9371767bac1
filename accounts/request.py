"""Who is asking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from accounts.models import Person


class Asked(Protocol):
    """Anything that carries the signed-in person, as a request does."""

    user: Any


def person_of(request: Asked) -> Person | None:
    """The signed-in person, or None for a visitor: what rules and querysets take."""
    return request.user if request.user.is_authenticated else None
