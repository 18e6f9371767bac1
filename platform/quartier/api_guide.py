"""The page about the public interface: examples that run as they stand on this city, and every operation of the document."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cocreation.models import Phase
from groundwork.answer import Words
from proposals.forms import places_within
from proposals.models import Proposal
from quartier.api import DOCUMENT


@dataclass(frozen=True, slots=True)
class Example:
    """`command` is one line for a shell, with the token in $TOKEN."""

    words: Words
    about: Words
    command: str
    status: int


@dataclass(frozen=True, slots=True)
class Line:
    id: str
    method: str
    address: str
    words: str
    scopes: str


CHAPTERS: dict[str, Words] = {
    "places": _("Places and offices"),
    "processes": _("Processes"),
    "proposals": _("Proposals"),
    "amendments": _("Suggested changes"),
    "conversations": _("Conversations"),
    "contributions": _("Following"),
    "votes": _("Results of votes"),
    "answers": _("Answers"),
    "commitments": _("Commitments"),
    "moderation": _("Moderation"),
    "studio": _("Studio"),
    "data": _("Figures"),
    "webhooks": _("Addresses that are told"),
    "me": _("You"),
}


def chapters() -> list[tuple[Words, list[Line]]]:
    """The operations by what they are about, from the document itself."""
    lines = _lines(DOCUMENT.stat().st_mtime_ns)
    return [(words, lines[tag]) for tag, words in CHAPTERS.items() if tag in lines]


@functools.lru_cache(maxsize=2)
def _lines(changed: int) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    paths = json.loads(DOCUMENT.read_text(encoding="utf-8"))["paths"]
    for address, methods in paths.items():
        for method, operation in methods.items():
            scopes: list[str] = next((way["token"] for way in operation["security"] if "token" in way), [])
            everybody = {} in operation["security"]
            line = Line(
                operation["operationId"], method.upper(), address.removeprefix("/api/v1"), operation["summary"],
                "" if everybody else ", ".join(scopes),
            )  # fmt: skip
            found.setdefault(operation["tags"][0], []).append(line)
    return found


def examples(at: datetime) -> list[Example]:
    """On what this city has now: an open process, one of its places, its newest proposal."""
    phases = Phase.objects.published().open(at).filter(acts__contains=["propose"])
    phase = phases.select_related("process").order_by("ends", "pk").first()
    slug = phase.process.slug if phase else "process"
    places = places_within(phase.process) if phase else []
    public = Proposal.objects.public(phase.process if phase else None).order_by("-contribution")
    receipt = public.values_list("receipt", flat=True).first() or "2027-0001"
    language = (get_language() or "de")[:2]
    title, summary, body = _TEXTS[language if language in _TEXTS else "de"]
    proposal = {
        "title": title, "summary": summary, "body": body, "theme": "green", "place": places[-1].slug if places else "place",
        "language": language,
    }  # fmt: skip
    return [
        Example(_("What is open now?"), _("Reading needs no token."), _curl("/processes?state=open&include=phases"), 200),
        Example(_("The newest proposals of a process"), _("“next” is the address of the next page."), _curl(f"/proposals?process={slug}&limit=5"), 200),
        Example(
            _("One proposal with its text and its line"), _("“include” adds what you need, in one answer."),
            _curl(f"/proposals/{receipt}?include=text,line,assessments"), 200,
        ),
        Example(_("Who am I?"), _("From here on a token is needed. Keep it in $TOKEN, not in the program."), _curl("/me", token=True), 200),
        Example(
            _("Would this be taken?"), _("Checks a draft as if it were published. Nothing is."),
            _curl(f"/processes/{slug}/proposals/check", "POST", proposal, token=True), 200,
        ),
        Example(
            _("Propose something"), _("With an Idempotency-Key, sending it twice publishes it once."),
            _curl(f"/processes/{slug}/proposals", "POST", proposal, token=True, key="my-first-proposal"), 201,
        ),
        Example(_("Support a proposal"), _("And with DELETE no longer."), _curl(f"/proposals/{receipt}/support", "PUT", token=True), 200),
        Example(
            _("Say something about it"), _("For, against, a question, or just a thought."),
            _curl(f"/contributions/{receipt}/comments", "POST", {"text": summary, "stance": "for", "language": language}, token=True), 201,
        ),
    ]  # fmt: skip


_TEXTS = {
    "de": ("Mehr Schatten am Spielplatz", "Drei Bäume an der Rutsche.", "Im Sommer ist es dort zu heiß."),
    "en": ("More shade at the playground", "Three trees by the slide.", "It is too hot there in summer."),
}


def _curl(
    address: str,
    method: str = "GET",
    body: dict[str, Any] | None = None,
    *,
    token: bool = False,
    key: str = "",
) -> str:
    parts = ["curl"]
    if method != "GET":
        parts.append(f"-X {method}")
    if token:
        parts.append('-H "Authorization: Bearer $TOKEN"')
    if key:
        parts.append(f'-H "Idempotency-Key: {key}"')
    if body is not None:
        sent = json.dumps(body, ensure_ascii=False)
        parts += ['-H "Content-Type: application/json"', f"-d '{sent}'"]
    parts.append(f"'{settings.SITE_URL}/api/v1{address}'")
    return " ".join(parts)
