"""A new city begins with the tables of `schema.sql`. That they are those of the migrations is `dev.py schema --check`."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from quartier import schema


def test_the_program_has_every_migration_of_the_file() -> None:
    """Otherwise the file is passed over without a word, and every start takes half a minute longer."""
    contained = set(schema.MIGRATION.findall(schema.FILE.read_text(encoding="utf-8")))
    assert len(contained) > 100
    assert contained <= MigrationLoader(None).disk_migrations.keys()


@pytest.mark.django_db
def test_a_city_that_stands_is_not_made_anew() -> None:
    before = schema.text(connection)
    assert not schema.load(connection)
    assert schema.text(connection) == before


@pytest.mark.django_db
def test_a_file_with_an_unknown_migration_is_passed_over(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(schema, "_is_empty", lambda connection: True)
    file = tmp_path / "schema.sql"
    file.write_text("-- migration accounts 9999_of_another_program\ncreate table nobody_asked_for ();\n")
    assert not schema.load(connection, file)
    assert "nobody_asked_for" not in connection.introspection.table_names()
