"""What happened, in plain words: the sentence of the inbox, the subject and the paragraphs of a mail.

Every verb the room knows has its sentence here. Facts come from the notice (dates, status); long texts (reasons) are
fetched together for a page or a mail, never one by one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cocreation.kinds import kinds
from cocreation.models import ChangeRecord
from cocreation.news import News, Said, news
from feedback.links import link_for
from feedback.models import Commitment, Delay, Milestone, OfficialAnswer
from feedback.notices.models import Kind, Newsletter, Notice
from groundwork.html import say


@dataclass
class Facts:
    """Rows that sentences quote, by key: at most one query a kind, whatever the number of notices."""

    answers: dict[int, OfficialAnswer] = field(default_factory=dict)
    commitments: dict[int, Commitment] = field(default_factory=dict)
    delays: dict[int, Delay] = field(default_factory=dict)
    milestones: dict[int, Milestone] = field(default_factory=dict)
    change_records: dict[int, ChangeRecord] = field(default_factory=dict)
    newsletters: dict[int, Newsletter] = field(default_factory=dict)
    # What the news of lower houses quote: verb -> key -> row.
    told: dict[str, Mapping[int, Any]] = field(default_factory=dict)


def gather(notices: Iterable[Notice]) -> Facts:
    names = ("answer", "delay", "milestone", "change_record", "newsletter")
    wanted: dict[str, set[int]] = {name: set() for name in names}
    commitments: set[int] = set()
    for notice in notices:
        for name, keys in wanted.items():
            if key := notice.data.get(name):
                keys.add(int(key))
        if notice.subject_label == "feedback.Commitment":
            commitments.add(int(notice.subject_key))
    told: dict[str, set[int]] = {}
    for notice in notices:
        if key := notice.data.get("row"):
            told.setdefault(notice.verb, set()).add(int(key))
    return Facts(
        OfficialAnswer.objects.select_related("office").in_bulk(wanted["answer"]) if wanted["answer"] else {},
        Commitment.objects.select_related("office").in_bulk(commitments) if commitments else {},
        Delay.objects.in_bulk(wanted["delay"]) if wanted["delay"] else {},
        Milestone.objects.in_bulk(wanted["milestone"]) if wanted["milestone"] else {},
        ChangeRecord.objects.in_bulk(wanted["change_record"]) if wanted["change_record"] else {},
        Newsletter.objects.in_bulk(wanted["newsletter"]) if wanted["newsletter"] else {},
        {verb: fetch(keys) for verb, keys in told.items() if verb in news.slugs() and (fetch := news.get(verb).rows)},
    )  # fmt: skip


def title_of(notice: Notice) -> str:
    """The thing it is about: the proposal, the commitment or the process."""
    proposal = getattr(notice.contribution, "proposal", None) if notice.contribution_id else None
    if proposal is not None:
        return str(proposal.in_language("title"))
    if notice.contribution_id and notice.contribution and not notice.verb.startswith("comment."):
        return f"{kinds.get(notice.contribution.kind).words} {notice.contribution.receipt}"
    return str(notice.process.title) if notice.process else settings.CITY_NAME


def own_link(notice: Notice) -> str:
    """Where this person is led without logging in, signed for them and nobody else; empty for what is the same for all."""
    if notice.verb == "commitment.delivered" and notice.person_id:
        return link_for(int(notice.subject_key), notice.person_id)
    return ""


def page_of(notice: Notice) -> str:
    """The page of the thing, in the active language; the same for everybody."""
    if notice.verb in news.slugs() and (leads := news.get(notice.verb).url):
        return leads(notice.data)
    if notice.subject_label == "feedback.Commitment":
        return reverse("feedback:commitment", args=[notice.subject_key])
    if notice.contribution_id and notice.contribution:
        proposal = getattr(notice.contribution, "proposal", None)
        return str((proposal or notice.contribution).get_absolute_url())
    return str(notice.process.get_absolute_url()) if notice.process else reverse("home")


def thing_of(notice: Notice) -> tuple[str, int]:
    """What notices are grouped by. Comments of one conversation belong together."""
    for name in ("on", "phase"):
        if notice.verb.startswith("comment.") and notice.data.get(name):
            return name, int(notice.data[name])
    if notice.verb == "newsletter.sent":
        return "newsletter", int(notice.subject_key)
    if notice.contribution_id:
        return "contribution", notice.contribution_id
    return "process", notice.process_id or 0


def _day(value: Any) -> str:
    try:
        return say.day(date.fromisoformat(str(value)))
    except ValueError:
        return ""


def _answered(notice: Notice, facts: Facts) -> Said:
    answer = facts.answers.get(int(notice.data.get("answer") or 0))
    if answer is None:
        return Said(_("The city has answered"))
    short = _("The city has answered: %(status)s") % {"status": answer.get_status_display()}
    text = _("Next date: %(day)s.") % {"day": say.day(answer.next_date)} if answer.next_date else ""
    if notice.kind == Kind.MINE and (proposal := getattr(notice.contribution, "proposal", None)):
        wrote = _("You wrote: “%(text)s”") % {"text": proposal.in_language("summary")}
        text = f"{wrote} {text}".rstrip()
    return Said(short, text, answer.reason, _who(answer.office.name, answer.published_at))


def _who(office: str, at: Any) -> str:
    return f"{office}, {say.day(at)}"


def _assessed(notice: Notice, facts: Facts) -> Said:
    verdicts = {
        "feasible": _("The office says: it is feasible"),
        "feasible_with_change": _("The office says: it is feasible with a change"),
        "not_feasible": _("The office says: it is not feasible"),
    }
    return Said(verdicts.get(notice.data.get("verdict", ""), _("An office has assessed it")))


def _promised(notice: Notice, facts: Facts) -> Said:
    commitment = facts.commitments.get(int(notice.subject_key))
    office = commitment.office.name if commitment else ""
    text = (
        _("%(office)s is responsible. If the date moves, we tell you why.") % {"office": office}
        if office
        else ""
    )
    return Said(_("Promised by %(day)s") % {"day": _day(notice.data.get("due"))}, text)


def _delayed(notice: Notice, facts: Facts) -> Said:
    delay = facts.delays.get(int(notice.data.get("delay") or 0))
    commitment = facts.commitments.get(int(notice.subject_key))
    short = _("It takes longer, new date: %(day)s") % {"day": _day(notice.data.get("due"))}
    text = _("The date was %(day)s.") % {"day": _day(notice.data.get("old_due"))}
    quoted = _who(commitment.office.name, delay.at) if delay and commitment else ""
    return Said(short, text, delay.reason if delay else "", quoted)


def _delivered(notice: Notice, facts: Facts) -> Said:
    return Said(_("It is finished"), _("Please tell us whether it works."))


def _evaluated(notice: Notice, facts: Facts) -> Said:
    commitment = facts.commitments.get(int(notice.subject_key))
    quoted = commitment.office.name if commitment and commitment.text else ""
    return Said(_("The city says what it learned"), "", commitment.text if commitment else "", quoted)


def _milestone(notice: Notice, facts: Facts) -> Said:
    milestone = facts.milestones.get(int(notice.data.get("milestone") or 0))
    return Said(_("Done: %(step)s") % {"step": milestone.name} if milestone else _("A step is done"))


def _vote_opened(notice: Notice, facts: Facts) -> Said:
    return Said(_("The vote is open"))


def _vote_published(notice: Notice, facts: Facts) -> Said:
    return Said(_("The votes are counted"), _("The page shows the result and how it was counted."))


def _phase_opened(notice: Notice, facts: Facts) -> Said:
    from cocreation.models import Phase

    phase = (
        Phase.objects.filter(pk=int(notice.subject_key)).first()
        if notice.subject_label.endswith("Phase")
        else None
    )
    return Said(_("Now open: %(phase)s") % {"phase": phase.name} if phase else _("A new phase is open"))


def _commented(notice: Notice, facts: Facts) -> Said:
    if notice.person_id in notice.data.get("mentions", []):
        return Said(_("Somebody calls you by name in a comment"))
    if notice.data.get("office"):
        return Said(_("The city replies in the conversation"))
    return Said(_("A reply in the conversation") if notice.data.get("reply_to") else _("A new comment"))


def _summarised(notice: Notice, facts: Facts) -> Said:
    return Said(_("The conversation was summarised"))


def _concluded(notice: Notice, facts: Facts) -> Said:
    return Said(_("The conversation was closed with a conclusion"))


def _amended(notice: Notice, facts: Facts) -> Said:
    record = facts.change_records.get(int(notice.data.get("change_record") or 0))
    text = _("The page shows what it said before and what it says now.")
    if record is None:
        return Said(_("Something has changed in this process"), text)
    return Said(_("Something has changed in this process"), text, record.reason, say.day(record.at))


def _stopped(notice: Notice, facts: Facts) -> Said:
    process = notice.process
    reason, at = (process.stop_reason, process.stopped_at) if process else ("", None)
    return Said(
        _("The city has stopped this process"),
        _("What was written stays readable."),
        reason,
        say.day(at) if at else "",
    )


def _hidden(notice: Notice, facts: Facts) -> Said:
    rule, reason = notice.data.get("rule", ""), notice.data.get("reason", "")
    text = _("Rule: %(rule)s") % {"rule": rule} if rule else ""
    return Said(
        _("Your contribution was taken off the pages"), text, reason, _("Moderation") if reason else ""
    )


def _looked_up(notice: Notice, facts: Facts) -> Said:
    return Said(
        _("Two people of the city have looked up who wrote this"),
        _(
            "For 24 hours one of them sees your e-mail address and where you live. Who it was and why stands under “My data”."
        ),
    )


def _restored(notice: Notice, facts: Facts) -> Said:
    return Said(_("Your contribution is visible again"))


def _new_proposal(notice: Notice, facts: Facts) -> Said:
    return Said(_("A new proposal"))


def _new_process(notice: Notice, facts: Facts) -> Said:
    question = str(notice.process.question) if notice.process else ""
    return Said(_("The city asks something new"), question)


def _newsletter(notice: Notice, facts: Facts) -> Said:
    letter = facts.newsletters.get(int(notice.data.get("newsletter") or 0))
    return Said(letter.subject, letter.text) if letter else Said(_("News from the city"))


SAYERS: dict[str, Callable[[Notice, Facts], Said]] = {
    "proposal.assessed": _assessed,
    "contribution.answered": _answered,
    "commitment.promised": _promised,
    "commitment.delayed": _delayed,
    "commitment.delivered": _delivered,
    "commitment.evaluated": _evaluated,
    "milestone.done": _milestone,
    "vote.opened": _vote_opened,
    "vote.published": _vote_published,
    "phase.opened": _phase_opened,
    "comment.published": _commented,
    "conversation.summarised": _summarised,
    "conversation.concluded": _concluded,
    "process.amended": _amended,
    "process.stopped": _stopped,
    "contribution.hidden": _hidden,
    "contribution.restored": _restored,
    "identity.approved": _looked_up,
    "proposal.published": _new_proposal,
    "process.published": _new_process,
    "newsletter.sent": _newsletter,
}


def said(notice: Notice, facts: Facts) -> Said:
    told: News | None = news.find(notice.verb)
    if told is None:  # a room that knows more of a verb says it in its own words
        return SAYERS[notice.verb](notice, facts)
    row = facts.told.get(notice.verb, {}).get(int(notice.data.get("row") or 0))
    return told.say(notice.data, row)


def why(kind: str) -> str:
    """Why somebody gets this, as one sentence under the mail."""
    return {
        Kind.MINE.value: _("You get this because you wrote it."),
        Kind.CITY.value: _("You get this because you support or follow it."),
        Kind.SUPPORTED.value: _("You get this because you support it."),
        Kind.FOLLOWED.value: _("You get this because you follow it."),
        Kind.TOOK_PART.value: _("You get this because you took part or may vote here."),
        Kind.DATA.value: _("You get this because it is about your data."),
        Kind.NEWS.value: _("You get this because you allowed newsletters of the city."),
    }[kind]


@dataclass(frozen=True, slots=True)
class Thing:
    """One of several things that got the same answer; `text` where the answer is about one's own."""

    title: str
    url: str
    text: str = ""


