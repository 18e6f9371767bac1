"""A city of full size, by set-based SQL: `build(FULL)` fills a migrated, empty database in about a minute, `build(CITY)`,
a large city with 120,000 proposals in its processes, in some minutes more.

12 processes, one of them with 10,000 proposals; 400,000 supports distributed like fame (few have many), 100,000
comments, 200,000 people, 20,000 of them verified; assessments, answers, commitments and a sealed journal, so
that every part of a page has something to look up. The same numbers always give the same city.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

BIG = "stadtgruen"


@dataclass(frozen=True)
class Size:
    """How much of everything. `proposals` lie in the big process, `elsewhere` in each of the others."""

    people: int = 200_000
    verified: int = 20_000
    processes: int = 12
    proposals: int = 10_000
    elsewhere: int = 50
    supports: int = 400_000
    comments: int = 100_000
    talk: int = 5_000
    organisations: int = 40
    follows: int = 20_000
    # How many projects are on the ballot of each open vote; 0: all that are feasible.
    ballot: int = 0
    # Every process has proposals, and every comment stands below one.
    whole: bool = False

    def part(self, fraction: float) -> Size:
        """The same city, smaller; never without a thing of each sort."""

        def scaled(n: int) -> int:
            return max(20, int(n * fraction))

        return replace(
            self,
            people=scaled(self.people),
            verified=scaled(self.verified),
            proposals=scaled(self.proposals),
            elsewhere=max(3, int(self.elsewhere * fraction)),
            supports=scaled(self.supports),
            comments=scaled(self.comments),
            talk=scaled(self.talk),
            follows=scaled(self.follows),
            ballot=scaled(self.ballot) if self.ballot else 0,
        )


FULL = Size()
CITY = Size(
    people=500_000, verified=100_000, elsewhere=10_000, supports=2_000_000, comments=1_000_000, follows=100_000,
    ballot=1_400, whole=True,
)  # fmt: skip
SIZES = {"full": FULL, "city": CITY, "city-tenth": CITY.part(0.1)}


def states(size: Size) -> list[str]:
    """What each process is doing, in turn."""
    return ["collecting" if state == "announced" and size.whole else state for state in STATES]


def build(size: Size, say: Callable[[str], None] = lambda words: None) -> None:
    """Everything, in order. The database is migrated and empty."""
    from django.utils import timezone

    now = timezone.now().replace(microsecond=0)
    with _step(say, "places, offices, processes"):
        _city(size, now)
    sql("set maintenance_work_mem = '512MB'")
    sql("set work_mem = '256MB'")
    with _bare(say, *_tables_of_people()), _step(say, f"{size.people:,} people"):
        _people(size, now)
    with _bare(say, *_tables_of_contributions()):
        with _step(say, f"{size.proposals + size.elsewhere * (size.processes - 1):,} proposals"):
            _proposals(size, now)
        with _step(say, f"{size.supports:,} supports"):
            _supports(size, now)
        with _step(say, f"{size.comments:,} comments"):
            _comments(size, now)
    sql("analyze")
    with _step(say, "votes, answers and commitments"):
        with _bare(say, *_tables_of_votes()):
            _votes(now)
        _feedback(now)
    with _step(say, "the journal, sealed"), _bare(say, *_tables_of_the_journal()):
        _journal()
    sql("reset maintenance_work_mem")
    sql("reset work_mem")
    with _step(say, "what the clockwork keeps"):
        _clockwork(now)


def settle() -> None:
    """Leave nothing for the database's own housekeeping to do in the middle of a measurement."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("vacuum (freeze, analyze)")


@contextmanager
def _step(say: Callable[[str], None], words: str) -> Iterator[None]:
    started = time.monotonic()
    yield
    say(f"  {words}: {time.monotonic() - started:.1f} s")


# --- many rows at once ---

