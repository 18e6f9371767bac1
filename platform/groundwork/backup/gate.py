"""A database that is being restored serves nobody until its checks have passed.

The mark is the comment of the database itself: it is there before the data arrive, holds for every process on every machine,
and needs no right but that of the owner. It is looked at when a connection is made.
"""

from __future__ import annotations

from typing import Any

import psycopg
from django.db import OperationalError
from psycopg import sql

CLOSED = "quartier: closed, a restore has not passed its checks"
_ASK = "select shobj_description(oid, 'pg_database') from pg_database where datname = current_database()"
_passing = False


def close(connection: psycopg.Connection[Any]) -> None:
    _comment(connection, CLOSED)


def open_again(connection: psycopg.Connection[Any]) -> None:
    _comment(connection, "")


def _comment(connection: psycopg.Connection[Any], words: str) -> None:
    name = sql.Identifier(connection.info.dbname)
    connection.execute(sql.SQL("comment on database {} is {}").format(name, sql.Literal(words)))


def let_me_pass(passing: bool = True) -> None:
    """For the process that restores."""
    global _passing
    _passing = passing


def look(connection: Any = None, **kwargs: Any) -> None:
    """For `connection_created`: whoever connects to a closed database gets an error instead."""
    if _passing:
        return
    with connection.connection.cursor() as cursor:
        row = cursor.execute(_ASK).fetchone()
    if row and row[0] == CLOSED:
        connection.close()
        raise OperationalError("This database is closed: a restore has not passed its checks.")
