"""From one journal entry to everybody concerned: set-based, in chunks, never a loop per person.

The reader leaves one `FanOut` row per event, in the transaction that moves its cursor. `spread` then tells people in
chunks of at most 5,000 in the order of their keys; a chunk and the step it takes are one transaction. Whatever is killed
in between, the row says where to go on, and the unique constraint says who knows already.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from cocreation.news import news
from feedback.notices.models import DEFAULTS, FanOut, Kind, Rhythm, due_at
from groundwork.journal.models import Entry

CHUNK = 5_000
# Older news stand in the inbox as read and are not mailed: an import or a restored backup must not flood anybody.
FRESH = timedelta(days=14)
# A message about a moment comes at least so long before it.
LAST_CALL = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Audience:
    """Who hears of a verb. `author` only, everybody around a `contribution`, everybody around a `process` (those who
    follow it, or also its `participants`, who wrote or support something in it), or those a `comment` concerns: who
    wrote what is commented on, what it answers, or is called by name in it, or only those the entry has `named`.

    `city`: the city speaks, so supporters and followers get it as an answer of the city. `wide`: people who follow
    the whole process hear of it too.
    """

    around: str
    city: bool = False
    wide: bool = True
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
}
# With what the houses and rooms below want told: they are registered before this room is.
AUDIENCES = OWN | {
    slug: Audience(each.around, each.city, each.wide, each.narrower, each.until)
    for slug in news.slugs()
    for each in [news.get(slug)]
}
VERBS = frozenset(AUDIENCES)

# Everybody concerned beyond the last key, with the nearest reason (0 own, 1 supports, 2 follows the thing, 3 the process).
_AUTHOR = (
    "(select i.author_id person, 0 reason from cocreation_contribution i where i.id = %(contribution)s"
    " union select h.person_id, 0 from proposals_authorship h where h.proposal_id = %(contribution)s"
    " and h.accepted_at is not null and h.left_at is null)"
)
_NAMED = "(select n.person, 0 from unnest(%(tell)s::bigint[]) n (person) where n.person > %(last)s)"
_SUPPORTERS = (
    "(select s.person_id, 1 from proposals_support s where s.proposal_id = %(contribution)s and s.person_id > %(last)s"
    " order by s.person_id limit %(chunk)s)"
)
_FOLLOWERS = (
    "(select f.person_id, 2 from cocreation_follow f where f.contribution_id = %(contribution)s"
    " and f.person_id > %(last)s order by f.person_id limit %(chunk)s)"
)
_PROCESS_FOLLOWERS = (
    "(select f.person_id, 3 from cocreation_follow f where f.process_id = %(process)s and f.person_id > %(last)s"
    " order by f.person_id limit %(chunk)s)"
)
# Who began something in the process that waits for a log-in or a confirmation.
_WAITING = (
    "(select distinct w.person_id, 3 from cocreation_pendingact w where w.process_id = %(process)s and w.act = %(act)s"
    " and w.completed_at is null and w.given_up_at is null and w.expires_at > %(at)s and w.person_id > %(last)s"
    " order by w.person_id limit %(chunk)s)"
)
# Whose proposal is or was on the ballot of this process, and who supports one of them.
_OPTIONS = (
    "select p.contribution_id from proposals_proposal p where p.process_id = %(process)s and p.is_public"
    " and exists (select 1 from proposals_stagemove m where m.proposal_id = p.contribution_id and m.stage = 'on_ballot')"
)
# ruff: noqa: S608 - the parts are our own constants; values travel as parameters
_VOTE = (
    f"(select i.author_id, 0 from cocreation_contribution i where i.id in ({_OPTIONS}) and i.author_id > %(last)s)",
    f"(select distinct s.person_id, 1 from proposals_support s where s.proposal_id in ({_OPTIONS})"
    " and s.person_id > %(last)s order by s.person_id limit %(chunk)s)",
    f"(select distinct f.person_id, 2 from cocreation_follow f where f.contribution_id in ({_OPTIONS})"
    " and f.person_id > %(last)s order by f.person_id limit %(chunk)s)",
    _PROCESS_FOLLOWERS,
)
# Those concerned by a comment: authors of the subject and of what it answers, who is called, and who follows either.
_COMMENT = (
    "(select i.author_id, 0 from cocreation_contribution i where i.id in (%(on)s::bigint, %(reply_to)s::bigint,"
    " %(thread)s::bigint) and i.author_id > %(last)s)",
    "(select m.person, 0 from unnest(%(mentions)s::bigint[]) m (person) where m.person > %(last)s)",
    "(select f.person_id, 2 from cocreation_follow f where f.contribution_id in (%(on)s::bigint, %(thread)s::bigint)"
    " and f.person_id > %(last)s order by f.person_id limit %(chunk)s)",
)
# Whoever said something in the phase of a debate.
_WRITERS = (
    "(select distinct i.author_id, 0 from cocreation_contribution i where i.phase_id = %(phase)s::bigint"
    " and i.kind = 'comment' and i.is_public and i.author_id > %(last)s order by i.author_id limit %(chunk)s)"
)
_PARTICIPANTS = (
    "(select distinct i.author_id, 0 from cocreation_contribution i where i.process_id = %(process)s"
    " and i.published_at is not null and i.author_id > %(last)s order by i.author_id limit %(chunk)s)",
    "(select distinct s.person_id, 1 from proposals_support s join proposals_proposal p on p.contribution_id = s.proposal_id"
    " where p.process_id = %(process)s and s.person_id > %(last)s order by s.person_id limit %(chunk)s)",
    _PROCESS_FOLLOWERS,
)
# Whoever said something about the contribution of the entry: those are asked, too, whether what was built works.
_COMMENTERS = (
    "(select distinct e.actor_id, 2 from journal_entry e where e.process_id = %(process)s and e.verb = 'comment.published'"
    " and e.data ->> 'on' = (%(contribution)s::bigint)::text and e.actor_id > %(last)s order by e.actor_id limit %(chunk)s)"
)
_NOBODY = "select null::bigint person, 0 reason where false"

_TELL = """
with concerned as (
  select person, min(reason) reason from ({candidates}) candidates
  where person > %(last)s group by person order by person limit %(chunk)s),
