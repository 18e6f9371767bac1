"""From one journal entry to everybody concerned: set-based, in chunks, never a loop per person.

The reader leaves one `FanOut` row per event, in the transaction that moves its cursor. `spread` then tells people in
chunks of at most 5,000 in the order of their keys; a chunk and the step it takes are one transaction. Whatever is killed
in between, the row says where to go on, and the unique constraint says who knows already.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Count, F, Min
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cocreation.news import crowds, news
from feedback.notices import crowd, pushing
from feedback.notices.models import DEFAULTS, MOST_FAILURES, FanOut, Kind, Rhythm, due_at
from groundwork.html import say
from groundwork.jobs import api as jobs
from groundwork.journal.models import Entry

log = logging.getLogger("quartier.notices")
CHUNK = 5_000
# Older news stand in the inbox as read and are not mailed: an import or a restored backup must not flood anybody.
FRESH = timedelta(days=14)
# One answer to many is many events. The mails about them wait a moment, so that one person gets one mail about all.
SETTLES = timedelta(seconds=60)
# A message about a moment comes at least so long before it.
LAST_CALL = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Audience:
    """Who hears of a verb. `author` only, everybody around a `contribution`, everybody around a `process` (those who
    follow it, or also its `participants`, who wrote or support something in it), or those a `comment` concerns: who
    wrote what is commented on, what it answers, or is called by name in it, or only those the entry has `named`.

    `city`: the city speaks, so supporters and followers get it as an answer of the city. `wide`: people who follow
    the whole process, its place or its theme hear of it too. `kind`: one kind of mail for all, whatever the reason.
    """

    around: str
    city: bool = False
    wide: bool = True
    kind: str = ""
    narrower: Callable[[Mapping[str, Any]], str | None] | None = None
    until: Callable[[Mapping[str, Any]], datetime | None] | None = None


OWN: dict[str, Audience] = {
    "proposal.assessed": Audience("contribution", wide=False),
    "contribution.answered": Audience("contribution", city=True),
    "commitment.promised": Audience("contribution", city=True),
    "commitment.delayed": Audience("contribution", city=True),
    "commitment.delivered": Audience("contribution", city=True),
    "commitment.evaluated": Audience("contribution", city=True, wide=False),
    "milestone.done": Audience("contribution", wide=False),
    "vote.opened": Audience("vote"),
    "vote.published": Audience("vote"),
    "phase.opened": Audience("process"),
    "comment.published": Audience("comment"),
    "conversation.summarised": Audience("conversation"),
    "conversation.concluded": Audience("conversation"),
    "process.amended": Audience("participants"),
    "process.stopped": Audience("participants"),
    "contribution.hidden": Audience("author"),
    "contribution.restored": Audience("author"),
    "identity.approved": Audience("author"),
    "proposal.published": Audience("local"),
    "process.published": Audience("local"),
    "newsletter.sent": Audience("newsletter", kind=Kind.NEWS.value),
}
# With what the houses and rooms below want told: they are registered before this room is.
AUDIENCES = OWN | {
    slug: Audience(
        each.around,
        each.city,
        each.wide,
        kind=Kind.DATA.value if each.mine else "",
        narrower=each.narrower,
        until=each.until,
    )
    for slug in news.slugs()
    for each in [news.get(slug)]
}
VERBS = frozenset(AUDIENCES)

# Devices of those who were told show it, too.
_SHOWN = """,
shown as (
  insert into notices_push (device_id, notice_id, due_at, attempts)
  select d.id, told.id, %(immediate)s::timestamptz, 0
  from notices_device d join told on told.person_id = d.person_id and told.kind = any(d.kinds)
  join accounts_person o on o.id = d.person_id and o.restricted_since is null)"""

_TELL = """
with concerned as (
  select person, min(reason) reason from ({candidates}) candidates
  where person > %(last)s group by person order by person limit %(chunk)s),
told as (
  insert into notices_notice (person_id, entry_id, kind, verb, process_id, contribution_id, subject_label, subject_key,
                              data, created_at, until, read_at, rhythm, due_at, attempts)
  select c.person, %(entry)s::bigint, k.kind, %(verb)s, %(process)s::bigint, %(contribution)s::bigint, %(label)s, %(key)s,
         (select %(data)s::jsonb), %(at)s::timestamptz, %(until)s::timestamptz, %(read_at)s::timestamptz, r.rhythm,
         case r.rhythm when 'immediate' then %(immediate)s::timestamptz when 'daily' then %(daily)s::timestamptz
                       when 'weekly' then %(weekly)s::timestamptz end,
         0
  from concerned c
  join accounts_person a on a.id = c.person and a.is_active
  cross join lateral (select ((select %(kinds)s::text[]))[c.reason + 1] kind) k
  left join notices_preference p on p.person_id = c.person and p.kind = k.kind
  left join ({own_rhythms}) t on t.person_id = c.person
  left join notices_stopped s on s.person_id = c.person
  cross join lateral (
    select (select %(in_time)s::jsonb) ->> case when a.is_guest or s.person_id is not null
                                           or (a.restricted_since is not null and k.kind <> %(mine)s) then 'none'
                                       else coalesce(t.rhythm, p.rhythm, (select %(defaults)s::jsonb) ->> k.kind) end rhythm) r
  where c.person is distinct from %(actor)s::bigint
  on conflict (person_id, entry_id) do nothing
  returning id, person_id, kind){shown}
