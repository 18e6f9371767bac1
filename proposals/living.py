"""Where a proposal lives on after it became a part of another one: its number and its addresses lead there, for ever."""

from __future__ import annotations

from proposals.models import Proposal

# A part of a part of a part … : no chain is longer, and a circle would end here too.
LONGEST = 32

_WAY = f"""
with recursive way (key, further, step) as (
  select contribution_id, lives_in_id, 0 from proposals_proposal where contribution_id = %s
  union all
  select p.contribution_id, p.lives_in_id, way.step + 1
  from way join proposals_proposal p on p.contribution_id = way.further where way.step < {LONGEST}
)
select way.key as contribution_id from way order by step desc limit 1
"""  # noqa: S608 - a number of our own


def living_page_of(proposal: Proposal) -> Proposal:
    """The last of the chain, with its contribution and process: whether it may be seen is for the caller to ask."""
    if proposal.lives_in_id is None:
        return proposal
    last = next(iter(Proposal.objects.raw(_WAY, [proposal.pk])))
    return Proposal.objects.without_vector().select_related("contribution__author", "process").get(pk=last.pk)


def set_aside(receipt: str) -> Proposal | None:
    """The proposal of this number, if it lives on in another one and nothing else took it off the pages."""
    from cocreation.models import Contribution

    return (
        Proposal.objects.without_vector()
        .select_related("contribution__author", "process")
        .filter(receipt=receipt, lives_in__isnull=False, contribution__in=Contribution.objects.set_aside())
        .first()
    )
