"""The bulletin board of a vote: a public, append-only list of sealed leaves that nobody can change unseen.

`tree` and `leaves` are arithmetic without Django; `signing` holds the city's key; `publishing` writes, `files` tells.
"""
