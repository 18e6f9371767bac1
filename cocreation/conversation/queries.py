"""Reading a conversation: a page of threads with their replies, in a constant number of queries however much was said."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from allauth.mfa.utils import is_mfa_enabled
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from accounts.models import Person
from cocreation.conversation import rules
from cocreation.conversation.models import Comment, CommentQuerySet, Stance
from cocreation.conversation.talks import Talk
from cocreation.conversation.text import drawn, quotes
from cocreation.models import Office
from cocreation.roles import roles_of
from groundwork.answer import Answer, No, Words
from groundwork.html.paging import Page, keyset, page_of
from groundwork.prepared import Prepared

if TYPE_CHECKING:
    from django.utils.datastructures import MultiValueDict

    from cocreation.models import Contribution

PER_PAGE = 20
REPLIES = 3
MOST_PINNED = 3
LONG_THREAD = 50

ORDERS: dict[str, tuple[Words, tuple[str, ...]]] = {
    "new": (gettext_lazy("Newest"), ("-pk",)),
    "helpful": (gettext_lazy("Most helpful"), ("-helpful", "-pk")),
    "open": (gettext_lazy("Unanswered questions"), ("pk",)),
}
ICONS = {Stance.FOR: "plus", Stance.AGAINST: "minus", Stance.QUESTION: "circle-help"}
PLURAL: dict[str, Words] = {
    "": pgettext_lazy("comments", "All"),
    Stance.FOR: Stance.FOR.label,
    Stance.AGAINST: Stance.AGAINST.label,
    Stance.QUESTION: gettext_lazy("Questions"),
}


# --- what a reader chose ---


@dataclass(frozen=True)
class Choice:
    """Read from the address: unknown values are ignored, so an old link still opens."""

    stance: str = ""
    paragraph: int | None = None
    order: str = "new"

    @classmethod
    def read(cls, query: MultiValueDict[str, str], paragraphs: int = 0) -> Choice:
        stance, order, number = query.get("stance", ""), query.get("order", ""), query.get("paragraph", "")
        paragraph = int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 0
        return cls(
            stance=stance if stance in Stance.values else "",
            paragraph=paragraph if 1 <= paragraph <= paragraphs else None,
            order=order if order in ORDERS else "new",
        )

    def narrow(self, comments: CommentQuerySet) -> CommentQuerySet:
        found = comments.threads()
        if self.order == "open":
            answered = Comment.objects.filter(parent=OuterRef("pk"), is_public=True)
            found = found.filter(~Exists(answered), stance=Stance.QUESTION, is_public=True)
        elif self.stance:
            found = found.filter(stance=self.stance)
        if self.paragraph:
            found = found.filter(paragraph=self.paragraph)
        return found

    def address(self, **changes: Any) -> str:
        """The query of this choice: "?stance=for"; "?" when nothing is chosen. Always back to the list."""
        chosen = replace(self, **{key: value for key, value in changes.items() if key != "after"})
        pairs = [("stance", chosen.stance)] if chosen.stance and chosen.order != "open" else []
        pairs += [("paragraph", str(chosen.paragraph))] if chosen.paragraph else []
        pairs += [("order", chosen.order)] if chosen.order != "new" else []
        pairs += [("after", changes["after"])] if changes.get("after") else []
        return f"?{urlencode(pairs)}#talk"

    def stances(self, counts: Mapping[str, int]) -> list[dict[str, Any]]:
        """The chips over the list, each with its number."""
        return [
            {
                "words": PLURAL[stance],
                "icon": ICONS[Stance(stance)] if stance else "",
                "n": counts.get(stance, 0),
                "url": self.address(stance=stance, order="new" if self.order == "open" else self.order),
                "current": self.stance == stance and self.order != "open",
            }
            for stance in PLURAL
        ]

    @property
    def orders(self) -> list[dict[str, Any]]:
        return [
            {"words": words, "url": self.address(order=slug), "current": self.order == slug}
            for slug, (words, _order) in ORDERS.items()
        ]


# --- one comment as pages show it ---


@dataclass(slots=True)
class Said:
    """A comment ready to be drawn. `gone` says why its words are not shown."""

    comment: Comment
    name: str
    face: str
    body: SafeString | str
    organisation: str = ""
    kind: str = ""
    lang: str = ""
    stance: str = ""
    icon: str = ""
    gone: str = ""
    mine: bool = False
    may_edit: bool = False
    may_rate: bool = False
    may_pin: bool = False
    found_helpful: bool = False
    replies: list[Said] = field(default_factory=list)
    reply_count: int = 0

    @property
    def more(self) -> int:
        return self.reply_count - len(self.replies)

    @property
    def receipt(self) -> str:
        return self.comment.receipt

    @property
    def helpful(self) -> int:
        return self.comment.helpful


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, when, and what they may do in this conversation: asked once a page."""

    person: Person | None
    at: datetime
    talk: Talk
    may_rate: bool = False

    @classmethod
    def of(cls, talk: Talk, person: Person | None, at: datetime) -> Reader:
        if talk.phase:
            answer: Answer = talk.phase.allows("rate", person, at) if talk.is_public() else No("")
        else:
            answer = talk.process.allows("comment", person, at) if talk.is_public() else No("")
        return cls(
            person, at, talk, bool(answer) or (isinstance(answer, No) and answer.identify and person is None)
        )