_RULES = """
select format('alter table %%s drop constraint %%I', c.conrelid::regclass, c.conname),
       format('alter table %%s add constraint %%I %%s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
from pg_constraint c
where c.conrelid = any(%s::regclass[]) and (c.contype = 'f' or c.contype = 'u'
  and not exists (select from pg_constraint f where f.contype = 'f' and f.conindid = c.conindid and f.conrelid <> all(%s::regclass[])))
order by c.contype = 'u', c.conname
"""
_INDEXES = """
select format('drop index %%s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
from pg_index i
where i.indrelid = any(%s::regclass[]) and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
"""


@contextmanager
def _bare(say: Callable[[str], None], *models: Any) -> Iterator[None]:
    """These tables without their foreign keys, unique constraints and indexes while very many rows come. At the end all of
    them are made again, which checks every row; the schema is what it was. Primary keys, checks and triggers stay."""
    tables = [model._meta.db_table for model in models]
    again = [
        *((undo, redo, "indexes") for undo, redo in rows(_INDEXES, tables)),
        *((undo, redo, "constraints") for undo, redo in reversed(rows(_RULES, tables, tables))),
    ]
    _finish_checks()
    for undo, _redo, _what in reversed(again):
        sql(undo)
    yield
    _finish_checks()
    for word in ("indexes", "constraints"):
        started = time.monotonic()
        for _undo, redo, what in again:
            if what == word:
                sql(redo)
        say(f"    {word} of {', '.join(tables)}: {time.monotonic() - started:.1f} s")


def _finish_checks() -> None:
    """A table with checks that still wait cannot be changed; only inside a transaction can they."""
    from django.db import connection

    if connection.in_atomic_block:
        sql("set constraints all immediate")
        sql("set constraints all deferred")


def _tables_of_people() -> list[Any]:
    from allauth.account.models import EmailAddress

    from accounts.models import Person

    return [Person, EmailAddress]


def _tables_of_contributions() -> list[Any]:
    from cocreation.conversation.models import Comment
    from cocreation.models import Contribution, Follow
    from proposals.models import Assessment, Assignment, Authorship, Proposal, StageMove, Support

    # Not revisions: the words of a proposal are found through their index.
    return [
        *(Contribution, Follow, Comment, Proposal, Authorship, StageMove, Assessment, Assignment, Support)
    ]


def _tables_of_votes() -> list[Any]:
    from proposals.ballots.models import Slot

    return [Slot]


def _tables_of_the_journal() -> list[Any]:
    from groundwork.journal.models import Entry

    return [Entry]


# --- SQL with Django's columns ---


def sql(statement: str, *parameters: Any) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
        return int(cursor.rowcount)


def rows(statement: str, *parameters: Any) -> list[Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def insert(model: Any, source: str, **columns: str) -> int:
    """`insert into model select columns from source`. Columns not named get the model's own default."""
    from django.db import connection
    from django.db.models import NOT_PROVIDED

    names, values, parameters = [], [], []
    for field in model._meta.concrete_fields:
        given = columns.pop(field.attname, None)
        if given is not None:
            value = given
        elif field.has_default():
            default = field.get_default()
            value = "%s" if not isinstance(default, dict) else "%s::jsonb"
            parameters.append(field.get_db_prep_save(default, connection))
        elif field.null or field.primary_key or field.db_default is not NOT_PROVIDED:
            continue
        elif getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False):
            value = "now()"
        else:
            value = "''"
        names.append(connection.ops.quote_name(field.column))
        values.append(value)
    if columns:
        raise LookupError(f"{model.__name__} has no column {', '.join(columns)}.")
    table = connection.ops.quote_name(model._meta.db_table)
    values = [value.replace("%", "%%") if "%s" not in value else value for value in values]
    return sql(
        f"insert into {table} ({', '.join(names)}) select {', '.join(values)} from {source}", *parameters
    )


def words(name: str, texts: list[str]) -> None:
    """A temporary function `name(n, salt)` that gives one of these texts, always the same for the same numbers."""
    listed = ", ".join("'" + text.replace("'", "''") + "'" for text in texts)
    sql(
        f"create or replace function pg_temp.{name}(n bigint, salt bigint) returns text language sql immutable as"
        f" $$ select (array[{listed}])[1 + pg_temp.dice(n, salt, {len(texts)})] $$"
    )


