"""Are there a real PostgreSQL and a real Redis on this machine? Prints their addresses, for `.ci/run`.

    DATABASE_URL=postgres://... REDIS_URL=redis://...

Nothing on the output and exit code 1 when one of them does not answer; why stands on the error output.
"""

import sys

import psycopg
import redis

from devtools.services import OLDEST_POSTGRES

REDIS = "redis://127.0.0.1:6379/0"
POSTGRES = [f"postgres://{user}@127.0.0.1:5432" for user in ("postgres", "root")]


def postgres() -> str | None:
    for server in POSTGRES:
        try:
            with psycopg.connect(f"{server}/postgres", connect_timeout=3) as connection:
                version = connection.info.server_version // 10_000
                row = connection.execute(
                    "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = user"
                ).fetchone()
        except psycopg.Error as error:
            reason = str(error).strip().splitlines()[-1]
            continue
        if version >= OLDEST_POSTGRES and row and row[0]:
            return f"{server}/quartier_ci"
        reason = f"version {version}, may create databases: {bool(row and row[0])}"
    print(f"No usable PostgreSQL on 127.0.0.1:5432 ({reason}).", file=sys.stderr)
    return None


def broker() -> str | None:
    try:
        with redis.Redis.from_url(REDIS, socket_connect_timeout=3) as connection:
            connection.ping()
    except redis.RedisError as error:
        print(f"No Redis on 127.0.0.1:6379 ({error}).", file=sys.stderr)
        return None
    return REDIS


if __name__ == "__main__":
    database_url, redis_url = postgres(), broker()
    if not (database_url and redis_url):
        sys.exit(1)
    print(f"DATABASE_URL={database_url} REDIS_URL={redis_url}")
