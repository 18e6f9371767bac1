"""Translations without gettext's tools: collect the texts of code and templates, compare, compile.

Sources are English. `update` rewrites locale/<language>/LC_MESSAGES/django.po: translations stay, new texts
come in empty, unused ones go. Sorted by file and without line numbers, so that a diff shows only texts.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import polib

from devtools.console import say
from devtools.paths import ROOT

LOCALE = ROOT / "locale"
LANGUAGES = {"de": "nplurals=2; plural=(n != 1);"}
SOURCES = ("accounts", "cocreation", "proposals", "feedback", "platform", "templates")
NOT_FOR_PEOPLE = {"tests", "migrations", "__pycache__"}

# Function name -> which argument is what, in Babel's notation. `_n`, `_p`, `_np` are our short names.
SINGLE = ("_", "_l", "_now", "gettext", "gettext_lazy", "gettext_noop", "N_")
PLURAL = ("_n", "ngettext", "ngettext_lazy")
CONTEXT = ("_p", "pgettext", "pgettext_lazy")
PLURAL_CONTEXT = ("_np", "npgettext", "npgettext_lazy")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    **dict.fromkeys(SINGLE),
    **dict.fromkeys(PLURAL, (1, 2)),
    **dict.fromkeys(CONTEXT, ((1, "c"), 2)),
    **dict.fromkeys(PLURAL_CONTEXT, ((1, "c"), 2, 3)),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[#0\- +]*[\d.]*[a-zA-Z]|\{(\w*)[^{}]*\}|%[sd]")


@dataclass
class Text:
    """One text to translate and the files that use it."""

    context: str | None
    singular: str
    plural: str | None = None
    files: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.singular


# --- collecting ---


def collect() -> dict[tuple[str | None, str], Text]:
    """Every text of the product, in the order of files and of places in them."""
    texts: dict[tuple[str | None, str], Text] = {}
    for path in _files():
        name = path.relative_to(ROOT).as_posix()
        for found in _texts_of(path):
            text = texts.setdefault(found.key, found)
            text.plural = text.plural or found.plural
            if name not in text.files:
                text.files.append(name)
            text.comments += [comment for comment in found.comments if comment not in text.comments]
    return texts


def _files() -> Iterator[Path]:
    for source in SOURCES:
        for path in sorted((ROOT / source).rglob("*")):
            inside = path.relative_to(ROOT).parts
            readable = path.suffix == ".py" or (path.suffix in (".html", ".txt") and "templates" in inside)
            if readable and not NOT_FOR_PEOPLE & set(inside):
                yield path


def _texts_of(path: Path) -> Iterator[Text]:
    from babel.messages.extract import extract
    from django.utils.translation.template import templatize

    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Django turns a template into something that reads like Python calls; Babel reads those.
        source = templatize(source, origin=str(path))
    found = extract("python", BytesIO(source.encode()), KEYWORDS, ("Translators:",), {"encoding": "utf-8"})
    for _line, words, comments, context in found:
        singular, plural = (words[0], words[1]) if isinstance(words, tuple) else (words, None)
        if singular:
            yield Text(context, singular, plural, comments=list(comments))


# --- the files ---


def update(sent_in: Sequence[Path] = ()) -> int:
    """Bring every language's file up to date; print what a translator has to do.

    `sent_in` are files of translators: their texts win over what we had, in the language their header names.
    """
    received = [polib.pofile(str(path)) for path in sent_in]
    texts = collect()
    for language, plural_forms in LANGUAGES.items():
        path = _po(language)
        before = {_key(entry): entry for entry in polib.pofile(str(path))} if path.exists() else {}
        for file in received:
            if file.metadata.get("Language", language) == language:
                before |= {_key(entry): entry for entry in file if entry.translated()}
        catalogue = polib.POFile(wrapwidth=110)
        catalogue.metadata = {
            "Project-Id-Version": "Quartier",
            "Language": language,
            "MIME-Version": "1.0",
            "Content-Type": "text/plain; charset=UTF-8",
            "Content-Transfer-Encoding": "8bit",
            "Plural-Forms": plural_forms,
        }
        for text in sorted(texts.values(), key=lambda text: text.files[0]):
            catalogue.append(_entry(text, before.get(text.key)))
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(path))
        empty = sum(not entry.translated() for entry in catalogue)
        gone = sum(key not in texts for key in before)
        say(f"{path.relative_to(ROOT)}: {len(catalogue)} texts, {empty} to translate, {gone} dropped.")
    return 0


def _entry(text: Text, known: polib.POEntry | None) -> polib.POEntry:
    entry = polib.POEntry(
        msgctxt=text.context,
        msgid=text.singular,
        occurrences=[(name, "") for name in text.files],
        comment="\n".join(text.comments),
        flags=["python-format"] if "%(" in text.singular + (text.plural or "") else [],
    )
    if text.plural:
        entry.msgid_plural = text.plural
        entry.msgstr_plural = {0: "", 1: ""} | (known.msgstr_plural if known else {})
    elif known and not known.msgid_plural:
        entry.msgstr = known.msgstr
    if known and "fuzzy" in known.flags:
        entry.flags.append("fuzzy")
    return entry


def problems() -> list[str]:
    """What keeps a language from being complete, one line each."""
    texts = collect()
    found = []
    for language in LANGUAGES:
        path = _po(language)
        entries = {_key(entry): entry for entry in polib.pofile(str(path))} if path.exists() else {}
        for key, text in texts.items():
            if (entry := entries.get(key)) is None or bool(entry.msgid_plural) != bool(text.plural):
                found.append(f"{language}: not collected: {text.singular!r} ({text.files[0]})")
            elif "fuzzy" in entry.flags:
                found.append(f"{language}: fuzzy: {text.singular!r} ({text.files[0]})")
            elif not entry.translated():
                found.append(f"{language}: not translated: {text.singular!r} ({text.files[0]})")
            elif wrong := _wrong_placeholders(entry):
                found.append(f"{language}: placeholders differ: {text.singular!r} -> {wrong!r}")
        for key, entry in entries.items():
            if key not in texts or entry.obsolete:
                found.append(f"{language}: no longer used: {entry.msgid!r}")
    return found


def _wrong_placeholders(entry: polib.POEntry) -> str | None:
    """A translation that would show a brace or break a page. A singular may leave the number out."""

    def names(text: str) -> set[str]:
        return {match[0] for match in PLACEHOLDER.finditer(text)}

    allowed = names(entry.msgid) | names(entry.msgid_plural or "")
    if not entry.msgid_plural:
        return entry.msgstr if names(entry.msgstr) != allowed else None
    return next((text for text in entry.msgstr_plural.values() if not names(text) <= allowed), None)


def compile_all() -> None:
    """.po to .mo, where the .mo is missing or older."""
    for po in LOCALE.glob("*/LC_MESSAGES/*.po"):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime_ns < po.stat().st_mtime_ns:
            # Written aside and renamed: test processes and a running demo read it at the same time.
            draft = mo.with_suffix(".mo.new")
            polib.pofile(str(po)).save_as_mofile(str(draft))
            draft.replace(mo)


def _po(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def _key(entry: polib.POEntry) -> tuple[str | None, str]:
    return entry.msgctxt, entry.msgid


if __name__ == "__main__":
    if sys.argv[1:] != ["compile"]:
        sys.exit("usage: python -m devtools.messages compile")
    compile_all()
