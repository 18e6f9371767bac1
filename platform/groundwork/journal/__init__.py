"""The journal: one entry for every public act, append-only, numbered without gaps and chained by hash.

`from groundwork.journal import api as journal` offers `record(...)` for actions and `reader(...)` for those who follow.
It never holds personal data beyond a key, and casts of a secret ballot are not in it.
"""
