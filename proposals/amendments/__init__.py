"""Other wordings: anybody may suggest one for a passage of a proposal, its writers decide, and it is credited.

It offers `Amendment` with its receipt, the panel of the proposal page and its entries in the life record.
It never changes a text by itself: an accepted suggestion becomes a version through `proposals.actions.put_revision`.
"""
