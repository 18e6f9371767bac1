"""The page of a ballot drawn once for all who may vote, with gaps for what is of each: the strip, the sentence and the cards.

The frame is drawn for nobody: without a session, without a person and without a choice. So nothing of a voter can be in it,
whoever comes first. It lies on the shelf of the ballot's options, as long as nothing happens in the process (memory.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from secrets import token_hex
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages
from django.core.handlers.wsgi import WSGIRequest
from django.template.loader import get_template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from groundwork import clock
from groundwork.answer import Yes
from proposals.ballots import ballot_page, memory
from proposals.ballots.kinds import Filled
from proposals.ballots.models import BallotOption, Vote

PAGE, STRIP = "proposals/ballots/ballot.html", "proposals/ballots/strip.html"
# Nobody can know them, so no text that people wrote can hold them.
_GAPS: Mapping[str, SafeString] = {
    name: mark_safe(f"<!--{name} {token_hex(16)}-->")  # noqa: S308 - no text from outside
    for name in ("strip", "sentence", "cards")
}
# Whatever of a request says who asks.
_OF_SOMEBODY = frozenset(("HTTP_COOKIE", "HTTP_AUTHORIZATION"))


def fits(request: Any, vote: Vote, options: Sequence[BallotOption]) -> bool:
    """Whether this person's page is the frame with theirs in the gaps: no message for them, no account of a guest, no dry run."""
    return (
        memory.shelf_of(options) is not None
        and not vote.envelopes
        and isinstance(request, WSGIRequest)
        and request.META.get("QUERY_STRING", "") in ("", f"phase={vote.phase.key}")
        and not getattr(request, "dry_run", None)
        and not getattr(request.user, "is_guest", False)
        and not get_messages(request)
    )


def page(
    request: Any, vote: Vote, options: Sequence[BallotOption], strip: Mapping[str, Any],
    chosen: Mapping[str, Any],
) -> str:  # fmt: skip
    """`strip` and `chosen` (the cards) are what ballot_page.py says of this voter's ballot."""
    before, between, above, below = _frame(request, vote, options)
    mine = {**chosen, **strip, "request": request}
    drawn = get_template(STRIP).render(mine), get_template(ballot_page.cards_template(vote)).render(mine)
    return "".join((before, drawn[0], between, conditional_escape(strip["sentence"]), above, drawn[1], below))


def _frame(request: WSGIRequest, vote: Vote, options: Sequence[BallotOption]) -> tuple[str, ...]:
    shelf = memory.shelf_of(options)
    assert shelf is not None
    key = (get_language(), "frame", request.scheme, request.get_host(), request.get_full_path())
    found: tuple[str, ...] | None = shelf.get(key)
    if found is None:
        found = shelf[key] = _drawn(request, vote, options)
    return found


def _drawn(request: WSGIRequest, vote: Vote, options: Sequence[BallotOption]) -> tuple[str, ...]:
    environ = {name: value for name, value in request.META.items() if name not in _OF_SOMEBODY}
    nobody = WSGIRequest(environ)
    nobody.user = AnonymousUser()
    nobody.resolver_match = request.resolver_match
    nothing: Filled = frozenset()
    strip = ballot_page.strip_of(vote, options, nothing, saved=True)
    context = (
        strip
        | ballot_page.ballot_of(vote, options, strip["state"], None, clock.now())
        | {"answer": Yes(), "visitor": False, "kept": False, "gaps": _GAPS, "sentence": _GAPS["sentence"]}
    )
    rest, parts = get_template(PAGE).render(context, nobody), []
    for gap in _GAPS.values():
        part, found, rest = rest.partition(gap)
        assert found
        parts.append(part)
    return (*parts, rest)
