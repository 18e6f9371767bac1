"""Who is concerned by an event: parts of one SQL question, each with the reason why.

Each part gives people beyond the last key, in the order of their keys and no more than a chunk. The nearest reason counts:
0 it is theirs or they are named, 1 they support it, 2 they follow the thing, 3 its process, 4 its place or theme, 5 they
took part (what rooms add, cocreation.news.crowds).
"""

# ruff: noqa: S608 - the parts are our own constants; values travel as parameters

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from feedback.notices.models import FanOut

AUTHOR = (
    "(select i.author_id person, 0 reason from cocreation_contribution i where i.id = %(contribution)s"
    " union select h.person_id, 0 from proposals_authorship h where h.proposal_id = %(contribution)s"
    " and h.accepted_at is not null and h.left_at is null)"
)
NAMED = "(select n.person, 0 from unnest(%(tell)s::bigint[]) n (person) where n.person > %(last)s)"
SUPPORTERS = (
    "(select s.person_id, 1 from proposals_support s where s.proposal_id = %(contribution)s and s.person_id > %(last)s"
    " order by s.person_id limit %(chunk)s)"
)
FOLLOWERS = (
    "(select f.person_id, 2 from cocreation_follow f where f.contribution_id = %(contribution)s"
    " and f.person_id > %(last)s order by f.person_id limit %(chunk)s)"
)
PROCESS_FOLLOWERS = (
    "(select f.person_id, 3 from cocreation_follow f where f.process_id = %(process)s and f.person_id > %(last)s"
    " order by f.person_id limit %(chunk)s)"
)
# Whoever follows a place hears of all that lies in it: %(places)s are the thing's own place and all above it.
LOCAL = (
    "(select distinct f.person_id, 4 from cocreation_follow f where f.place_id = any(%(places)s::bigint[])"
    " and f.person_id > %(last)s order by f.person_id limit %(chunk)s)",
    "(select distinct f.person_id, 4 from cocreation_follow f where f.theme = any(%(themes)s::text[])"
    " and f.person_id > %(last)s order by f.person_id limit %(chunk)s)",
)
# Who began something in the process that waits for a log-in or a confirmation.
WAITING = (
    "(select distinct w.person_id, 3 from cocreation_pendingact w where w.process_id = %(process)s and w.act = %(act)s"
    " and w.completed_at is null and w.given_up_at is null and w.expires_at > %(at)s and w.person_id > %(last)s"
    " order by w.person_id limit %(chunk)s)"
)
_WRITES = "h.accepted_at is not null and h.left_at is null and h.person_id > %(last)s"
# Whose proposal is or was on the ballot of this process, and who supports one of them.
_OPTIONS = (
    "select p.contribution_id from proposals_proposal p where p.process_id = %(process)s and p.is_public"
    " and exists (select 1 from proposals_stagemove m where m.proposal_id = p.contribution_id and m.stage = 'on_ballot')"
)
VOTE = (
    f"(select i.author_id, 0 from cocreation_contribution i where i.id in ({_OPTIONS}) and i.author_id > %(last)s)",
    f"(select h.person_id, 0 from proposals_authorship h where h.proposal_id in ({_OPTIONS}) and {_WRITES})",
    f"(select distinct s.person_id, 1 from proposals_support s where s.proposal_id in ({_OPTIONS})"
    " and s.person_id > %(last)s order by s.person_id limit %(chunk)s)",
    f"(select distinct f.person_id, 2 from cocreation_follow f where f.contribution_id in ({_OPTIONS})"
    " and f.person_id > %(last)s order by f.person_id limit %(chunk)s)",
    PROCESS_FOLLOWERS,
)
# Those concerned by a comment: authors of the subject and of what it answers, who is called, and who follows either.
COMMENT = (
    "(select i.author_id, 0 from cocreation_contribution i where i.id in (%(on)s::bigint, %(reply_to)s::bigint,"
    " %(thread)s::bigint) and i.author_id > %(last)s)",
    "(select h.person_id, 0 from proposals_authorship h where h.proposal_id in (%(on)s::bigint, %(thread)s::bigint)"
    f" and {_WRITES})",
    "(select m.person, 0 from unnest(%(mentions)s::bigint[]) m (person) where m.person > %(last)s)",
    "(select f.person_id, 2 from cocreation_follow f where f.contribution_id in (%(on)s::bigint, %(thread)s::bigint)"
    " and f.person_id > %(last)s order by f.person_id limit %(chunk)s)",
)
# Whoever said something in the phase of a debate.
WRITERS = (
    "(select distinct i.author_id, 0 from cocreation_contribution i where i.phase_id = %(phase)s::bigint"
    " and i.kind = 'comment' and i.is_public and i.author_id > %(last)s order by i.author_id limit %(chunk)s)"
)
PARTICIPANTS = (
    "(select distinct i.author_id, 0 from cocreation_contribution i where i.process_id = %(process)s"
    " and i.published_at is not null and i.author_id > %(last)s order by i.author_id limit %(chunk)s)",
    "(select distinct h.person_id, 0 from proposals_authorship h join proposals_proposal p on p.contribution_id = h.proposal_id"
    f" where p.process_id = %(process)s and p.is_public and {_WRITES} order by h.person_id limit %(chunk)s)",
    "(select distinct s.person_id, 1 from proposals_support s join proposals_proposal p on p.contribution_id = s.proposal_id"
    " where p.process_id = %(process)s and s.person_id > %(last)s order by s.person_id limit %(chunk)s)",
    PROCESS_FOLLOWERS,
)
# Everybody with an account, for what concerns all of them.
EVERYBODY = (
    "(select a.id, 5 from accounts_person a where a.is_active and not a.is_guest and a.id > %(last)s order by a.id"
    " limit %(chunk)s)"
)
NOBODY = "select null::bigint person, 0 reason where false"

