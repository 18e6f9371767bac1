"""The card of a process for other sites."""

from __future__ import annotations

from cocreation.lines import short_line
from cocreation.participation import participation_of
from cocreation.querysets import find_process
from groundwork import clock
from groundwork.embeds import Card, Embeddable, embeddables

KIND = "process"


def card_of(slug: str) -> Card | None:
    """As every visitor sees it; None for what a visitor does not see."""
    found, at = find_process(slug, None), clock.now()
    if found is None or not found.is_published:
        return None
    return Card(
        title=found.title,
        template="cocreation/embed_card.html",
        context={
            "process": found,
            "places": [place.name for place in found.places.all()],
            "short": short_line(found, at),
            "part": participation_of(found, None, at),
            "at": at,
        },
        hue=found.hue,
    )


embeddables.add(KIND, Embeddable(KIND, "cocreation:process", "cocreation:process_embed", card_of, height=500))