told as (
  insert into notices_notice (person_id, entry_id, kind, verb, process_id, contribution_id, subject_label, subject_key,
                              data, created_at, until, read_at, rhythm, due_at, attempts)
  select c.person, %(entry)s::bigint, k.kind, %(verb)s, %(process)s::bigint, %(contribution)s::bigint, %(label)s, %(key)s,
         %(data)s::jsonb, %(at)s::timestamptz, %(until)s::timestamptz, %(read_at)s::timestamptz, r.rhythm,
         case r.rhythm when 'immediate' then %(immediate)s::timestamptz when 'daily' then %(daily)s::timestamptz
                       when 'weekly' then %(weekly)s::timestamptz end,
         0
  from concerned c
  join accounts_person a on a.id = c.person and a.is_active
  cross join lateral (select (%(kinds)s::text[])[c.reason + 1] kind) k
  left join notices_preference p on p.person_id = c.person and p.kind = k.kind
  cross join lateral (
    select %(in_time)s::jsonb ->> case when a.is_guest then 'none'
                                       else coalesce(p.rhythm, %(defaults)s::jsonb ->> k.kind) end rhythm) r
  where c.person is distinct from %(actor)s::bigint
  on conflict (person_id, entry_id) do nothing
  returning 1)
select count(*), max(person), (select count(*) from told) from concerned
"""


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
    """Tell everybody who is still to be told, a chunk at a time. Returns how many notices were written."""
    written = 0
    for _step in range(most):
        told = spread_chunk(now)
        if told is None:
            break
        written += told
    return written


@transaction.atomic
def spread_chunk(now: datetime, chunk: int | None = None) -> int | None:
    """The next chunk of the oldest event nobody else is working on; None when there is none.

    Five statements, however many people: find, visibility, insert, step, commit.
    """
    work = FanOut.objects.select_for_update(skip_locked=True).order_by("entry_id").first()
    if work is None:
        return None
    size = chunk or int(getattr(settings, "NOTICES_CHUNK", CHUNK))
    seen, last, told = _tell(work, now, size)
    if seen < size:
        work.delete()
    else:
        work.last_person = last
        work.save(update_fields=["last_person"])
    return told


def _tell(work: FanOut, now: datetime, chunk: int) -> tuple[int, int, int]:
    candidates = _candidates(work)
    if not candidates:
        return 0, 0, 0
    fresh = work.at > now - FRESH
    late = AUDIENCES[work.verb].until
    until = late(work.data) if late else None
    if until and until <= now:
        return 0, 0, 0
    with connection.cursor() as cursor:
        cursor.execute(
            _TELL.format(candidates=" union all ".join([_NOBODY, *candidates])),
            {
                "contribution": work.contribution_id,
                "process": work.process_id,
                **{name: work.data.get(name) for name in ("on", "phase", "reply_to", "thread", "act")},
                "mentions": work.data.get("mentions", []),
                "tell": work.data.get("tell", []),
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
                "defaults": json.dumps(DEFAULTS),
                **{
                    rhythm: due_at(rhythm, now) if fresh else None
                    for rhythm in ("immediate", "daily", "weekly")
                },
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
    """The kind for each reason, in the order of the reasons."""
    city = Kind.CITY.value
    return [
        Kind.MINE.value,
        city if audience.city else Kind.SUPPORTED.value,
        city if audience.city else Kind.FOLLOWED.value,
        Kind.FOLLOWED.value,
    ]


def _candidates(work: FanOut) -> list[str]:
    """The parts of the question "who?". What is not public is told to its author alone, by moderation's verbs."""
    audience = AUDIENCES[work.verb]
    named = [_NAMED] if work.data.get("tell") else []
    around = (audience.narrower and audience.narrower(work.data)) or audience.around
    if around == "named":
        return named
    if around == "author":
        return [_AUTHOR, *named] if work.contribution_id else named
    if not _is_public(work):
        return named
    if around == "followers":
        return [_AUTHOR, *named, _FOLLOWERS]
    if around == "vote":
        return list(_VOTE)
    if around == "comment":
        return [*_COMMENT, _PROCESS_FOLLOWERS]
    if around == "conversation":
        return [_AUTHOR, _FOLLOWERS, _WRITERS, _PROCESS_FOLLOWERS]
    if around == "participants":
        return list(_PARTICIPANTS)
    if around == "waiting":
        return [_PROCESS_FOLLOWERS, _WAITING]
    if around == "process" or work.contribution_id is None:
        return [_PROCESS_FOLLOWERS, *named]
    asked = [_COMMENTERS] if work.verb == "commitment.delivered" else []
    return [
        _AUTHOR,
        *named,
        _SUPPORTERS,
        _FOLLOWERS,
        *asked,
        *([_PROCESS_FOLLOWERS] if audience.wide else []),
    ]


def _is_public(work: FanOut) -> bool:
    from cocreation.models import Contribution, Process

    if work.contribution_id is not None:
        return Contribution.objects.public().filter(pk=work.contribution_id).exists()
    return work.process_id is not None and Process.objects.published().filter(pk=work.process_id).exists()
