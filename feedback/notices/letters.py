"""One mail: of one event, or of everything that waited for a digest. Text and HTML, in the person's language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.core import signing
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

from feedback.line import commitment_line
from feedback.models import Commitment
from feedback.notices import words
from feedback.notices.models import Kind, Notice, Rhythm
from feedback.notices.moulds import NAME, STOP, Mould, Places
from groundwork import clock
from groundwork.html.line import Stop

SALT = "notices.unsubscribe"
KINDS = tuple(Kind.values)
MOST_GROUPS, MOST_EACH, MOST_THINGS = 20, 6, 40


@dataclass(frozen=True, slots=True)
class Common:
    """What everybody gets who gets the same words, with places in it; and the mould its bytes are composed in."""

    subject: str
    text: str
    html: str
    mould: Mould = field(default_factory=Mould)


@dataclass(frozen=True, slots=True)
class Letter:
    """What one person gets: `places` says what stands in the places of what many get."""

    common: Common
    unsubscribe: str
    places: Places

    @property
    def subject(self) -> str:
        return self.common.subject

    @property
    def text(self) -> str:
        return _filled(self.common.text, self.places)

    @property
    def html(self) -> str:
        """Without the name, which nobody has escaped."""
        return _filled(self.common.html, self.places[:-1])


class Written:
    """What letters of one batch share: the rows their sentences quote, and letters about one event, written once for all
    who get the same words. Holds no more than its batch."""

    def __init__(self, notices: Sequence[Notice] = ()) -> None:
        self._notices = notices
        self._letters: dict[tuple[Any, ...], Common] = {}
        self._pieces: dict[tuple[str, ...], tuple[SafeString, SafeString]] = {}
        self._frames: dict[str, dict[str, Any]] = {}
        self._facts: words.Facts | None = None

    @property
    def facts(self) -> words.Facts:
        if self._facts is None:
            self._facts = words.gather(self._notices)
        return self._facts

    def letter(self, notices: Sequence[Notice], language: str) -> Common:
        """With places for the name, the way out, and links of one's own."""
        said = tuple((n.entry_id, n.kind, n.person_id in n.data.get("mentions", [])) for n in notices)
        key = (notices[0].rhythm, language, said)
        if key not in self._letters:
            self._letters[key] = _compose(notices, self)
        return self._letters[key]

    def frame(self) -> dict[str, Any]:
        """What every letter of a language says."""
        language = translation.get_language() or ""
        if language not in self._frames:
            self._frames[language] = {
                "city": settings.CITY_NAME,
                "language": language,
                "name": NAME,
                "site": settings.SITE_URL,
                "settings_url": settings.SITE_URL + reverse("notices:settings"),
                "inbox_url": settings.SITE_URL + reverse("notices:inbox"),
                "unsubscribe": STOP,
                "way_out": settings.SITE_URL + reverse("notices:unsubscribe", args=["TOKEN"]),
            }
        return self._frames[language]

    def piece(
        self, name: str, key: tuple[str, ...], context: Callable[[], dict[str, Any]]
    ) -> tuple[SafeString, SafeString]:
        """A part that many letters have in common, as text and as HTML."""
        key = (name, translation.get_language() or "", *key)
        if key not in self._pieces:
            told = self.frame() | context()
            text, html = (
                _template(f"feedback/notices/mail_{name}.{kind}").render(told) for kind in ("txt", "html")
            )
            self._pieces[key] = mark_safe(text), mark_safe(html)  # noqa: S308 - what our own templates rendered
        return self._pieces[key]


def _own_place(notice: Notice) -> str:
    return f"\ue000own-{notice.entry_id}\ue001" if words.own_link(notice) else ""


def write(notices: Sequence[Notice], written: Written | None = None) -> Letter:
    """The letter about these notices of one person. They bring their person, process and contribution along."""
    return write_in(notices[0].person.language, notices, written)


