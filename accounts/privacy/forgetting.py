"""Being forgotten: the account closes at once, and a job removes what is left and proves that nothing is.

    erasure = ask(person=person, way=Erasure.Way.REMOVE, at=at)   # name, address, place and every pointer go now
    run(erasure.pk)                                               # words, files and sessions go; then all is looked through

What is asked for is done within a day; the desk sees what is late. Counts stay right, votes and the journal's chain are not
touched: what they hold is a key behind which nobody stands any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.erasing import end_sessions, forget_pointers, forget_words, is_forgotten
from accounts.guests import has_no_mailbox
from accounts.hooks import removing, resigning
from accounts.models import Person
from accounts.privacy import tombstones
from accounts.privacy.models import Erasure
from accounts.privacy.scan import scan
from groundwork import clock
from groundwork.html import say
from groundwork.jobs import api as jobs

if TYPE_CHECKING:
    from groundwork.answer import Words

WITHIN = timedelta(hours=24)
KIND = "erasure"
SILENT = timedelta(minutes=5)
# Tables that still know whom to look for, until the job is done.
KNOWS = ("privacy_erasure",)


def preview(person: Person) -> tuple[int, list[tuple[Words, int]]]:
    """How many contributions would be removed, and how many stay without a name for which reason."""
    going, staying = 0, []
    for removal in removing:
        keys, stay = removal.preview(person)
        going += len(keys)
        staying += stay
    return going, staying


def ask(*, person: Person, way: str, at: datetime) -> Erasure:
    """Close the account and begin. Refused (and nothing changed) where a house refuses, as while somebody works here."""
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person.pk)
        things: list[int] = []
        if way == Erasure.Way.REMOVE:
            forget_words(person)
            for removal in removing:
                things += removal.take(person, at)
        erasure = _note(person, way=way, at=at, things=things)
        actions.close_account(person=person, at=at)
    return erasure


def _note(person: Person, *, way: str, at: datetime, things: list[int]) -> Erasure:
    erasure = Erasure.objects.create(
        person_key=person.pk, mark=tombstones.mark_of(person), way=way, asked_at=at, due_at=at + WITHIN,
        needles=_needles(person), things=things,
    )  # fmt: skip
    jobs.begin(KIND, erasure.pk, at=at, total=4, waiting=True)
    transaction.on_commit(partial(_begin, erasure.pk), robust=True)
    return erasure


def note_closing(person: Person, at: datetime) -> None:
    """Accounts also close in other ways, as when a guardian takes their consent back: these people are forgotten as well."""
    if not Erasure.objects.open().filter(person_key=person.pk).exists():
        _note(person, way=Erasure.Way.ANONYMISE, at=at, things=[])


def _needles(person: Person) -> list[str]:
    """What would give somebody away: the address, and the name where it is one and not a made up "Someone from …"."""
    found = [] if has_no_mailbox(person.email) else [person.email]
    return [*found, person.public_name] if person.public_name and not person.is_guest else found


def _begin(pk: int) -> None:
    from accounts.privacy.tasks import forget

    forget.apply_async([pk], retry=False)


def run(pk: int) -> None:
    """Everything that is left, in steps that may be repeated; then the proof, and only then it is done."""
    erasure = Erasure.objects.open().filter(pk=pk).first()
    if erasure is None:
        return
    try:
        tombstones.put(key=erasure.person_key, mark=erasure.mark, way=erasure.way, at=erasure.asked_at)
        jobs.tell(KIND, pk, at=clock.now(), done=1)
        for removal in removing:
            removal.wipe(erasure.things, erasure.asked_at)
        jobs.tell(KIND, pk, at=clock.now(), done=2)
        if (person := Person.objects.filter(pk=erasure.person_key).first()) is not None:
            end_sessions(person)
            with transaction.atomic():
                forget_pointers(person)
        jobs.tell(KIND, pk, at=clock.now(), done=3)
        found = scan(erasure.needles, leave_out=KNOWS)
        with transaction.atomic():
            now = clock.now()
            Erasure.objects.open().filter(pk=pk).update(done_at=now, needles=[], things=[], found=found)
            jobs.finish(KIND, pk, at=now, left=sum(found.values()))
    except BaseException:
        jobs.fail(KIND, pk, at=clock.now(), reason="error")
        raise


def sweep(at: datetime) -> None:
    """What was left undone: a task that was lost, a step that failed."""
    for pk in Erasure.objects.open().filter(asked_at__lte=at - SILENT).values_list("pk", flat=True):
        run(pk)


# --- a restored copy ---


def outstanding() -> list[tuple[tombstones.Tombstone, Person]]:
    """People of this database who were forgotten already. One query where somebody ever was."""
    stones = {stone.key: stone for stone in tombstones.read()}
    if not stones:
        return []
    people = Person.objects.filter(pk__in=stones)
    return [
        (stones[person.pk], person)
        for person in people.order_by("pk")
        if not is_forgotten(person) and tombstones.mark_of(person) == stones[person.pk].mark
    ]


def replay(at: datetime) -> int:
    """Forget them again, whole, before anybody is served. Returns how many."""
    known = outstanding()
    for stone, person in known:
        with transaction.atomic():
            for resign in resigning:
                resign(person, at)
            erasure = ask(person=person, way=stone.way, at=at)
        run(erasure.pk)
    return len(known)


def _said(facts: Mapping[str, Any]) -> str:
    left = int(facts.get("left", 0))
    if not left:
        return gettext("nothing is left")
    return ngettext(
        "{n} place still holds the name or the address, written by others",
        "{n} places still hold the name or the address, written by others",
        left,
    ).format(n=say.number(left))


jobs.kinds.add(
    KIND, jobs.JobKind(KIND, _("Somebody is forgotten"), said=_said, retry=lambda key: run(int(key)))
)
