"""The card of a proposal for other sites: the card of our own lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groundwork import clock
from groundwork.embeds import Card, Embeddable, embeddables
from proposals.cards import authors_of, cards
from proposals.living import living_page_of, set_aside
from proposals.models import Proposal

if TYPE_CHECKING:
    from proposals.models import ProposalQuerySet

KIND = "proposal"


def _shown() -> ProposalQuerySet:
    return Proposal.objects.visible_to(None).without_vector().select_related("process")


def card_of(receipt: str) -> Card | None:
    """As every visitor sees it; None for what a visitor does not see."""
    found = _shown().filter(receipt=receipt).first()
    if found is None and (part := set_aside(receipt)) is not None:
        # Joined with others: the card on somebody's site goes on with the one it lives on in.
        found = _shown().filter(pk=living_page_of(part).pk).first()
    if found is None:
        return None
    (card,) = cards([found], None, clock.now(), process=found.process, level=1)
    return Card(
        title=found.in_language("title"),
        template="proposals/embed_card.html",
        context={"drawn": card, "process": found.process},
        hue=found.hue,
        author=authors_of([found.pk])[found.pk].name,
    )


embeddables.add(KIND, Embeddable(KIND, "proposals:proposal", "proposals:proposal_embed", card_of, height=520))