def said(comment: Comment, reader: Reader, names: Iterable[str] = (), gone: Collection[str] = ()) -> Said:
    """What this reader sees of a comment fetched `with_people`; nothing of what it quotes from `gone`. No query."""
    contribution = comment.contribution
    mine = reader.person is not None and contribution.author_id == reader.person.pk
    if not comment.is_public:
        return Said(comment, "", "", "", gone=gone_words(contribution), mine=mine)
    name, organisation, kind, face = who(comment)
    return Said(
        comment,
        name,
        face,
        drawn(comment.text, list(names), gone),
        organisation,
        kind,
        lang=contribution.language if contribution.language != get_language() else "",
        stance=comment.get_stance_display() if comment.stance else "",
        icon=ICONS[Stance(comment.stance)] if comment.stance else "",
        mine=mine,
        may_edit=mine and bool(rules.may_edit(reader.person, comment, reader.talk, reader.at)),
        may_rate=reader.may_rate and not mine,
        may_pin=bool(comment.office_id) and bool(rules.may_pin(reader.person, comment)),
        found_helpful=getattr(comment, "is_helpful_to_me", False),
    )


def who(comment: Comment) -> tuple[str, str, str, str]:
    """Name, organisation spoken for, its kind, and what stands in the round picture."""
    if comment.office:
        return comment.office.name, "", "", comment.office.short
    contribution = comment.contribution
    name = contribution.author.public_name if contribution.author else ""
    organisation = contribution.organisation
    return (
        name or (organisation.name if organisation else _("Someone from here")),
        organisation.name if organisation and name else "",
        str(organisation.get_kind_display()) if organisation else "",
        "",
    )


def gone_words(contribution: Contribution) -> str:
    if contribution.erased_at:
        return _("This comment was erased at the wish of its author.")
    if contribution.withdrawn_at:
        return _("This comment was withdrawn by its author.")
    if contribution.hidden_at:
        return _("Moderation took this comment off the pages. The author was told which rule and why.")
    if contribution.held_at:
        return _("This comment waits for approval by moderation.")
    return _("This comment is not public.")


# --- a page of threads ---


@dataclass
class Counts:
    """How much is public: everything, and threads by stance."""

    total: int = 0
    by_stance: dict[str, int] = field(default_factory=dict)
    open: int = 0


def _counted(**where: int) -> QuerySet[Any, Any]:
    """One row of numbers for a conversation, none where nothing public was said."""
    answered = Comment.objects.filter(parent=OuterRef("pk"), is_public=True)
    # In this order, so that only questions are looked up.
    unanswered = Q(Q(parent__isnull=True, stance=Stance.QUESTION), ~Exists(answered))
    rows = Comment.objects.filter(is_public=True, **where).order_by().values(*where)
    return rows.annotate(
        total=Count("pk"),
        threads=Count("pk", filter=Q(parent__isnull=True)),
        **{f"n_{stance}": Count("pk", filter=Q(stance=stance)) for stance in Stance.values},
        unanswered=Count("pk", filter=unanswered),
    ).values_list("total", "threads", *(f"n_{stance}" for stance in Stance.values), "unanswered")


_counted_on: Prepared[tuple[int, ...]] = Prepared(lambda on: _counted(on_id=on), on=-1)
_counted_in: Prepared[tuple[int, ...]] = Prepared(lambda phase: _counted(phase_id=phase), phase=-1)


def counts_of(talk: Talk) -> Counts:
    """One query on an index of the conversation."""
    row = _counted_in.first(phase=talk.phase.pk) if talk.phase else _counted_on.first(on=talk.on.pk)  # type: ignore[union-attr]
    if row is None:
        return Counts(0, dict.fromkeys(["", *Stance.values], 0), 0)
    total, threads, *stances, unanswered = row
    return Counts(total, {"": threads, **dict(zip(Stance.values, stances, strict=True))}, unanswered)


def by_paragraph(talk: Talk) -> dict[int, int]:
    """How many comments refer to each paragraph. One query."""
    rows = talk.comments.filter(is_public=True, paragraph__isnull=False).order_by()
    return dict(rows.values_list("paragraph").annotate(n=Count("pk")))  # type: ignore[arg-type]


