#!/bin/bash
# A copy of the database that follows it: made the first time, continued afterwards. One that fell too far behind is made anew.
set -eu
data=/var/lib/postgresql/18/docker
if [ ! -s "$data/PG_VERSION" ]; then
  rm -rf "$data"
  mkdir -p -m 0700 "$data"
  pg_basebackup --host postgres --username quartier --pgdata "$data" --write-recovery-conf --wal-method stream \
    --checkpoint fast
fi
exec postgres -D "$data" -c hot_standby=on -c hot_standby_feedback=on -c wal_receiver_status_interval=2s \
  -c max_standby_streaming_delay=5s -c listen_addresses='*'
