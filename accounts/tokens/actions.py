"""The only place where tokens are made, used and revoked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.models import Person
from accounts.tokens import rules
from accounts.tokens.models import SHOWN, Token, digest_of, new_secret
from groundwork.answer import require
from groundwork.webapi.scopes import READ, SCOPES

if TYPE_CHECKING:
    from datetime import date

FORGET_AFTER = timedelta(days=90)


@transaction.atomic
def make_token(*, by: Person, name: str, scopes: Sequence[str], days: int, at: datetime) -> tuple[Token, str]:
    """The token and its secret, which nobody can read again. Reading always belongs to it."""
    Person.objects.select_for_update().get(pk=by.pk)  # so that two at once do not become one too many
    wanted = [scope for scope in SCOPES if scope == READ or scope in scopes]
    require(rules.may_make(by, wanted, at))
    secret = new_secret()
    token = Token(
        person=by, name=name, begins=secret[:SHOWN], digest=digest_of(secret), scopes=wanted, made_at=at,
        ends=at + timedelta(days=days),
    )  # fmt: skip
    token.full_clean()
    token.save()
    return token, secret


def revoke_token(*, token: Token, at: datetime) -> None:
    """From now on it opens nothing. Twice is the same as once."""
    Token.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=at)


def find_token(secret: str, at: datetime) -> Token | None:
    """The valid token of this secret, with its person; notes the day once."""
    found = Token.objects.valid(at).select_related("person").filter(digest=digest_of(secret)).first()
    if found is not None:
        _note(found, timezone.localdate(at))
    return found


def _note(token: Token, day: date) -> None:
    if token.last_used != day:
        Token.objects.filter(pk=token.pk).update(last_used=day)


def forget_tokens(at: datetime) -> int:
    """What ended or was revoked ninety days ago is gone."""
    old = at - FORGET_AFTER
    ended, _n = Token.objects.filter(ends__lt=old).delete()
    revoked, _n = Token.objects.filter(revoked_at__lt=old).delete()
    return ended + revoked