@dataclass
class Threads:
    """A page of a conversation."""

    talk: Talk
    counts: Counts
    pinned: list[Said]
    items: list[Said]
    choice: Choice
    next_url: str = ""
    first_url: str = ""


def threads_of(
    talk: Talk,
    person: Person | None,
    at: datetime,
    choice: Choice | None = None,
    after: str | None = None,
    size: int = PER_PAGE,
    counts: Counts | None = None,
) -> Threads:
    """Counts unless they are known, a page of threads (the first with what is pinned) and their first replies: three
    queries, one more where somebody quotes, one where nobody has said anything."""
    choice, counts = choice or Choice(), counts or counts_of(talk)
    if not counts.total:
        return Threads(talk, counts, [], [], choice, first_url=choice.address() if after else "")
    reader = Reader.of(talk, person, at)
    pinned: list[Comment] = []
    if not after and choice == Choice():
        pinned, page = _first_page(talk, person, size)
    else:
        narrowed = choice.narrow(talk.comments.as_shown().with_own(person))
        page = keyset(narrowed, ORDERS[choice.order][1], after=after, size=size)
    replies = first_replies([*pinned, *page.items], person)
    return _drawn_up(reader, counts, choice, after, pinned, page, replies)


# A conversation of so few comments is read whole.
SMALL = 40


def small_talk(talk: Talk, person: Person | None, at: datetime, size: int = PER_PAGE) -> Threads:
    """The first page of a conversation about a contribution, with its counts: one query, one more where somebody quotes.

    It reads all that is public there, so it is for conversations of at most `SMALL` comments."""
    mine = {"person": person.pk} if person else {}
    found = _whole(person is not None)(on=talk.on.pk, **mine)  # type: ignore[union-attr]
    openers = [each for each in found if each.parent_id is None]
    replies: dict[int, list[Comment]] = {}
    for each in reversed(found):
        if each.parent_id is not None:
            replies.setdefault(each.parent_id, []).append(each)
    for key, given in replies.items():
        given.sort(key=lambda each: -each.pinned_at.timestamp() if each.pinned_at else 0.0)
        given[0].of_all = len(given)  # type: ignore[attr-defined]
        replies[key] = given[:REPLIES]
    public = [each for each in openers if each.is_public]
    by_stance = {stance: sum(each.stance == stance for each in public) for stance in Stance.values}
    unanswered = sum(each.stance == Stance.QUESTION and each.pk not in replies for each in public)
    counts = Counts(sum(each.is_public for each in found), {"": len(public), **by_stance}, unanswered)
    pinned, others = _on_top(openers)
    page = page_of(others[: size + 1], ORDERS["new"][1], size)
    return _drawn_up(Reader.of(talk, person, at), counts, Choice(), None, pinned, page, replies)


@cache
def _whole(known: bool) -> Prepared[Comment]:
    def build(on: int, person: int = 0) -> CommentQuerySet:
        answered = Comment.objects.filter(parent=OuterRef("pk"), is_public=True)
        here = Comment.objects.filter(Q(is_public=True) | Q(Exists(answered), parent__isnull=True), on=on)
        return here.order_by("-pk").as_shown().with_own(Person(pk=person) if known else None)

    return Prepared(build, on=-1, **({"person": -2} if known else {}))


def _drawn_up(
    reader: Reader,
    counts: Counts,
    choice: Choice,
    after: str | None,
    pinned: list[Comment],
    page: Page[Comment],
    replies: dict[int, list[Comment]],
) -> Threads:
    gone = gone_texts((each, replies.get(each.pk, [])) for each in [*pinned, *page.items])
    top, items = (
        [thread(each, replies.get(each.pk, []), reader, gone.get(each.pk, ())) for each in group]
        for group in (pinned, page.items)
    )
    return Threads(
        reader.talk,
        counts,
        top,
        items,
        choice,
        next_url=choice.address(after=page.next_token) if page.next_token else "",
        first_url=choice.address() if after else "",
    )


def _first_page(talk: Talk, person: Person | None, size: int) -> tuple[list[Comment], Page[Comment]]:
    """What the city put on top, and the newest of the others. One query."""
    mine = {"person": person.pk} if person else {}
    found = _top_and_newest(talk.phase is not None, person is not None, size)(**talk.key, **mine)
    pinned, others = _on_top(found)
    return pinned, page_of(others, ORDERS["new"][1], size)


def _on_top(openers: list[Comment]) -> tuple[list[Comment], list[Comment]]:
    """Those the city put on top, the last one first, and the others in their order."""
    on_top = [each for each in openers if each.pinned_at and each.is_public]
    pinned = sorted(on_top, key=lambda each: each.pinned_at or each.contribution.created_at, reverse=True)
    pinned = pinned[:MOST_PINNED]
    return pinned, [each for each in openers if each not in pinned]


