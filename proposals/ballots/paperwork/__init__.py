"""Voting on paper: printed ballots with or without a code, the desk, double entry by two clerks, and totals that agree.

It closes slots of the votes and fills them; it never holds a person beside a choice, nor a code beside a choice.
"""
