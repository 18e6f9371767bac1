"""Votes: slots, sealed choices, the count and its explanation.

It offers the method "ballot" and pure, exact tallies.
It never links a person to a choice in any table, log or journal entry.
"""