def write_in(language: str, notices: Sequence[Notice], written: Written | None = None) -> Letter:
    """The same in another language than the person's own: for previews."""
    person, written = notices[0].person, written or Written(notices)
    language = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(language):
        told = {notice.kind for notice in notices}
        kinds = [kind for kind in KINDS if kind in told]
        unsubscribe = written.frame()["way_out"].replace("TOKEN", token(person.pk, kinds))
        common = written.letter(notices, language)
        own = [(_own_place(notice), link) for notice in notices if (link := words.own_link(notice))]
    places = [(STOP, unsubscribe), *own, (NAME, person.public_name)]
    return Letter(common, unsubscribe, places)


def _filled(text: str, places: Places) -> str:
    for place, value in places:
        text = text.replace(place, value)
    return text


def _compose(notices: Sequence[Notice], written: Written) -> Common:
    groups = words.grouped(notices, written.facts, _own_place)
    first = notices[0]
    single = first.rhythm == Rhythm.IMMEDIATE
    subject = _one(groups[0]) if single else _many(groups, len(notices))
    why = first.kind if single else ""
    foot = written.piece(
        "foot",
        (first.rhythm, why),
        lambda: {"why": words.why(why) if why else "", "rhythm": first.get_rhythm_display()},
    )
    stops = (
        written.piece("stops", _stands(first), lambda: {"stops": _stops(first)})
        if single and not groups[0].things
        else ("", "")
    )
    context = written.frame() | {
        "subject": subject,
        "groups": groups[:MOST_GROUPS],
        "more_groups": max(0, len(groups) - MOST_GROUPS),
        "most_each": f":{MOST_EACH}",
        "most_shown": MOST_EACH,
        "most_things": f":{MOST_THINGS}",
        "most_listed": MOST_THINGS,
        "single": single,
    }
    text, html = (
        _template(f"feedback/notices/mail.{kind}").render(context | {"stops": stops[n], "foot": foot[n]})
        for n, kind in enumerate(("txt", "html"))
    )
    return Common(subject, text.strip() + "\n", html)


@cache
def _template(name: str) -> Any:
    return get_template(name)


def subject_of(notice: Notice, facts: words.Facts) -> str:
    """What happened to which thing, in one line of the active language."""
    return _one(words.grouped([notice], facts)[0])


def _one(group: words.Group) -> str:
    _notice, said = group.notices[0]
    return _line(f"{said.short} · {group.title}" if group.title else said.short)


def _many(groups: Sequence[words.Group], n: int) -> str:
    titles = ", ".join(group.title for group in groups[:2])
    if len(groups) > 2:
        titles += " …"
    return _line(
        ngettext("%(n)s message: %(titles)s", "%(n)s messages: %(titles)s", n) % {"n": n, "titles": titles}
    )


def _line(text: str) -> str:
    return " ".join(text.split())[:180]


def _stands(notice: Notice) -> tuple[str, str]:
    if notice.subject_label == "feedback.Commitment":
        return notice.subject_label, notice.subject_key
    return "", str(notice.contribution_id or "")


def _stops(notice: Notice) -> list[Stop]:
    """Where the thing stands now, as its page shows it."""
    at = clock.now()
    if notice.subject_label == "feedback.Commitment":
        commitment = Commitment.objects.for_board().filter(pk=notice.subject_key).first()
        return commitment_line(commitment, at) if commitment else []
    proposal = getattr(notice.contribution, "proposal", None) if notice.contribution_id else None
    if proposal is None or not proposal.is_public:
        return []
    from proposals.line import life_line

    process = notice.process or proposal.process
    return life_line(proposal, list(proposal.moves.all()), process.line, at, answer_by=process.answer_by)


# --- one click and the mail stops ---


def token(person: int, kinds: Sequence[str]) -> str:
    """Says who and what, signed; it never expires, because mails are kept for years."""
    return signing.dumps([person, *kinds], salt=SALT, compress=len(kinds) > 2)


def read_token(value: str) -> tuple[int, list[str]] | None:
    """The person's key and the kinds, or None for anything we did not sign."""
    try:
        person, *kinds = signing.loads(value, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return int(person), [kind for kind in kinds if kind in Kind.values]
