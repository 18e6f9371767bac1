"""Searches somebody keeps: a name, what was chosen on a list of proposals, and how often to tell what new fits.

It offers one verb, "search.matched", and a section of one's own page.
It never searches by itself: what a choice means is the hall's (`proposals.queries.Choice`).
"""
