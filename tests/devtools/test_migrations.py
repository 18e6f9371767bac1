"""The linter of migrations lets old and new programs live on one database."""

from __future__ import annotations

import pytest

from devtools import migrations

FILE = """
from django.db import migrations, models
class Migration(migrations.Migration):
    operations = [{}]
"""
SAFE = [
    'migrations.AddField(model_name="idea", name="x", field=models.TextField(null=True))',
    'migrations.AddField(model_name="idea", name="x", field=models.IntegerField(default=0, db_default=0))',
    'migrations.AddField(model_name="idea", name="x", field=models.ManyToManyField(to="a.B"))',
    'migrations.AlterField(model_name="idea", name="x", field=models.TextField(null=True))',
    'migrations.AddIndex(model_name="idea", index=models.Index(fields=["x"], name="x"))',
    'migrations.CreateModel(name="Idea", fields=[("id", models.AutoField(primary_key=True))])',
    'migrations.CreateModel(name="Idea", fields=[]), migrations.AddField(model_name="idea", name="x", field=models.TextField())',
]
UNSAFE = [
    'migrations.RemoveField(model_name="idea", name="x")',
    'migrations.RenameField(model_name="idea", old_name="x", new_name="y")',
    'migrations.DeleteModel(name="Idea")',
    'migrations.RenameModel(old_name="Idea", new_name="Thought")',
    'migrations.AlterField(model_name="idea", name="x", field=models.TextField())',
    'migrations.AddField(model_name="idea", name="x", field=models.TextField())',
    # A default of Django is not one of the database: the old program's insert leaves the column out.
    'migrations.AddField(model_name="idea", name="x", field=models.IntegerField(default=0))',
    'migrations.SeparateDatabaseAndState(database_operations=[migrations.RemoveField(model_name="idea", name="x")])',
]


@pytest.mark.parametrize("operation", SAFE)
def test_what_only_adds_is_let_through(operation):
    assert migrations.of_file(FILE.format(operation)) == []


@pytest.mark.parametrize("operation", UNSAFE)
def test_what_takes_away_or_demands_is_refused_unless_the_file_says_why(operation):
    source = FILE.format(operation)
    ((line, words),) = migrations.of_file(source)
    assert line == 4 and "# contract" in words
    assert migrations.of_file("# contract: nobody reads it since 0.2\n" + source) == []
    assert migrations.of_file("# contract: yes\n" + source) != []  # a reason has more than one word


def test_every_migration_of_the_product_is_safe_or_older_than_the_rule():
    assert migrations.problems() == []
    old = set(migrations.BEFORE.read_text().split())
    assert old <= {path.relative_to(migrations.ROOT).as_posix() for path in migrations.every_migration()}
    # The list only names what needs it: without the list exactly those are found.
    found = {line.split(":")[0] for line in migrations.problems(before=set())}
    assert found == old