def _tools() -> None:
    from tests.bench import sentences as s

    sql(
        "create or replace function pg_temp.dice(n bigint, salt bigint, sides bigint) returns int language sql immutable"
        " as $$ select ((hashint8extended(n, salt) & 4611686018427387903) % sides)::int $$"
    )
    # A number in [0, 1), to draw fame from.
    sql(
        "create or replace function pg_temp.share(n bigint, salt bigint) returns float8 language sql immutable"
        " as $$ select (hashint8extended(n, salt) & 1048575) / 1048576.0::float8 $$"
    )
    words("first_name", s.FIRST_NAMES)
    words("last_name", s.LAST_NAMES)
    words("summary", s.SUMMARIES)
    words("sentence", s.SENTENCES)
    words("reason", s.REASONS)


# --- the city ---

PLACES = [
    "nordstadt",
    "suedviertel",
    "altstadt",
    "weststadt",
    "hafenviertel",
    "aue",
    "lindach",
    "oberwies",
    "hinterau",
    "steinbach",
]
OFFICES = {
    "parks": ("Grünflächenamt", "Office for Parks"),
    "roads": ("Tiefbauamt", "Roads Office"),
    "youth": ("Jugendamt", "Youth Office"),
    "culture": ("Kulturamt", "Office for Culture"),
    "climate": ("Klimaleitstelle", "Climate Unit"),
    "money": ("Kämmerei", "Treasury"),
}
# When ideas, assessment, ballot and answer begin, in days from now; what has no ballot is answered directly.
LINES = {
    "collecting": (-40, 200, 240, 260),
    "announced": (20, 60, 90, 110),
    "assessing": (-80, -20, 90, 110),
    "voting": (-120, -80, -10, 90),
    "answering": (-300, -260, -200, -170),
}
STATES = ["collecting", "voting", "answering", "collecting", "assessing", "answering", "announced", "voting"]


def _city(size: Size, now: datetime) -> None:
    from cocreation.methods import methods
    from cocreation.models import Place
    from quartier.builders import both, make_office, make_organisation, make_phase, make_place, make_process

    town = make_place(
        "auental",
        both("Auental", "Auental"),
        kind=Place.Kind.MUNICIPALITY,
        population=41_000,
        map_x=292,
        map_y=214,
    )
    for number, slug in enumerate(PLACES):
        name = slug.replace("ue", "ü").capitalize()
        kind = Place.Kind.DISTRICT if number < 6 else Place.Kind.VILLAGE
        make_place(
            slug,
            both(name, name),
            kind=kind,
            parent=town,
            population=900 + 700 * number,
            map_x=60 + 45 * number,
            map_y=100 + 17 * number,
        )
    offices = [make_office(slug, both(*names)) for slug, names in OFFICES.items()]
    kinds = ["company", "civil_society", "university_or_research", "neighbourhood_group", "creative_and_arts"]
    for number in range(size.organisations):
        make_organisation(f"gruppe-{number}", f"Gruppe {number}", kinds[number % len(kinds)], at=now)
    names = {
        "ideas": both("Ideen", "Ideas"),
        "assessment": both("Prüfung", "Assessment"),
        "ballot": both("Abstimmung", "Vote"),
        "answer": both("Antwort der Stadt", "The city's answer"),
    }
    text = both(
        "Alle können mitmachen, online oder im Bürgerbüro.", "Everyone can take part, online or at the desk."
    )
    texts = dict.fromkeys(
        ("question", "lead", "what_open", "what_fixed", "how_decided", "decides", "offline"), text
    )
    for number in range(size.processes):
        state = states(size)[number % len(STATES)]
        slug, title = (
            (BIG, both("Mehr Stadtgrün", "A greener town"))
            if number == 0
            else (f"frage-{number}", both(f"Frage {number}", f"Question {number}"))
        )
        starts = LINES[state]
        process = make_process(
            slug,
            title,
            office=offices[number % len(offices)],
            places=[town],
            texts=texts,
            published_at=now + timedelta(days=min(starts[0], 0) - 5),
            answer_by=now + timedelta(days=starts[3] + 30),
        )
        borders = [*starts, starts[3] + 60]
        for order, (method, called) in enumerate(names.items()):
            if method not in methods:
                continue
            options: dict[str, Any] = {"budget": 500_000, "min_choices": 1} if method == "ballot" else {}
            make_phase(
                process,
                method,
                method,
                called,
                starts=now + timedelta(days=borders[order]),
                ends=now + timedelta(days=borders[order + 1]),
                **options,
            )
        if number == 0:  # the offices assess while ideas still come in
            make_phase(
                process,
                "early",
                "assessment",
                both("Laufende Prüfung", "Rolling assessment"),
                lane=1,
                order=9,
                starts=now - timedelta(days=30),
                ends=now + timedelta(days=200),
            )