select count(*), max(person), (select count(*) from told) from concerned
"""


def _told_words(facts: Mapping[str, Any]) -> str:
    n = int(facts.get("told") or 0)
    return ngettext("{n} person was told", "{n} people were told", n).format(n=say.number(n))


def plan(entries: Sequence[Entry]) -> int:
    """Leave one row of work per event. Called by the journal reader; running it again changes nothing. Two queries."""
    known = _contributions(entries)
    rows = []
    for entry in entries:
        contribution = known.get(entry.pk)
        if (
            AUDIENCES[entry.verb].around in ("contribution", "author", "comment")
            and contribution is None
            and not entry.data.get("tell")
            and not entry.process_id
        ):
            continue
        rows.append(
            FanOut(
                entry_id=entry.pk,
                verb=entry.verb,
                subject_label=entry.subject_label,
                subject_key=entry.subject_key,
                contribution_id=contribution,
                process_id=entry.process_id,
                actor_id=entry.actor_id,
                at=entry.at,
                data=entry.data,
            )
        )
    return len(FanOut.objects.bulk_create(rows, ignore_conflicts=True))


def _contributions(entries: Sequence[Entry]) -> dict[int, int]:
    """Entry -> the contribution it is about: the subject itself, or the one the facts name. Those that exist."""
    from cocreation.models import Contribution

    named: dict[int, int] = {}
    for entry in entries:
        if entry.subject_label in ("proposals.Proposal", "cocreation.Contribution", "conversation.Comment"):
            named[entry.pk] = int(entry.subject_key)
        elif entry.data.get("contribution"):
            named[entry.pk] = int(entry.data["contribution"])
    there = set(Contribution.objects.filter(pk__in=set(named.values())).values_list("pk", flat=True))
    return {entry: contribution for entry, contribution in named.items() if contribution in there}


def spread(now: datetime, most: int = 10_000) -> int:
    """Tell everybody who is still to be told, a chunk at a time. Returns how many notices were written. A chunk that fails
    is tried again later and keeps nobody else waiting."""
    written = 0
    for _step in range(most):
        told = spread_chunk(now)
        if told is None:
            break
        written += told
    return written


def spread_chunk(now: datetime, chunk: int | None = None) -> int | None:
    """The next chunk of the oldest event nobody else is working on; None when there is none.

    A handful of statements, however many people: find, visibility, places, insert, step, commit.
    """
    size = chunk or int(getattr(settings, "NOTICES_CHUNK", CHUNK))
    entry = None
    try:
        with transaction.atomic():
            work = FanOut.objects.ready(now).select_for_update(skip_locked=True).order_by("entry_id").first()
            if work is None:
                return None
            entry = work.entry_id
            return _step(work, now, size)
    except (InterfaceError, OperationalError):
        raise  # the server is gone or going: it is all tried again
    except Exception:
        if entry is None:
            raise
        log.exception("notices.fan_out_failed entry=%s", entry)
        _put_off(entry, now)
        return 0


def _step(work: FanOut, now: datetime, size: int) -> int:
    seen, last, told = _tell(work, now, size)
    work.told += told
    if seen < size:
        jobs.finish(
            "fan_out", work.entry_id, at=now, told=work.told
        )  # it has a row if it took more than one step
        work.delete()
        return told
    work.last_person = last
    work.save(update_fields=["last_person", "told"])
    jobs.begin("fan_out", work.entry_id, at=now, title=work.verb, done=work.told)
    return told


def _put_off(entry: int, now: datetime) -> None:
    """Try later; when that was often enough, say so where staff looks."""
    work = FanOut.objects.filter(pk=entry)
    work.update(failures=F("failures") + 1, wait_until=now + timedelta(minutes=1))
    if work.filter(failures__gte=MOST_FAILURES).exists():
        jobs.begin("fan_out", entry, at=now)
        jobs.fail("fan_out", entry, at=now, reason="error")


def waiting(now: datetime) -> tuple[int, datetime | None]:
    """Events that still have people to be told, and since when the oldest. One query."""
    found = FanOut.objects.aggregate(n=Count("pk"), oldest=Min("at"))
    return found["n"], found["oldest"]


def try_again(entry: str) -> None:
    """The retry button of the jobs page."""
    FanOut.objects.filter(pk=int(entry)).update(failures=0, wait_until=None)


def _tell(work: FanOut, now: datetime, chunk: int) -> tuple[int, int, int]:
    candidates = _candidates(work)
    if not candidates:
        return 0, 0, 0
    fresh = work.at > now - FRESH
    late = AUDIENCES[work.verb].until
    until = late(work.data) if late else None
    if until and until <= now:
        return 0, 0, 0
    places, themes = crowd.whereabouts(work)
    with connection.cursor() as cursor:
        cursor.execute(
            _TELL.format(
                candidates=" union all ".join([crowd.NOBODY, *candidates]),
                own_rhythms=crowd.OWN_RHYTHMS,
                shown=_SHOWN if fresh and pushing.is_configured() else "",
            ),
            {
                "contribution": work.contribution_id,
                "process": work.process_id,
                **{name: work.data.get(name) for name in ("on", "phase", "reply_to", "thread", "act")},
                "mentions": work.data.get("mentions", []),
                "tell": work.data.get("tell", []),
                "places": places,
                "themes": themes,
                "last": work.last_person,
                "chunk": chunk,
                "entry": work.entry_id,
                "verb": work.verb,
                "label": work.subject_label,
                "key": work.subject_key,
                "data": json.dumps(work.data),
                "at": work.at,
                "until": until,
                "in_time": json.dumps(_in_time(now, until)),
                "read_at": None if fresh else work.at,
                "actor": work.actor_id,
                "kinds": _kinds(AUDIENCES[work.verb]),
                "mine": Kind.DATA.value,  # about their own data they are written to all the same
                "defaults": json.dumps(DEFAULTS),
                **{
                    rhythm: due_at(rhythm, now) if fresh else None
                    for rhythm in ("immediate", "daily", "weekly")
                },
                **({"immediate": work.at + SETTLES} if fresh and work.data.get("together") else {}),
            },
        )
        seen, last, told = cursor.fetchone()
    return seen, last or work.last_person, told


def _in_time(now: datetime, until: datetime | None) -> dict[str, str]:
    """The rhythm for each rhythm a person may have chosen: at once where the digest would come when it is too late."""
    return {
        rhythm: Rhythm.IMMEDIATE.value if until and due and due > until - LAST_CALL else rhythm
        for rhythm in Rhythm.values
        for due in [due_at(rhythm, now)]
    }


def _kinds(audience: Audience) -> list[str]:
    """The kind for each reason, in the order of the reasons (crowd.py)."""
    if audience.kind:
        return [audience.kind] * 6
    city = Kind.CITY.value
    return [
        Kind.MINE.value,
        city if audience.city else Kind.SUPPORTED.value,
        city if audience.city else Kind.FOLLOWED.value,
        Kind.FOLLOWED.value,
        Kind.FOLLOWED.value,
        Kind.TOOK_PART.value,
    ]


def _candidates(work: FanOut) -> list[str]:
    """The parts of the question "who?". What is not public is told to its author alone, by moderation's verbs."""
    audience = AUDIENCES[work.verb]
    named = [crowd.NAMED] if work.data.get("tell") else []
    around = (audience.narrower and audience.narrower(work.data)) or audience.around
    if around == "named":
        return named
    if around == "everybody":
        return [crowd.EVERYBODY]
    if around == "author":
        return [crowd.AUTHOR, *named] if work.contribution_id else named
    if around == "newsletter":
        return [crowd.NEWS_OF_PROCESS if work.process_id else crowd.NEWS_FOR_ALL]
    if not crowd.is_public(work):
        return named
    rooms = [crowd.of_room(each.sql) for each in crowds if around in each.around]
    # One answer to many is told to followers of the whole process once, by the verb that counts them.
    wide = [crowd.PROCESS_FOLLOWERS, *crowd.LOCAL] if audience.wide and not work.data.get("many") else []
    if around == "followers":
        return [crowd.AUTHOR, *named, crowd.FOLLOWERS]
    if around == "vote":
        return [*crowd.VOTE, *crowd.LOCAL, *rooms]
    if around == "comment":
        return [*crowd.COMMENT, crowd.PROCESS_FOLLOWERS]
    if around == "conversation":
        return [crowd.AUTHOR, crowd.FOLLOWERS, crowd.WRITERS, crowd.PROCESS_FOLLOWERS]
    if around == "participants":
        return [*crowd.PARTICIPANTS, *rooms]
    if around == "waiting":
        return [crowd.PROCESS_FOLLOWERS, crowd.WAITING]
    if around == "local":
        return list(crowd.LOCAL)
    if around == "process" or work.contribution_id is None:
        return [crowd.PROCESS_FOLLOWERS, *(crowd.LOCAL if audience.wide else []), *named, *rooms]
    return [crowd.AUTHOR, *named, crowd.SUPPORTERS, crowd.FOLLOWERS, *wide, *rooms]


jobs.kinds.add(
    "fan_out",
    jobs.JobKind("fan_out", _("Telling people"), said=_told_words, retry=try_again),
)
