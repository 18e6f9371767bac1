"""One mail: of one event, or of everything that waited for a digest. Text and HTML, in the person's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.conf import settings
from django.core import signing
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from feedback.line import commitment_line
from feedback.models import Commitment
from feedback.notices import words
from feedback.notices.models import Kind, Notice, Rhythm
from feedback.notices.moulds import NAME, STOP, Mould
from groundwork import clock
from groundwork.html.line import Stop

SALT = "notices.unsubscribe"
MOST_GROUPS, MOST_EACH = 20, 6


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str
    html: str
    unsubscribe: str
    # Of a letter many people get: what they share, and the mould it is composed in.
    name: str = ""
    common: Letter | None = None
    mould: Mould | None = None


class Written:
    """What letters of one batch share: the rows their sentences quote, and letters about one event, written once for all
    who get the same words. Holds no more than its batch."""

    def __init__(self, notices: Sequence[Notice] = ()) -> None:
        self._notices = notices
        self._letters: dict[tuple[Any, ...], Letter] = {}
        self._facts: words.Facts | None = None

    @property
    def facts(self) -> words.Facts:
        if self._facts is None:
            self._facts = words.gather(self._notices)
        return self._facts

    def letter(self, notice: Notice, language: str) -> Letter:
        """With places for name and link."""
        key = (notice.entry_id, language, notice.kind, notice.person_id in notice.data.get("mentions", []))
        if key not in self._letters:
            self._letters[key] = replace(_compose([notice], self.facts, NAME, STOP), mould=Mould())
        return self._letters[key]


def write(notices: Sequence[Notice], written: Written | None = None) -> Letter:
    """The letter about these notices of one person. They bring their person, process and contribution along."""
    return write_in(notices[0].person.language, notices, written)


def write_in(language: str, notices: Sequence[Notice], written: Written | None = None) -> Letter:
    """The same in another language than the person's own: for previews."""
    person, written = notices[0].person, written or Written(notices)
    language = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(language):
        kinds = [kind for kind in Kind.values if any(notice.kind == kind for notice in notices)]
        unsubscribe = settings.SITE_URL + reverse("notices:unsubscribe", args=[token(person.pk, kinds)])
        if notices[0].rhythm != Rhythm.IMMEDIATE:
            return _compose(notices, written.facts, person.public_name, unsubscribe)
        common = written.letter(notices[0], language)
    return Letter(
        common.subject,
        common.text.replace(STOP, unsubscribe).replace(NAME, person.public_name),
        common.html.replace(STOP, unsubscribe),
        unsubscribe,
        person.public_name,
        common,
        common.mould,
    )


def _compose(notices: Sequence[Notice], facts: words.Facts, name: str, unsubscribe: str) -> Letter:
    groups = words.grouped(notices, facts)
    single = notices[0].rhythm == Rhythm.IMMEDIATE
    subject = _one(groups[0]) if single else _many(groups, len(notices))
    context: dict[str, Any] = {
        "subject": subject,
        "city": settings.CITY_NAME,
        "language": translation.get_language(),
        "name": name,
        "site": settings.SITE_URL,
        "groups": groups[:MOST_GROUPS],
        "more_groups": max(0, len(groups) - MOST_GROUPS),
        "most_each": f":{MOST_EACH}",
        "most_shown": MOST_EACH,
        "single": single,
        "stops": _stops(notices[0]) if single else [],
        "why": words.why(notices[0].kind) if single else "",
        "rhythm": notices[0].get_rhythm_display(),
        "settings_url": settings.SITE_URL + reverse("notices:settings"),
        "inbox_url": settings.SITE_URL + reverse("notices:inbox"),
        "unsubscribe": unsubscribe,
    }
    text = _template("feedback/notices/mail.txt").render(context)
    html = _template("feedback/notices/mail.html").render(context)
    return Letter(subject, text.strip() + "\n", html, unsubscribe)


@cache
def _template(name: str) -> Any:
    return get_template(name)


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
    return signing.dumps([person, *kinds], salt=SALT, compress=True)


def read_token(value: str) -> tuple[int, list[str]] | None:
    """The person's key and the kinds, or None for anything we did not sign."""
    try:
        person, *kinds = signing.loads(value, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return int(person), [kind for kind in kinds if kind in Kind.values]
