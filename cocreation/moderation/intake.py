"""What is looked at when something is published: limits, words, links, first posts, and the same text from many hands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cocreation.admission import Entering, Seen, gates
from cocreation.models import Contribution
from cocreation.moderation import likeness, weighing
from cocreation.moderation.models import Case, Fingerprint, Mark, Report, Watch
from cocreation.roles import roles_of
from cocreation.wordings import pieces_of, text_of
from groundwork.answer import Answer, No, Yes, late
from groundwork.html import say

if TYPE_CHECKING:
    from accounts.models import Person

A_DAY = timedelta(days=1)
WAVE_OF = 3
COMPARED = 200
Found = dict[str, tuple[int, str]]


def look(entering: Entering) -> Seen:
    """Two queries where a process asks for nothing special."""
    contribution, by = entering.contribution, entering.by
    if by is None or contribution.channel != Contribution.Channel.WEB or roles_of(by).is_staff:
        return Seen()
    watch = Watch.objects.filter(pk=contribution.process_id).first() or Watch(pk=contribution.process_id)
    answer = within_limits(by, contribution.kind, watch, entering.at)
    if not answer:
        return Seen(answer)
    found: Found = {}
    waits = False
    if hits := likeness.hits(entering.words, watch.phrases):
        found["words"] = (len(hits), ", ".join(hits)[:200])
        waits |= watch.words_wait
    links = likeness.links_in(entering.words)
    if links > watch.most_links and watch.links != Watch.Links.FREE:
        found["links"] = (links, "")
        waits |= watch.links == Watch.Links.WAIT
    if watch.first_posts_wait and is_new(by):
        found["first"] = (1, "")
        waits = True

    def then(saved: Contribution) -> None:
        if found:
            note(saved, found, entering.at)
        watch_for_waves(saved, entering.words, entering.at)

    return Seen(waits=waits, then=then)


def within_limits(by: Person, kind: str, watch: Watch, at: datetime) -> Answer:
    """So many comments an hour, so many proposals a day. What counts is what was written, also if it is gone by now."""
    if kind == "comment":
        most, stretch = watch.comments_an_hour, timedelta(hours=1)
    elif kind == "proposal":
        most, stretch = watch.proposals_a_day, A_DAY
    else:
        return Yes()
    recent = Contribution.objects.filter(
        author=by, kind=kind, process=watch.pk, created_at__gt=at - stretch, created_at__lte=at
    )
    moments = list(recent.order_by("-created_at").values_list("created_at", flat=True)[:most])
    if len(moments) < most:
        return Yes()
    free = late(partial(say.when, moments[-1] + stretch))
    if kind == "comment":
        words = _("You have written {n} comments within an hour. Please let others speak, and go on {when}.")
    else:
        words = _("You have made {n} proposals within a day. You can make the next one {when}.")
    return No(format_lazy(words, n=most, when=free))


def is_new(by: Person) -> bool:
    """Nothing of theirs was ever shown."""
    return not Contribution.objects.filter(author=by, is_public=True, process__gt=0).exists()


# --- cases ---


def open_case(contribution: Contribution, at: datetime) -> Case:
    """The case of a contribution that is not closed; a new one where there is none. Two at once become one."""
    standing = Case.objects.exclude(state=Case.State.CLOSED).filter(contribution=contribution)
    found = standing.first()
    if found is None:
        try:
            with transaction.atomic():
                found = Case.objects.create(
                    contribution=contribution, process_id=contribution.process_id, opened_at=at
                )
        except IntegrityError:
            found = standing.get()
    return found


def note(contribution: Contribution, found: Found, at: datetime) -> Case:
    """Put what was noticed on the case of this contribution."""
    case = open_case(contribution, at)
    for kind, (n, detail) in found.items():
        Mark.objects.update_or_create(case=case, kind=kind, defaults={"n": n, "detail": detail, "at": at})
    return weigh(case)


def weigh(case: Case) -> Case:
    """Work its place in the queue out anew: three queries."""
    trusts = trusts_of(case.reports.all())
    contribution = case.contribution
    known = weighing.Known(
        contribution.kind,
        trusts.values(),
        dict(case.marks.values_list("kind", "n")),
        contribution.held_at is not None,
    )
    case.weight = weighing.weight(known)
    case.rank = weighing.rank(case.weight, case.opened_at)
    case.save(update_fields=["weight", "rank"])
    return case


def trusts_of(reports: Iterable[Report]) -> dict[int, float]:
    """How far each report is trusted, by its key: by what became of the earlier ones of the same person. One query."""
    rows = list(reports)
    people = {row.by_id for row in rows if row.by_id}
    earlier = (
        Report.objects.filter(by__in=people, upheld__isnull=False)
        .values("by")
        .annotate(right=Count("pk", filter=Q(upheld=True)), all=Count("pk"))
    )
    known = {row["by"]: weighing.trust(row["right"], row["all"]) for row in earlier} if people else {}
    return {row.pk: known.get(row.by_id or 0, weighing.trust(0, 0)) for row in rows}


# --- waves ---


def watch_for_waves(contribution: Contribution, words: str, at: datetime) -> None:
    """The same text, or nearly, from three people or more within a day: all of them are put before moderation."""
    length = len(likeness.normal(words))
    if length < likeness.SHORTEST:
        return
    Fingerprint.objects.create(
        contribution=contribution, process_id=contribution.process_id, digest=likeness.digest(words), length=length, at=at
    )  # fmt: skip
    near = Fingerprint.objects.filter(
        process=contribution.process_id, at__gt=at - A_DAY, at__lte=at, length__range=(length * 4 // 5, length * 5 // 4)
    ).exclude(contribution=contribution)  # fmt: skip
    others = [
        row.contribution
        for row in near.select_related("contribution").order_by("-at")[:COMPARED]
        if row.contribution.author_id != contribution.author_id
    ]
    if len({other.author_id or -other.pk for other in others}) < WAVE_OF - 1:
        return
    texts = pieces_of(others)
    same = [other for other in others if likeness.alike(words, text_of(texts.get(other.pk, ())))]
    if len({other.author_id or -other.pk for other in same}) < WAVE_OF - 1:
        return
    for member in [contribution, *same]:
        if member.withdrawn_at is None and member.erased_at is None and member.hidden_at is None:
            note(member, {"wave": (len(same) + 1, "")}, at)


gates.add("moderation", look)
