"""A newsletter on its way, people who allowed news, one who follows a place and a theme, and one whose mailbox is full."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING

from cocreation.actions import follow
from feedback.notices import actions, newsletters
from feedback.notices.models import Kind, Newsletter, Stopped

if TYPE_CHECKING:
    from quartier.demo.seed import Town


def write(town: Town) -> None:
    at, people = town.today, list(town.people.values())
    for person in people[::3]:
        actions.choose_rhythm(by=person, rhythms={Kind.NEWS: "immediate"}, at=at - timedelta(days=90))
    reader = town.people["miriam-okafor"]
    place = next(iter(town.places.values()))
    follow(person=reader, place=place, at=at - timedelta(days=60))
    follow(person=reader, theme="green", at=at - timedelta(days=60))
    actions.choose_limits(by=reader, most_a_week=7, quiet_from=time(21), quiet_until=time(7))
    Stopped.objects.create(
        person=people[-1], why="bounced", said="5.2.2 mailbox full", at=at - timedelta(days=3)
    )
    admin = town.people["sofia-lindqvist"]
    made = newsletters.save(
        Newsletter(
            subject_de="Was im Sommer entstanden ist",
            subject_en="What was built in summer",
            text_de="Guten Tag,\n\nviele Ihrer Ideen sind jetzt zu sehen. Auf der Seite der Zusagen steht, was fertig ist,"
            " was länger dauert und warum.\n\nDanke fürs Mitmachen!",
            text_en="Hello,\n\nmany of your ideas can be seen now. The page of commitments says what is finished, what takes"
            " longer and why.\n\nThank you for taking part!",
        ),
        by=admin,
        at=at - timedelta(days=1),
    )
    Newsletter.objects.filter(pk=made.pk).update(tested_at=at, send_at=at + timedelta(days=3))
