"""Words that a spreadsheet would take for a formula, made harmless so that they can be taken back exactly."""

from __future__ import annotations

import re

# Apostrophes count too: without that, words that begin with one would come back as others.
_DANGEROUS = re.compile(r"'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def neutral(words: str) -> str:
    """`=1+1` becomes `'=1+1`, which every spreadsheet shows as words."""
    return f"'{words}" if _DANGEROUS.match(words) else words


def restored(words: str) -> str:
    """What `neutral` was given."""
    return words[1:] if words.startswith("'") and _DANGEROUS.match(words[1:]) else words
