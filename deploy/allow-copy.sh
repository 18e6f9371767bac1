#!/bin/bash
# Once, when the database is made: a copy may follow it, and the role has what a session behind a pooler cannot set.
# On a database that stands already, run the same two steps by hand (docs/scale.md).
set -eu
echo "host replication quartier samenet scram-sha-256" >> "$PGDATA/pg_hba.conf"
psql --username quartier --dbname quartier -c "alter role quartier set idle_in_transaction_session_timeout = '60s'" \
  -c "alter role quartier set jit = off"