@dataclass
class Group:
    """Notices of one thing, newest first; or of one answer to several `things`, one's own first."""

    title: str
    url: str
    notices: list[tuple[Notice, Said]]
    things: list[Thing] = field(default_factory=list)

    @property
    def shown(self) -> list[tuple[Notice, Said]]:
        """What is said in full: an answer to several things is said once."""
        if not self.things:
            return self.notices
        notice, said = self.notices[0]
        return [(notice, replace(said, text="" if notice.kind == Kind.MINE else said.text))]

    @property
    def is_new(self) -> bool:
        return any(notice.read_at is None for notice, _said in self.notices)

    @property
    def newest(self) -> Notice:
        return self.notices[0][0]

    @property
    def keys(self) -> list[int]:
        return [notice.pk for notice, _said in self.notices if notice.read_at is None]


def grouped(
    notices: Sequence[Notice], facts: Facts | None = None, link_of: Callable[[Notice], str] = own_link
) -> list[Group]:
    """By thing; the thing that moved last comes first, and in it what happened last. `facts` may be of more notices.
    `link_of` says what stands where a link of one person's own does: in what many people get, a place for it."""
    facts = facts or gather(notices)
    answers = Counter(notice.data.get("together") for notice in notices)
    groups: dict[tuple[str, int], Group] = {}
    for notice in sorted(notices, key=lambda n: (n.created_at, n.entry_id), reverse=True):
        together = notice.data.get("together")
        several = bool(together) and answers[together] > 1
        key = ("together", int(together)) if several else thing_of(notice)
        if key not in groups:
            groups[key] = Group(title_of(notice), link_of(notice) or page_of(notice), [])
        words = said(notice, facts)
        groups[key].notices.append((notice, words))
        if several:
            own = words.text if notice.kind == Kind.MINE else ""
            groups[key].things.append(Thing(title_of(notice), page_of(notice), own))
    for group in groups.values():
        if group.things:
            _joined(group)
    return list(groups.values())


def _joined(group: Group) -> None:
    n = len(group.things)
    group.things.sort(key=lambda thing: not thing.text)
    group.title = ngettext("One answer to %(n)s contribution", "One answer to %(n)s contributions", n) % {
        "n": n
    }
    process = group.newest.process
    group.url = str(process.get_absolute_url()) if process else group.url
