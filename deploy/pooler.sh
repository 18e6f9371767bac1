#!/bin/bash
# The one user comes from the environment and lives in memory only.
set -eu
umask 077
printf '"quartier" "%s"\n' "$POSTGRES_PASSWORD" > /tmp/users
exec pgbouncer /etc/quartier-pooler/pgbouncer.ini
