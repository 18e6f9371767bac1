"""`bench fanout`: one event to 100,000 followers, then their mails: each with words of its own, in bulk, and as digests.

Rows: the CPU time of this process and of its PostgreSQL backend, a row, with visibility and preferences. Mails: the same for
claiming, writing, composing and marking them, up to the mail server, which is a backend that renders every mail and throws
it away. Memory must not grow with the number of mails.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from devtools.console import Trouble

TARGETS = {"row µs": 20.0, "single ms": 1.2, "bulk ms": 0.6, "digest ms": 3.0}
MOST_MEGABYTES = 30.0


def main(args: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench fanout")
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--mails", type=int, default=5_000, help="how many mails of each sort are measured")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(args)
    os.environ["DJANGO_SETTINGS_MODULE"] = "quartier.settings.dev"
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], check=True)
    import django

    django.setup()
    figures = _measure(asked.people, asked.mails)
    if asked.json:
        print(json.dumps(figures))
    else:
        print("\n".join(f"{name:>26}: {figure}" for name, figure in figures.items()))
    missed = [name for name, most in TARGETS.items() if figures[name] > most]
    if figures["MB more at the end"] > MOST_MEGABYTES:
        missed.append("memory")
    if missed:
        raise Trouble(f"Over the mark: {', '.join(missed)}.")
    return 0


class Thrown:
    """A mail server that costs nothing, behind the whole of Django's composing."""

    def __init__(self, **kwargs: Any) -> None:
        self.bytes = 0

    def __enter__(self) -> Thrown:
        return self

    def __exit__(self, *args: Any) -> None:
        return

    def close(self) -> None:
        return

    def send_messages(self, messages: Any) -> int:
        for message in messages:
            self.bytes += len(message.message().as_bytes())
        return len(messages)


def _cpu() -> float:
    """Seconds of this process and of the database's, so far."""
    from django.db import connection

    used = resource.getrusage(resource.RUSAGE_SELF)
    own = used.ru_utime + used.ru_stime
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        (pid,) = cursor.fetchone()
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # the database is on another machine: only our own share is known
        return own
    return own + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _megabytes() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def _measure(people: int, mails: int) -> dict[str, Any]:
    from django.conf import settings
    from django.db.models import F

    from feedback.notices import fanout, sending
    from feedback.notices.models import FanOut, Mail, Notice, due_at
    from groundwork import clock

    settings.NOTICES_MOST_A_WEEK = 1_000_000
    sending.get_connection = Thrown  # type: ignore[attr-defined,assignment]
    process, contribution = _city(people)
    now = clock.now()
    for model in (Mail, Notice, FanOut):
        found = model._default_manager.all()
        found._raw_delete(found.db)
    work = FanOut.objects.create(
        entry_id=1, verb="contribution.answered", subject_label="proposals.Proposal", subject_key=str(contribution),
        contribution_id=contribution, process_id=process, at=now, data={},
    )  # fmt: skip
    _analyse()
    started, begun = _cpu(), time.monotonic()
    told = fanout.spread(now)
    row = (_cpu() - started) / told * 1e6
    seconds = time.monotonic() - begun
    if told != people + 1 or FanOut.objects.filter(pk=work.pk).exists():
        raise AssertionError(f"{told} of {people} were told")
    _analyse()

    def sent(number: int, **about: Any) -> float:
        """Milliseconds of CPU a mail; the rest waits elsewhere."""
        Notice.objects.update(due_at=None)
        keys = list(Notice.objects.filter(sent_at=None).order_by("pk").values_list("pk", flat=True)[:number])
        Notice.objects.filter(pk__in=keys).update(**about)
        _analyse()
        before = _cpu()
        left = sending.send_due(max(now, about["due_at"]))
        if left != number:
            raise AssertionError(f"{left} of {number} mails left")
        return (_cpu() - before) / number * 1e3

    at_once = {"rhythm": "immediate", "due_at": now}
    sent(50, **at_once)  # templates and plans are warm
    single = sent(min(mails, 1_000), entry_id=F("id") + 1_000_000, **at_once)  # each has words of its own
    warm = _megabytes()
    bulk = sent(mails, **at_once)
    grown = _megabytes() - warm
    # Three events each, in one mail.
    for entry in (2, 3):
        FanOut.objects.create(
            entry_id=entry, verb="phase.opened", subject_label="cocreation.Phase", subject_key="0",
            process_id=process, at=now + timedelta(seconds=entry), data={},
        )  # fmt: skip
    fanout.spread(now)
    monday = due_at("weekly", now)
    someone = list(
        Notice.objects.filter(entry_id=1, sent_at=None)
        .order_by("pk")
        .values_list("person", flat=True)[:mails]
    )
    Notice.objects.update(due_at=None)
    Notice.objects.filter(person__in=someone, sent_at=None).update(rhythm="weekly", due_at=monday)
    _analyse()
    before = _cpu()
    digests = sending.send_due(monday)
    digest = (_cpu() - before) / digests * 1e3
    return {
        "people": people, "row µs": round(row, 1), "rows seconds": round(seconds, 1), "single ms": round(single, 2),
        "bulk ms": round(bulk, 2), "digest ms": round(digest, 2), "digests": digests, "MB more at the end": round(grown, 1),
    }  # fmt: skip


