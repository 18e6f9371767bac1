"""The ground: answers, the clock, registries, the journal, the data map and the kit pages are built from.

It knows nothing of participation and imports no house. Everything here could serve another product unchanged.
"""
