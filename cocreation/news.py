"""News: what a room wants people to be told, beside the verb it declares. Whoever delivers messages reads this registry.

news.add("amendment.accepted", News("named", accepted, rows=wordings))

The verb's journal entry says the rest: it is about a contribution (its subject, or `data["contribution"]`) or a process,
and `data["tell"]` may name people by key who are concerned whatever they follow: those who were invited, asked, credited.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from groundwork.registry import Registry


@dataclass(frozen=True, slots=True)
class Said:
    """One event in words. `short` stands in lists and in subjects, `text` explains, `quote` is what somebody wrote, and
    `quoted` who and when."""

    short: str
    text: str = ""
    quote: str = ""
    quoted: str = ""


@dataclass(frozen=True, slots=True)
class Crowd:
    """People a room knows who are concerned by what happens around a thing, beside those every house knows.

    `sql` gives their keys: `select x.person_id from … where … and x.person_id > %(last)s order by x.person_id limit
    %(chunk)s`. It may use the parameters `contribution`, `process`, `phase` and `on` of the event. `around` names the circles
    it belongs to: "contribution" (what happens to it), "vote", "process".
    """

    slug: str
    around: frozenset[str]
    sql: str


crowds: Registry[Crowd] = Registry("crowd")

# The facts of the entry and the row it names (None where it is gone) -> words in the active language.
Say = Callable[[Mapping[str, Any], Any], Said]


Around = Literal[
    "author", "followers", "contribution", "process", "participants", "waiting", "named", "everybody"
]


@dataclass(frozen=True, slots=True)
class News:
    """Who hears of a verb, and how it is said.

    `around`: "author" the authors only; "followers" the authors and who follows it, no supporters; "contribution" authors,
    supporters and followers; "process" who follows it; "participants" also who wrote, supported or said something in it;
    "waiting" also whoever has an act of the kind `data["act"]` waiting there; "named" only those of `data["tell"]`, also while the contribution is not public; "everybody" all who have an account. `city`: the city speaks. `wide`: people
    who follow the whole process hear of it too. `rows` fetches what `say` quotes, by the keys in `data["row"]`, in one
    query for a whole page of messages. `url` leads elsewhere than to the page of the contribution. `narrower` may answer from
    the facts of one entry that fewer people hear of it.
    `mine`: it is about the reader's own data and rights; one kind of mail for all, whatever the reason.
    `until`: of no use afterwards. Mail comes before, whatever the rhythm (who wants none gets none), and then the message goes.
    """

    around: Around
    say: Say
    city: bool = False
    wide: bool = False
    rows: Callable[[set[int]], Mapping[int, Any]] | None = None
    url: Callable[[Mapping[str, Any]], str] | None = None
    narrower: Callable[[Mapping[str, Any]], Around | None] | None = None
    until: Callable[[Mapping[str, Any]], datetime | None] | None = None
    mine: bool = False


news: Registry[News] = Registry("news")