def _analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("vacuum (analyze) notices_notice")
        # As a city is: the database knows how many people it has.
        for table in ("cocreation_follow", "accounts_person", "notices_preference"):
            cursor.execute(f"analyze {table}")


def _city(people: int) -> tuple[int, int]:
    """A process with a proposal, and so many followers of each; every tenth chose another rhythm. Built once."""
    from django.db import connection
    from django.utils import timezone

    from accounts.models import Person
    from cocreation.models import Contribution, Follow, Office, Place, Process
    from feedback.notices.models import Preference
    from proposals.actions import ProposalText, insert_proposal, move_stage
    from proposals.models import Proposal

    place, _new = Place.objects.get_or_create(
        slug="bench-fanout", defaults={"name_de": "Prüfstadt", "kind": "municipality"}
    )
    office, _new = Office.objects.get_or_create(
        slug="bench-fanout", defaults={"name_de": "Amt", "short": "A"}
    )
    slug = f"bench-fanout-{people}"
    known = Process.objects.filter(slug=slug).first()
    if known:
        return known.pk, Proposal.objects.get(process=known).pk
    at = timezone.now()
    process = Process.objects.create(
        slug=slug,
        title_de="Parkfest",
        title_en="Park",
        question_de="Was?",
        question_en="What?",
        office=office,
        published_at=at,
    )
    process.places.add(place)
    author = Person.objects.create(email=f"author-{people}@example.org", public_name="Amina", password="!")
    contribution = Contribution(kind="proposal", process=process, author=author, created_at=at)
    contribution.publish(at)
    contribution.save()
    contribution.refresh_from_db()
    text = ProposalText(
        title="Bänke am Fluss", summary="Mehr Bänke.", body="Weil es keine gibt.", language="de", place=place,
        theme="green", translations={"en": {"title": "Benches", "summary": "More.", "body": "None.", "by": "human"}},
    )  # fmt: skip
    proposal = insert_proposal(contribution, text, by=author, at=at)
    move_stage(proposal, "received", at=at)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into accounts_person (email, public_name, password, language, about, place, is_active, is_guest, invented,"
            " is_superuser, joined_at) select 'f' || n || %s, 'Follower ' || n, '!', case when n %% 3 = 0 then 'en' else 'de' end,"
            " '', '', true, false, false, false, now() from generate_series(1, %s) n returning id",
            [f"-{people}@example.org", people],
        )
    followers = Person.objects.filter(email__endswith=f"-{people}@example.org", email__startswith="f")
    for thing in ({"contribution_id": proposal.pk}, {"process": process}):
        Follow.objects.bulk_create(
            [Follow(person_id=key, at=at, **thing) for key in followers.values_list("pk", flat=True)],
            batch_size=5_000,
        )
    Preference.objects.bulk_create(
        [
            Preference(person_id=key, kind="city_answers", rhythm=("daily", "none")[n % 2])
            for n, key in enumerate(followers.order_by("pk").values_list("pk", flat=True)[::10])
        ],
        batch_size=5_000,
    )  # fmt: skip
    return process.pk, proposal.pk
