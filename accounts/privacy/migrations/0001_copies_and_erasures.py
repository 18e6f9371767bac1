"""Copies of what the city holds about somebody, and erasures."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("person_key", models.BigIntegerField()),
                ("mark", models.CharField(max_length=64)),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("anonymise", "Keep what I wrote, without my name"),
                            ("remove", "Remove what I wrote as well"),
                        ],
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("needles", models.JSONField(default=list)),
                (
                    "things",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("found", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "erasure",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("done_at__isnull", True),
                            models.Q(("needles", []), ("things", [])),
                            _connector="OR",
                        ),
                        name="privacy_erasure_done_knows_nothing",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("ready_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("over_at", models.DateTimeField(null=True)),
                ("fetched_at", models.DateTimeField(null=True)),
                ("file", models.CharField(blank=True, max_length=60)),
                ("size", models.PositiveBigIntegerField(default=0)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exports",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "copy of my data",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("over_at__isnull", True)),
                        fields=("person",),
                        name="privacy_export_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ready_at__isnull", True), ("expires_at__isnull", False), _connector="OR"
                        ),
                        name="privacy_export_ready_expires",
                    ),
                ],
            },
        ),
    ]
