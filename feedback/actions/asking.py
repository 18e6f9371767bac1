"""Does it work? Three answers from a person, with or without logging in, or from a poster; and what is shown of them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from feedback import keeping_rules, rules
from feedback.actions.promising import locked
from feedback.models import Commitment, Opinion, PosterAnswer, Release, day_of
from groundwork import small_numbers
from groundwork.answer import No, Refused, require

if TYPE_CHECKING:
    from accounts.models import Person


def _fits(value: str, as_promised: str, used: str) -> None:
    if value not in Opinion.Value.values:
        raise Refused(No(_("Please choose yes, partly or no.")))
    if as_promised not in ("", *Opinion.Value.values) or used not in ("", *Opinion.Used.values):
        raise Refused(No(_("Please choose one of the answers.")))


@transaction.atomic
def note_opinion(
    *, commitment: Commitment, person: Person, value: str, at: datetime, as_promised: str = "", used: str = ""
) -> Opinion:
    """The answers of one person; saying it again replaces what was said. Whether they may is asked before."""
    _fits(value, as_promised, used)
    more = {name: given for name, given in {"as_promised": as_promised, "used": used}.items() if given}
    opinion, _made = Opinion.objects.update_or_create(
        commitment=commitment, person=person, defaults={"value": value, "at": at, **more}
    )
    recount_opinions(commitment.pk, at)
    return opinion


@transaction.atomic
def say_whether_it_works(
    *, commitment: Commitment, value: str, by: Person, at: datetime, as_promised: str = "", used: str = ""
) -> Opinion:
    """Yes, partly or no; saying it again replaces what was said. No journal entry: an opinion is nobody else's business."""
    commitment = locked(commitment)
    require(rules.may_say_whether_it_works(by, commitment, at))
    return note_opinion(
        commitment=commitment, person=by, value=value, as_promised=as_promised, used=used, at=at
    )


@transaction.atomic
def answer_by_link(
    *, commitment: Commitment, person: Person, value: str, as_promised: str, used: str, at: datetime
) -> Opinion:
    """From the signed link of a message: the link says who it is, no log-in is needed."""
    commitment = locked(commitment)
    require(keeping_rules.is_asked(commitment, at))
    if not person.is_active:
        raise Refused(No(_("This account is closed.")))
    return note_opinion(
        commitment=commitment, person=person, value=value, as_promised=as_promised, used=used, at=at
    )


@transaction.atomic
def answer_by_poster(
    *, commitment: Commitment, value: str, as_promised: str, used: str, at: datetime
) -> PosterAnswer:
    """From the code on a poster: nobody knows who it is, so it is counted apart."""
    commitment = locked(commitment)
    require(keeping_rules.is_asked(commitment, at))
    _fits(value, as_promised, used)
    answer = PosterAnswer.objects.create(
        commitment=commitment, day=day_of(at), value=value, as_promised=as_promised, used=used
    )
    _release(commitment.pk, Release.Source.POSTER, "feedback_posteranswer", at)
    return answer


def recount_opinions(commitment: int, at: datetime) -> None:
    """How many have answered, and new figures when there are enough more of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update feedback_commitment set opinions_count ="
            " (select count(*) from feedback_opinion where commitment_id = %(pk)s) where id = %(pk)s",
            {"pk": commitment},
        )
    made = _release(commitment, Release.Source.PEOPLE, "feedback_opinion", at)
    if made is not None:
        Commitment.objects.filter(pk=commitment).update(
            works_yes=made.yes, works_partly=made.partly, works_no=made.no
        )


_QUESTIONS = {
    "": ("value", {"yes": "yes", "partly": "partly", "no": "no"}),
    "promised_": ("as_promised", {"yes": "yes", "partly": "partly", "no": "no"}),
    "used_": ("used", {"often": "often", "seldom": "seldom", "never": "never"}),
}


def _release(commitment: int, source: str, table: str, at: datetime) -> Release | None:
    """New figures once `k` more have answered than at the last ones. Two queries, three when there is something new."""
    last = Release.objects.filter(commitment=commitment, source=source).order_by("-pk").first()
    parts = [
        f"count(*) filter (where {column} = '{value}')"
        for column, values in _QUESTIONS.values()
        for value in values.values()
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {', '.join(parts)} from {table} where commitment_id = %s",  # noqa: S608 - our own names
            [commitment],
        )
        numbers = list(cursor.fetchone())
    whole = sum(numbers[:3])
    if whole - (last.answers if last else 0) < small_numbers.k():
        return None
    fields: dict[str, Any] = {}
    for start, (prefix, (_column, values)) in zip((0, 3, 6), _QUESTIONS.items(), strict=True):
        names = [f"{prefix}{value}" for value in values]
        now = numbers[start : start + 3]
        before = [getattr(last, name) or 0 for name in names] if last else [0, 0, 0]
        if sum(now) - sum(before) >= small_numbers.k():
            fields |= dict(zip(names, now, strict=True))
        else:  # too few more: what is shown of this question stays
            fields |= {name: getattr(last, name) if last else None for name in names}
    return Release.objects.create(commitment_id=commitment, source=source, at=at, answers=whole, **fields)