# Who allowed news; and of these, who wrote or supports something in a process, or follows it.
_ALLOWED = "from notices_preference n where n.kind = 'newsletters' and n.rhythm <> 'none'"
_TOOK_PART = (
    " and (exists (select 1 from cocreation_contribution i where i.author_id = n.person_id and i.process_id = %(process)s"
    " and i.published_at is not null)"
    " or exists (select 1 from proposals_support s join proposals_proposal p on p.contribution_id = s.proposal_id"
    " where s.person_id = n.person_id and p.process_id = %(process)s)"
    " or exists (select 1 from cocreation_follow f where f.person_id = n.person_id and f.process_id = %(process)s))"
)
_NEXT = " and n.person_id > %(last)s order by n.person_id limit %(chunk)s"
NEWS_FOR_ALL = f"(select n.person_id, 5 {_ALLOWED}{_NEXT})"
NEWS_OF_PROCESS = f"(select n.person_id, 5 {_ALLOWED}{_TOOK_PART}{_NEXT})"

# The rhythm somebody chose for the very thing, the nearest of several.
OWN_RHYTHMS = (
    "select distinct on (f.person_id) f.person_id, t.rhythm from notices_thingrhythm t"
    " join cocreation_follow f on f.id = t.follow_id where f.person_id > %(last)s and"
    " (f.contribution_id in (%(contribution)s, %(on)s::bigint, %(thread)s::bigint) or f.process_id = %(process)s"
    " or f.place_id = any(%(places)s::bigint[]) or f.theme = any(%(themes)s::text[]))"
    " order by f.person_id, f.contribution_id nulls last, f.process_id nulls last, f.place_id nulls last"
)

_WHEREABOUTS = """
with recursive up (id, parent_id) as (
  select p.id, p.parent_id from cocreation_place p where p.id = any(%(named)s::bigint[]) or p.id in (
    select o.place_id from proposals_proposal o where o.contribution_id = %(contribution)s
    union select w.place_id from cocreation_process_places w where w.process_id = %(process)s)
  union select p.id, p.parent_id from cocreation_place p join up on p.id = up.parent_id)
select (select array_agg(id) from up),
       (select array_agg(o.theme) from proposals_proposal o where o.contribution_id = %(contribution)s)
"""


def whereabouts(work: FanOut) -> tuple[list[int], list[str]]:
    """The places an event is about, with all above them, and its themes; an event about many things names both. One query."""
    about = {
        "contribution": work.contribution_id,
        "process": work.process_id,
        "named": work.data.get("places", []),
    }
    with connection.cursor() as cursor:
        cursor.execute(_WHEREABOUTS, about)
        places, themes = cursor.fetchone()
    return places or [], [*(themes or []), *work.data.get("themes", [])]


def is_public(work: FanOut) -> bool:
    """Whether strangers may hear of it: the thing itself, and what it is said about."""
    from cocreation.models import Contribution, Process

    things = {key for key in (work.contribution_id, work.data.get("on")) if key}
    if things:
        return Contribution.objects.public().filter(pk__in=things).count() == len(things)
    return work.process_id is not None and Process.objects.published().filter(pk=work.process_id).exists()


def who_gets_news(process: int | None) -> int:
    """How many people a newsletter would reach: the same question as the fan-out asks, counted. One query."""
    where = _ALLOWED + (_TOOK_PART if process else "")
    with connection.cursor() as cursor:
        cursor.execute(
            f"select count(*) {where} and exists (select 1 from accounts_person a where a.id = n.person_id"
            " and a.is_active and not a.is_guest)",
            {"process": process},
        )
        (number,) = cursor.fetchone()
    return int(number)


def of_room(sql: str) -> str:
    """The people a room adds, as a part of the question."""
    return f"(select person, 5 from ({sql}) r (person))"