def _people(size: Size, now: datetime) -> None:
    from allauth.account.models import EmailAddress

    from accounts.models import Membership, Organisation, Person, Verification

    _tools()
    sql(
        "create temp table seed_person as select n, nextval(pg_get_serial_sequence('accounts_person', 'id')) as id"
        f" from generate_series(1, {size.people}) n"
    )
    places = (
        "(array[" + ", ".join(f"'{slug}'" for slug in PLACES) + f"])[1 + pg_temp.dice(n, 3, {len(PLACES)})]"
    )
    insert(
        Person,
        "seed_person order by n",
        id="id",
        password="'!' || md5(n::text)",
        email="'person' || n || '@example.org'",
        public_name="pg_temp.first_name(n, 1) || ' ' || pg_temp.last_name(n, 2)",
        place=places,
        joined_at=f"timestamptz '{now.isoformat()}' - n * interval '3 minutes'",
        language="case when pg_temp.dice(n, 4, 8) = 0 then 'en' else 'de' end",
    )
    insert(
        EmailAddress,
        "seed_person order by n",
        user_id="id",
        email="'person' || n || '@example.org'",
        verified="true",
        primary="true",
    )
    insert(
        Verification,
        f"seed_person where n <= {size.verified} order by n",
        person_id="id",
        residence=places,
        method="'demo'",
        verified_at=f"timestamptz '{now.isoformat()}' - interval '30 days'",
    )
    insert(
        Membership,
        f"seed_person join {Organisation._meta.db_table} o on o.id % {size.organisations} = n % {size.organisations}"
        f" where n <= {size.organisations * 3}",
        person_id="seed_person.id",
        organisation_id="o.id",
        confirmed_at=f"timestamptz '{now.isoformat()}'",
        role=f"case when n <= {size.organisations} then 'lead' else 'member' end",
    )
    sql("create unique index on seed_person (n)")
    sql("analyze seed_person")


# --- proposals ---

STAGES_OF = {
    "collecting": ["received"] * 7 + ["feasible"] * 2 + ["not_feasible"],
    "announced": [],
    "assessing": ["received"] * 3 + ["feasible"] * 5 + ["not_feasible"] * 2,
    "voting": ["feasible"] * 6 + ["not_feasible"] * 2,
    "answering": ["not_chosen"] * 4 + ["promised", "under_way", "delivered", "not_feasible"],
}


