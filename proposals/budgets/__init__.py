"""Participatory budgeting: how much money there is, for whom, and the recipe of the process that spends it.

It offers envelopes and the recipe "participatory budget".
It never counts votes: that is the ballots' room.
"""
