"""The rules every process has until its office writes its own, and the one way to ask for the rules of a process."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from cocreation.moderation.models import Rule
from groundwork.answer import Words

if TYPE_CHECKING:
    from cocreation.models import Process

LANGUAGES = ("de", "en")


@dataclass(frozen=True, slots=True)
class Read:
    """A rule in both languages."""

    slug: str
    names: dict[str, str]
    texts: dict[str, str]
    about: str = ""

    @property
    def name(self) -> str:
        return self.names.get(get_language() or "de") or self.names["de"]

    @property
    def text(self) -> str:
        return self.texts.get(get_language() or "de") or self.texts["de"]

    @property
    def about_words(self) -> Words:
        return Rule.About(self.about).label

    def as_stored(self) -> dict[str, Any]:
        """As a decision keeps it: what the rule says later changes nothing about what was decided."""
        return {"slug": self.slug, "name": self.names, "text": self.texts}


_STANDARD: list[tuple[str, Words, Words]] = [
    ("respect", _("Respect"), _("Do not insult, threaten or run down anybody: argue about the matter.")),
    ("private", _("Private things stay private"), _("Do not name addresses, numbers, illnesses or other private things of others.")),
    ("law", _("The law"), _("Do not publish what breaks the law, for example incitement or somebody else's pictures.")),
    ("advertising", _("No advertising"), _("Do not advertise for goods, services or parties, and do not post the same text many times.")),
    ("topic", _("The topic"), _("Write about what this process is about; other things have their own place.")),
    ("twice", _("Once is enough"), _("Do not propose what stands here already: support it instead.")),
]  # fmt: skip


def _both(words: Words) -> dict[str, str]:
    found = {}
    for language in LANGUAGES:
        with override(language):
            found[language] = str(words)
    return found


def standard() -> list[Read]:
    return [
        Read(slug, _both(name), _both(text), "proposal" if slug == "twice" else "")
        for slug, name, text in _STANDARD
    ]


def read_rows(rows: Iterable[Rule]) -> list[Read]:
    return [
        Read(
            row.slug,
            {code: getattr(row, f"name_{code}") or row.name for code in LANGUAGES},
            {code: getattr(row, f"text_{code}") or row.text for code in LANGUAGES},
            row.about,
        )
        for row in rows
    ]


def rules_of(process: Process | int, kind: str = "") -> list[Read]:
    """The rules of a process, for one kind of contribution where one is named. One query."""
    key = process if isinstance(process, int) else process.pk
    found = read_rows(Rule.objects.filter(process=key)) or standard()
    return [rule for rule in found if not kind or rule.about in ("", kind)]


def rule_of(process: Process | int, slug: str) -> Read | None:
    return next((rule for rule in rules_of(process) if rule.slug == slug), None)