def _proposals(size: Size, now: datetime) -> None:
    from cocreation.models import Contribution, Office, Process
    from proposals.actions import _LOOKS
    from proposals.models import Assessment, Assignment, Authorship, Proposal, Revision, StageMove
    from tests.bench import sentences as s

    sql(
        "create temp table seed_process (nr int, process_id bigint, phase_id bigint, office_id bigint, stages text[], amount int)"
    )
    offices = list(Office.objects.order_by("pk"))
    for number, process in enumerate(Process.objects.order_by("pk")):
        stages = STAGES_OF[states(size)[number % len(STATES)]]
        amount = 0 if not stages else size.proposals if number == 0 else size.elsewhere
        phase = process.phases.get(key="ideas")
        sql(
            "insert into seed_process values (%s, %s, %s, %s, %s::text[], %s)",
            number,
            process.pk,
            phase.pk,
            offices[number % len(offices)].pk,
            stages,
            amount,
        )
    sql("create temp table seed_thing (i int, theme text, what text, hue text, pattern text)")
    for number, (theme, what) in enumerate(s.THINGS):
        sql("insert into seed_thing values (%s, %s, %s, %s, %s)", number, theme, what, *_LOOKS[theme])
    words("where_it_is", s.WHERE)
    words("for_whom", s.WHOM)
    # The oldest first, the processes mixed in time as they are in life.
    sql(f"""
        create temp table seed_proposal as
        select ordered.n, nextval(pg_get_serial_sequence('cocreation_contribution', 'id')) as id, process_id, phase_id, office_id,
               stages[1 + pg_temp.dice(k, 11, cardinality(stages))] as stage, what, theme, hue, pattern,
               timestamptz '{now.isoformat()}' - (1 - u) * interval '39 days' as at, author.id as author_id, place.id as place_id
        from (select mixed.*, row_number() over (order by u, k) as n from (
                select seed_process.*, g + nr * 1000000 as k, pg_temp.share(g + nr * 1000000, 10) as u
                from seed_process, generate_series(1, amount) g) mixed) ordered
        join seed_thing thing on thing.i = pg_temp.dice(k, 14, {len(s.THINGS)})
        join seed_person author on author.n = 1 + pg_temp.dice(k, 12, {size.people})
        join (select id, row_number() over (order by id) - 1 as i from cocreation_place where slug <> 'auental') place
          on place.i = pg_temp.dice(k, 13, {len(PLACES)})
        order by ordered.n
    """)
    sql("create unique index on seed_proposal (id)")
    if size.ballot:
        _limit_ballots(size)
    sql("analyze seed_proposal")
    insert(
        Contribution,
        "seed_proposal order by n",
        id="id",
        kind="'proposal'",
        process_id="process_id",
        phase_id="phase_id",
        author_id="author_id",
        created_at="at",
        published_at="at",
        is_public="true",
        organisation_id=f"case when pg_temp.dice(n, 15, 12) = 0 then (select min(id) from accounts_organisation) + pg_temp.dice(n, 16, {size.organisations}) end",
        channel="case when pg_temp.dice(n, 17, 15) = 0 then 'paper' else 'web' end",
    )
    title = "left(what || ' ' || pg_temp.where_it_is(n, 21) || pg_temp.for_whom(n, 22), 120)"
    body = (
        "concat_ws(E'\\n\\n', "
        + ", ".join(
            f"pg_temp.sentence(n, {30 + 3 * part}) || ' ' || pg_temp.sentence(n, {31 + 3 * part}) || ' ' || pg_temp.sentence(n, {32 + 3 * part})"
            for part in range(3)
        )
        + ")"
    )
    sql("alter table seed_proposal add title text, add summary text, add body text")
    sql(f"update seed_proposal set title = {title}, summary = pg_temp.summary(n, 23), body = {body}")
    insert(
        Proposal,
        "seed_proposal s join cocreation_contribution c using (id) order by n",
        contribution_id="s.id",
        process_id="s.process_id",
        is_public="true",
        receipt="c.receipt",
        title="title",
        summary="summary",
        theme="theme",
        place_id="place_id",
        hue="hue",
        pattern="pattern",
        stage="stage",
        location="case when pg_temp.dice(n, 24, 3) = 0 then pg_temp.where_it_is(n, 21) else '' end",
        map_x="60 + pg_temp.dice(n, 25, 450)",
        map_y="80 + pg_temp.dice(n, 26, 250)",
        cost="case when stage not in ('received', 'not_feasible') then 1000 * (1 + pg_temp.dice(n, 27, 90)) end",
        author_kind="coalesce((select o.kind from accounts_organisation o where o.id = c.organisation_id), 'person')",
        is_answered="stage in ('answered', 'promised', 'under_way', 'delivered', 'evaluated')",
        seeks_coauthors="pg_temp.dice(n, 28, 12) = 0",
    )
    insert(
        Revision,
        "seed_proposal order by n",
        proposal_id="id",
        title="title",
        summary="summary",
        body="body",
        by_id="author_id",
        at="at",
    )
    sql("select proposals_index(array_agg(id)) from seed_proposal")
    insert(
        Authorship,
        "seed_proposal join cocreation_contribution c using (id) where c.author_id is not null order by n",
        proposal_id="id",
        person_id="c.author_id",
        organisation_id="c.organisation_id",
        role="'lead'",
        invited_at="at",
        accepted_at="at",
    )
    insert(
        StageMove,
        "seed_proposal order by n",
        proposal_id="id",
        stage="'received'",
        at="at",
        by_id="author_id",
    )
    # Wherever the line has gone on, it went through the assessment.
    assessed = "seed_proposal where stage <> 'received' order by n"
    verdict = "case when stage = 'not_feasible' then 'not_feasible' else 'feasible' end"
    insert(
        StageMove,
        assessed,
        proposal_id="id",
        stage=verdict,
        at="at + interval '6 hours'",
        office_id="office_id",
        data="case when stage <> 'not_feasible' then jsonb_build_object('cost', (1000 * (1 + pg_temp.dice(n, 27, 90)))::text) else '{}' end",
    )
    insert(
        Assessment,
        assessed,
        proposal_id="id",
        office_id="office_id",
        verdict=verdict,
        at="at + interval '6 hours'",
        cost="case when stage <> 'not_feasible' then 1000 * (1 + pg_temp.dice(n, 27, 90)) end",
        reason="pg_temp.reason(n, 28)",
        reason_de="pg_temp.reason(n, 28)",
        reason_en="pg_temp.reason(n, 28)",
        reason_code="case when stage = 'not_feasible' then 'other' else '' end",
        way_on_de="case when stage = 'not_feasible' then pg_temp.reason(n, 29) end",
        way_on="case when stage = 'not_feasible' then pg_temp.reason(n, 29) else '' end",
        revision="1",
    )
    insert(
        Assignment,
        assessed,
        proposal_id="id",
        office_id="office_id",
        at="at + interval '1 hour'",
        done_at="at + interval '6 hours'",
        seen_revision="1",
    )
    insert(
        StageMove,
        "seed_proposal where stage not in ('received', 'feasible', 'not_feasible') order by n",
        proposal_id="id",
        stage="stage",
        at="at + interval '12 hours'",
        office_id="office_id",
    )


