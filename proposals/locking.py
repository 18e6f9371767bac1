"""In which order rows are locked, so that nobody waits for somebody who waits for them.

The contribution first, then its proposal; several in the order of their keys. A new version writes into the index of
the search, and that row looks at the contribution: whoever held only the proposal would meet a merge, a withdrawal or a
moderator coming from the other side.
"""

from __future__ import annotations

from cocreation.models import Contribution
from proposals.models import Proposal


def locked(key: int) -> Proposal:
    """The proposal as it stands, with its contribution and its process, for us alone until the transaction ends. Two queries.

    Raises DoesNotExist for a key that is none.
    """
    contribution = Contribution.objects.select_for_update(no_key=True).get(pk=key)
    found = Proposal.objects.select_for_update(of=("self",)).without_vector()
    proposal = found.select_related("process").get(pk=key)
    proposal.contribution = contribution
    return proposal
