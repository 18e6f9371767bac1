"""Backups of a city: one encrypted file with the database and the media, written and read in constant memory.

sealing     the encrypted stream: whoever writes needs the public key only, so a stolen server cannot read old backups
tools       pg_dump and pg_restore of the right version
writing     database (one snapshot), media, index, manifest
restoring   into an empty city, closed to everybody (gate) until every check has passed
hooks       what the rooms add: checks and steps after a restore, and moments a backup should not be kept of for long

The keys of votes and the peppers of processes are never in it, nor are sessions and uploads on their way.
"""