def _limit_ballots(size: Size) -> None:
    """Where people vote now, only so many were found feasible: an open vote takes all of those on its ballot."""
    voting = [number for number in range(size.processes) if states(size)[number % len(STATES)] == "voting"]
    sql(
        "update seed_proposal s set stage = 'not_feasible' from ("
        " select p.id, row_number() over (partition by p.process_id order by p.n) as place"
        " from seed_proposal p join seed_process r using (process_id) where r.nr = any(%s) and p.stage = 'feasible') ranked"
        " where ranked.id = s.id and ranked.place > %s",
        voting,
        size.ballot,
    )


def _supports(size: Size, now: datetime) -> None:
    """Fame by a power law: the best-known proposal has a few thousand, the median a handful."""
    from cocreation.models import Follow
    from proposals.models import Support

    total = size.proposals + size.elsewhere * (size.processes - 1)
    draws = int(size.supports * 1.15) + 50
    ranked = """(select id, at, row_number() over (order by pg_temp.dice(n, 40, 1000000000)) as rank from seed_proposal)"""
    sql(f"""
        create temp table seed_support as
        select row_number() over () as n, drawn.* from (select * from (
          select distinct on (p.id, s.id) p.id as proposal_id, s.id as person_id, p.at + (pg_temp.share(g, 43) * (timestamptz '{now.isoformat()}' - p.at)) as at
          from generate_series(1, {draws}) g
          join {ranked} p on p.rank = 1 + floor(8 * (power(({total} + 8) / 8.0, pg_temp.share(g, 41)) - 1))::int
          join seed_person s on s.n = 1 + pg_temp.dice(g, 42, {size.people})
        ) once order by hashint8(person_id), proposal_id limit {size.supports}) drawn
    """)
    insert(Support, "seed_support order by at", proposal_id="proposal_id", person_id="person_id", at="at")
    sql(
        "update proposals_proposal p set supports = s.n from (select proposal_id, count(*) n from seed_support group by 1) s"
        " where p.contribution_id = s.proposal_id"
    )
    insert(
        Follow,
        f"seed_support where n <= {size.follows} order by n",
        person_id="person_id",
        contribution_id="proposal_id",
        at="at",
    )


