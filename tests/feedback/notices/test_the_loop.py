"""The whole loop, from the publication of a process to its report, and what everybody concerned hears of it.

Publish, reply clock, reminders, overdue in public, one answer to forty, promise, delay with a reason, delivery, evaluation,
report: one town, one frozen clock. The table says who is told of what, how often, and as which kind of mail.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from html import unescape
from typing import cast

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from feedback.models import EvaluationReport, State
from feedback.notices.models import DEFAULTS, Kind, Mail, Notice, Rhythm
from feedback.reaching import reach_of_many
from groundwork.small_numbers import k
from proposals.models import Stage
from tests.feedback.notices import loop as town
from tests.feedback.notices.loop import CAST, Loop
from tests.feedback.test_pages import page

pytestmark = pytest.mark.django_db

MINE, CITY, SUPPORTED = Kind.MINE, Kind.CITY, Kind.SUPPORTED
FOLLOWED, TOOK_PART = Kind.FOLLOWED, Kind.TOOK_PART

# What became of the one proposal that was promised, in order, and as which kind it is told to authors, supporters, followers
# and those who commented; "wide": to followers of its process, place and theme.
OF_THE_PROPOSAL = {
    "proposal.assessed": (MINE, SUPPORTED, FOLLOWED, TOOK_PART, None),
    "contribution.answered": (MINE, CITY, CITY, TOOK_PART, None),
    "commitment.promised": (MINE, CITY, CITY, TOOK_PART, FOLLOWED),
    "milestone.done": (MINE, SUPPORTED, FOLLOWED, TOOK_PART, None),
    "commitment.delayed": (MINE, CITY, CITY, TOOK_PART, FOLLOWED),
    "commitment.delivered": (MINE, CITY, CITY, TOOK_PART, FOLLOWED),
    "commitment.evaluated": (MINE, CITY, CITY, TOOK_PART, None),
}


def _told(who: int, **more: tuple[str, int]) -> dict[str, tuple[str, int]]:
    own = {verb: (kinds[who], 1) for verb, kinds in OF_THE_PROPOSAL.items() if kinds[who]}
    return own | {verb.replace("__", "."): said for verb, said in more.items()}


# Person -> verb -> (kind, how many). Whoever is not in a cell hears nothing of it.
TABLE: dict[str, dict[str, tuple[str, int]]] = {
    "author": _told(
        0, authorship__accepted=(MINE, 1), comment__published=(MINE, 1), vote__opened=(MINE, 1),
        vote__published=(MINE, 1), report__published=(MINE, 1),
    ),
    "co-author": _told(
        0, authorship__invited=(MINE, 1), comment__published=(MINE, 1), vote__opened=(MINE, 1),
        vote__published=(MINE, 1), report__published=(MINE, 1),
    ),
    "supporter": _told(
        1, vote__opened=(SUPPORTED, 1), vote__published=(SUPPORTED, 1), report__published=(SUPPORTED, 1)
    ),
    # What somebody said is a contribution of theirs: of the whole process they hear as of their own.
    "commenter": _told(3, report__published=(MINE, 1)),
    # Whether they voted or not.
    "voter of the roll": {"vote.opened": (TOOK_PART, 1), "vote.published": (TOOK_PART, 1)},
    "follower of the proposal": _told(
        2, comment__published=(FOLLOWED, 1), vote__opened=(FOLLOWED, 1), vote__published=(FOLLOWED, 1)
    ),
    "follower of the process": _told(
        4, phase__opened=(FOLLOWED, 3), comment__published=(FOLLOWED, 1), vote__opened=(FOLLOWED, 1),
        vote__ending=(FOLLOWED, 1), vote__published=(FOLLOWED, 1), answers__published=(FOLLOWED, 1),
        report__published=(FOLLOWED, 1),
    ),
    "follower of the place": _told(
        4, process__published=(FOLLOWED, 1), proposal__published=(FOLLOWED, 40), phase__opened=(FOLLOWED, 3),
        vote__opened=(FOLLOWED, 1), vote__published=(FOLLOWED, 1), answers__published=(FOLLOWED, 1),
    ),
    "follower of the theme": _told(4, proposal__published=(FOLLOWED, 40), answers__published=(FOLLOWED, 1)),
    # Two weeks and three days before the date, and when it is late; three days later whoever leads the office.
    "office": {"reply.reminded": (MINE, 3)},
    "head": {"reply.reminded": (MINE, 3), "reply.escalated": (MINE, 1)},
    "administration": {},
    "bystander": {},
}  # fmt: skip


def test_the_whole_loop_tells_everybody_concerned_what_they_should_hear(sign_in) -> None:
    with town.frozen() as loop:
        town.publish(loop)
        town.collect(loop)
        town.assess_and_vote(loop)
        town.gather(loop)
        visitor = sign_in(None)
        with loop.on(town.ANSWER_BY - 5):
            assert "fällig in 5 Tagen" in page(visitor, loop.process.get_absolute_url())
        with loop.on(town.ANSWER_BY + 2):
            for url in (loop.process.get_absolute_url(), loop.proposals[7].get_absolute_url()):
                assert "seit 2 Tagen überfällig" in page(visitor, url)
        office = loop.people["office"]
        foretold = reach_of_many(loop.process, [each.pk for each in loop.proposals], office)
        town.answer(loop)
        _the_answer_reached(loop, foretold)
        town.keep(loop)
        _what_was_promised_is_shown(loop, visitor)
        town.report(loop)
        _what_is_reported(loop, visitor)
        _everybody_heard_exactly(loop)
        _each_in_their_language_and_rhythm(loop)


def _the_answer_reached(loop: Loop, foretold: tuple[int, int]) -> None:
    """The desk said beforehand how many; each author has one message, about their own."""
    told = Notice.objects.filter(verb__in=["contribution.answered", "answers.published"])
    people = dict(told.values_list("person", "kind"))
    assert foretold == (41, len(people) - 41)
    for number, author in enumerate(loop.authors):
        (notice,) = told.filter(person=author)
        assert notice.contribution_id == loop.proposals[number].pk
    loop.proposals[39].refresh_from_db()
    assert loop.proposals[39].stage == Stage.ANSWERED


def _what_was_promised_is_shown(loop: Loop, visitor) -> None:
    assert loop.commitment is not None
    assert loop.commitment.state(loop.now) == State.EVALUATED and not loop.commitment.was_on_time
    assert (loop.commitment.works_yes, loop.commitment.works_no) == (9, 1) and k() <= 10
    shown = _words(page(visitor, loop.commitment.get_absolute_url()))
    for words in ("Das Holz kommt später.", "Vorher: 5. Mai", "15. Mai", "Bestellt früher."):
        assert words in shown, words


def _words(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html)).replace("\xa0", " ")


def _what_is_reported(loop: Loop, visitor) -> None:
    numbers = EvaluationReport.objects.get(process=loop.process).numbers
    assert (numbers["proposals"], numbers["answered"], numbers["answered_in_time"]) == (40, 40, 0)
    assert (numbers["ballots"], numbers["asked"], numbers["works_yes"]) == (30, 10, 9)
    assert (numbers["kept"], numbers["kept_of"], numbers["days"]) == (0, 1, 83)
    assert "Früher fragen." in page(visitor, f"{loop.process.get_absolute_url()}report/")


def _everybody_heard_exactly(loop: Loop) -> None:
    for name, person in loop.people.items():
        notices = list(Notice.objects.filter(person=person))
        found = Counter((notice.verb, notice.kind) for notice in notices)
        assert dict(found) == {(verb, kind): n for verb, (kind, n) in TABLE[name].items()}, name
    others = {"contribution.answered": 1, "report.published": 1}
    for author in loop.authors[2:]:
        assert Counter(Notice.objects.filter(person=author).values_list("verb", flat=True)) == others
    assert not Notice.objects.exclude(person__in=[*loop.people.values(), *loop.authors]).exists()


def _each_in_their_language_and_rhythm(loop: Loop) -> None:
    letters = defaultdict(list)
    for letter in cast(list[EmailMultiAlternatives], mail.outbox):
        (to,) = letter.to
        letters[to].append(letter)
    for name, (language, chosen) in CAST.items():
        person = loop.people[name]
        mine = list(Notice.objects.filter(person=person))
        html = [str(letter.alternatives[0][0]) for letter in letters[person.email]]
        assert all(f'lang="{language}"' in each for each in html), name
        for notice in mine:
            # The end of the vote is of no use in a digest that comes after it.
            urgent = notice.verb == "vote.ending" and chosen != "none"
            rhythm = Rhythm.IMMEDIATE.value if urgent else chosen or DEFAULTS[notice.kind]
            assert (notice.rhythm, _came(notice)) == (rhythm, True), (name, notice.verb)
        sent = [notice for notice in mine if notice.sent_at]
        assert len(sent) == sum(mail.number for mail in Mail.objects.filter(person=person))
        digests = {(n.rhythm, n.due_at) for n in sent if n.rhythm != Rhythm.IMMEDIATE}
        assert len(html) == len(digests) + sum(n.rhythm == Rhythm.IMMEDIATE for n in sent), name
    assert (
        not letters[loop.people["bystander"].email]
        and not letters[loop.people["follower of the theme"].email]
    )


def _came(notice: Notice) -> bool:
    """At once, next morning, on Monday, never: when the mail left says which it was."""
    if notice.rhythm == Rhythm.NONE:
        return notice.sent_at is None and notice.due_at is None
    assert notice.sent_at is not None and notice.due_at is not None
    local: datetime = timezone.localtime(notice.due_at)
    waited = notice.sent_at - notice.created_at
    if notice.rhythm == Rhythm.IMMEDIATE:
        return timedelta() <= waited <= timedelta(hours=2)
    if notice.rhythm == Rhythm.DAILY:
        return local.hour == 7 and waited <= timedelta(days=1, hours=1)
    return local.hour == 7 and local.weekday() == 0 and waited <= timedelta(days=7, hours=1)
