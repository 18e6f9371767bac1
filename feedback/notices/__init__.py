"""Notices: everyone concerned is told, in the inbox and by e-mail, at the rhythm they chose.

It reads the journal and writes one row per person and event.
It never decides what is true and is imported by nobody: delete this folder and the city still runs.
"""
