"""The journal's reader that ends kept pages: for what was only added, and once more for all the rest.

Nothing else reads before it: it is registered first.
"""

from __future__ import annotations

from groundwork.journal.api import reader, verbs
from groundwork.journal.models import Entry
from groundwork.shared_pages import marks


@reader("pages", from_now=True)
def end_pages(entries: list[Entry]) -> None:
    """A cache that is away raises: the reader stays where it is and comes again."""
    marks.replace({(entry.process_id, not _adds(entry.verb)) for entry in entries})


def _adds(verb: str) -> bool:
    known = verbs.find(verb)  # an old entry may carry a verb that is gone
    return known is not None and known.adds