def _comments(size: Size, now: datetime) -> None:
    """Rows of the spine; which proposal each belongs to is drawn from fame, like the supports."""
    from cocreation.conversation.models import Comment
    from cocreation.models import Contribution

    busiest = "(select contribution_id, process_id from proposals_proposal order by supports desc, contribution_id limit 1)"
    sql(f"""
        create temp table seed_comment as
        select g as n, nextval(pg_get_serial_sequence('cocreation_contribution', 'id')) as id, p.id as proposal_id, p.process_id, p.phase_id, s.id as author_id,
               p.at + (pg_temp.share(g, 53) * (timestamptz '{now.isoformat()}' - p.at)) as at
        from generate_series(1, {size.comments}) g
        join seed_support f on f.n = 1 + pg_temp.dice(g, 51, {size.supports})
        join seed_proposal p on p.id = f.proposal_id
        join seed_person s on s.n = 1 + pg_temp.dice(g, 52, {size.people})
    """)
    insert(
        Contribution,
        "seed_comment order by id",
        id="id",
        kind="'comment'",
        process_id="process_id",
        phase_id="phase_id",
        author_id="author_id",
        created_at="at",
        published_at="at",
        is_public="true",
    )
    # One conversation is read whole: that of the best known proposal.
    insert(
        Comment,
        f"(select id, receipt, process_id, created_at from cocreation_contribution where kind = 'comment' and process_id ="
        f" (select process_id from {busiest} b) order by id limit {size.talk}) c, {busiest} b",
        contribution_id="c.id",
        process_id="c.process_id",
        is_public="true",
        receipt="c.receipt",
        on_id="b.contribution_id",
        on_is_public="true",
        text="'Das fehlt hier seit Jahren. ' || c.receipt",
        stance="(array['for', 'against', 'question'])[1 + c.id % 3]",
    )
    # In the other processes people talk a little about everything; in a whole city in the busiest one, too.
    everywhere = "true" if size.whole else f"s.process_id <> (select process_id from {busiest} b)"
    insert(
        Comment,
        "seed_comment s join cocreation_contribution c on c.id = s.id left join conversation_comment t on t.contribution_id = s.id"
        f" where t.contribution_id is null and {everywhere} order by s.id",
        contribution_id="c.id",
        process_id="c.process_id",
        is_public="true",
        receipt="c.receipt",
        on_id="s.proposal_id",
        on_is_public="true",
        text="'Darauf freuen wir uns. ' || c.receipt",
        stance="(array['for', 'against', 'question'])[1 + c.id % 3]",
    )
    sql(
        "update proposals_proposal p set comments = c.n from (select proposal_id, count(*) n from seed_comment group by 1) c"
        " where p.contribution_id = c.proposal_id"
    )


def _votes(now: datetime) -> None:
    """Votes that are open have options and a slot for everyone who may vote: opened as the clock opens them."""
    from cocreation.models import Phase
    from proposals.ballots.actions import open_vote

    for phase in Phase.objects.open(now).of_method("ballot"):
        open_vote(phase=phase, at=now)


# --- what comes back ---