@cache
def _top_and_newest(of_phase: bool, known: bool, size: int) -> Prepared[Comment]:
    """One more than a page, and room for those that stand on top already."""

    def build(person: int = 0, **where: int) -> CommentQuerySet:
        here = Comment.objects.filter(**where)
        on_top = here.filter(pinned_at__isnull=False, is_public=True, parent__isnull=True)
        keys = on_top.order_by("-pinned_at").values("pk")[:MOST_PINNED]
        newest = here.threads().order_by("-pk").values("pk")[: size + MOST_PINNED + 1]
        rows = Comment.objects.filter(pk__in=keys.union(newest)).order_by("-pk")
        return rows.as_shown().with_own(Person(pk=person) if known else None)

    return Prepared(build, **{"phase_id" if of_phase else "on_id": -1}, **({"person": -2} if known else {}))


def first_replies(threads: Sequence[Comment], person: Person | None) -> dict[int, list[Comment]]:
    """The first public replies of each thread, what the city pinned on top; each with `of_all`. One query."""
    if not threads:
        return {}
    mine = {"person": person.pk} if person else {}
    found: dict[int, list[Comment]] = {}
    for reply in _replies(person is not None)(threads=[each.pk for each in threads], **mine):
        found.setdefault(reply.parent_id or 0, []).append(reply)
    return found


@cache
def _replies(known: bool) -> Prepared[Comment]:
    def build(threads: list[int], person: int = 0) -> CommentQuerySet:
        order = [F("pinned_at").desc(nulls_last=True), F("pk").asc()]
        rows = Comment.objects.filter(parent__any_of=threads, is_public=True).as_shown()
        return (
            rows.with_own(Person(pk=person) if known else None)
            .annotate(
                place=Window(RowNumber(), partition_by=F("parent"), order_by=order),
                of_all=Window(Count("*"), partition_by=F("parent")),
            )
            .filter(place__lte=REPLIES)
            .order_by("parent", "place")
        )

    return Prepared(build, threads=[-1], **({"person": -2} if known else {}))


def gone_texts(threads: Iterable[tuple[Comment, Sequence[Comment]]]) -> dict[int, list[str]]:
    """Thread -> texts of it that are not shown any more, where somebody quotes. No query while nobody does, else one."""
    keys = [opener.pk for opener, replies in threads if any(quotes(reply.text) for reply in replies)]
    found: dict[int, list[str]] = {}
    if keys:
        rows = Comment.objects.filter(Q(pk__in=keys) | Q(parent__in=keys), is_public=False)
        for key, parent, text in rows.values_list("pk", "parent", "text"):
            found.setdefault(parent or key, []).append(text)
    return found


def thread(comment: Comment, replies: Sequence[Comment], reader: Reader, gone: Collection[str] = ()) -> Said:
    people = [comment, *replies]
    names = {each.contribution.author.public_name for each in people if each.contribution.author}
    if reader.talk.on and "author" in reader.talk.on._state.fields_cache and reader.talk.on.author:
        names.add(reader.talk.on.author.public_name)
    names.discard("")
    shown = said(comment, reader, names)
    shown.replies = [said(reply, reader, names, gone) for reply in replies]
    shown.reply_count = getattr(replies[0], "of_all", len(replies)) if replies else 0
    return shown


def thread_page(
    comment: Comment, talk: Talk, person: Person | None, at: datetime, after: str | None = None
) -> tuple[Said, str | None]:
    """One thread with its replies, oldest first, a page at a time. One query."""
    rows = comment.replies.filter(is_public=True).as_shown().with_own(person)
    page = keyset(rows, ("pk",), after=after, size=LONG_THREAD)
    gone = gone_texts([(comment, page.items)]).get(comment.pk, ())
    return thread(comment, page.items, Reader.of(talk, person, at), gone), page.next_token


@dataclass(frozen=True, slots=True)
class Writing:
    """Whether and how somebody may write here now."""

    answer: Answer
    waits: bool  # one writes first and says later who one is, or confirms what is missing
    offices: tuple[Office, ...] = ()  # those a person may speak for here, also after the phase

    @property
    def may(self) -> bool:
        return bool(self.answer) or self.waits or bool(self.offices)


def writing_of(talk: Talk, person: Person | None, at: datetime) -> Writing:
    """Asked once a page. For people who work for the city one query more, for their offices."""
    answer = rules.may_comment(person, talk, at)
    waits = isinstance(answer, No) and answer.identify
    return Writing(answer, waits, tuple(_offices(talk, person, at)))


def _offices(talk: Talk, person: Person | None, at: datetime) -> list[Office]:
    """Roles without a second factor do not count."""
    roles = roles_of(person)
    if person is None or not (roles.offices or roles.is_admin) or not is_mfa_enabled(person):
        return []
    mine = [office for office in Office.objects.all() if roles.acts_for(office)]
    return mine if mine and rules.may_comment(person, talk, at, mine[0]) else []