def _feedback(now: datetime) -> None:
    from feedback.models import Commitment, Milestone, OfficialAnswer

    reason = "pg_temp.reason(n, 60)"
    insert(
        OfficialAnswer,
        "seed_proposal where stage in ('promised', 'under_way', 'delivered', 'not_chosen') or mod(n, 20) = 0 order by n",
        contribution_id="id",
        process_id="process_id",
        office_id="office_id",
        published_at="at + interval '1 day'",
        status="case when stage = 'not_chosen' then 'not_accepted' when stage = 'delivered' then 'done' else 'accepted' end",
        reason=reason,
        reason_de=reason,
        reason_en=reason,
    )
    due = f"(timestamptz '{now.isoformat()}' + (pg_temp.dice(n, 61, 400)) * interval '1 day')::date"
    insert(
        Commitment,
        "seed_proposal where stage in ('promised', 'under_way', 'delivered') order by n",
        contribution_id="id",
        process_id="process_id",
        office_id="office_id",
        title="title",
        title_de="title",
        title_en="title",
        due=due,
        first_due=due,
        text="summary",
        text_de="summary",
        text_en="summary",
        budget="40000",
        promised_at="at + interval '1 day'",
        moved_at="at + interval '2 days'",
        started_at="case when stage <> 'promised' then at + interval '2 days' end",
        delivered_at="case when stage = 'delivered' then at + interval '3 days' end",
        evaluate_by="case when stage = 'delivered' then (at + interval '90 days')::date end",
    )
    insert(
        Milestone,
        "feedback_commitment c, generate_series(0, 2) step order by c.id, step",
        commitment_id="c.id",
        order="step",
        name="(array['Planung', 'Bau', 'Abnahme'])[1 + step]",
        name_de="(array['Planung', 'Bau', 'Abnahme'])[1 + step]",
        name_en="(array['Planning', 'Building', 'Acceptance'])[1 + step]",
        due="c.due",
        done_at="case when c.delivered_at is not null then c.delivered_at end",
    )


def _journal() -> None:
    """An entry for each proposal and each support, numbered and chained as the sealer does it, after what it sealed itself
    (the votes that opened); every reader is up to date. The chain is not believed here: `verify` of the sealer proves it."""
    from django.db import transaction
    from django.db.models import Max

    from groundwork.journal.api import readers
    from groundwork.journal.models import Cursor, Entry
    from groundwork.journal.sealer import seal

    while seal():
        pass
    subject = "proposals.Proposal"
    with transaction.atomic():
        _seal_in_bulk(
            f"select 'proposal.published', '{subject}', id::text, process_id, author_id, at from seed_proposal order by n"
        )
        _seal_in_bulk(
            f"select 'proposal.supported', '{subject}', p.id::text, p.process_id, s.person_id, s.at"
            " from seed_support s join seed_proposal p on p.id = s.proposal_id order by s.at, s.n"
        )
    while seal():  # it takes note that these have their numbers
        pass
    head = Entry.objects.aggregate(last=Max("seq"))["last"]
    for reader in readers:
        Cursor.objects.update_or_create(reader=reader.name, defaults={"seq": head})


def _seal_in_bulk(facts: str, batch: int = 20_000) -> None:
    """Entries that have their number and hash when they come: no row is written twice. `facts` selects verb, label, key,
    process, person and moment."""
    from django.db import connection

    from groundwork.journal.sealer import entry_hash

    ((seq, chain),) = rows("select seq, hash from journal_seal")
    chain = bytes(chain)
    with connection.cursor() as cursor:
        cursor.execute(f"declare facts no scroll cursor for {facts}")
        while True:
            cursor.execute(f"fetch {batch} from facts")
            found = cursor.fetchall()
            if not found:
                break
            with cursor.copy(
                "copy journal_entry (verb, subject_label, subject_key, process_id, actor_id, at, data, seq, hash) from stdin"
            ) as copy:
                for verb, label, key, process, actor, at in found:
                    seq += 1
                    chain = entry_hash(
                        chain, seq, [verb, label, key, process, actor, None, at.isoformat(), {}]
                    )
                    copy.write_row((verb, label, key, process, actor, at, "{}", seq, chain))
        cursor.execute("close facts")
        cursor.execute("update journal_seal set seq = %s, hash = %s", [seq, chain])


def _clockwork(now: datetime) -> None:
    """What Celery beat would have done by now."""
    from proposals.counts import fold_counts
    from proposals.exposure import redraw

    fold_counts()
    redraw(now)


def run() -> None:
    """As a process of its own: `DATABASE_URL` names the database to fill, the argument which city to build ("full", "city",
    "city-tenth", or a fraction of the full one)."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    size = sys.argv[1] if len(sys.argv) > 1 else "full"
    build(SIZES.get(size) or FULL.part(float(size)), lambda words: print(words, file=sys.stderr, flush=True))
    settle()


if __name__ == "__main__":
    run()
