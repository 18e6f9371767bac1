import django.contrib.postgres.fields
from django.db import migrations, models

import proposals.ballots.models


class Migration(migrations.Migration):
    dependencies = [
        ("ballots", "0007_a_vote_reminds_once"),
        ("cocreation", "0014_files_of_contributions"),
    ]

    operations = [
        migrations.AddField(
            model_name="castballot",
            name="points",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.IntegerField(), null=True, size=None
            ),
        ),
        migrations.AddField(
            model_name="vote",
            name="kind",
            field=models.CharField(
                choices=[
                    ("approval", "Choose projects"),
                    ("points", "Share out points"),
                    ("ranking", "Put projects in order"),
                ],
                default="approval",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="vote",
            name="most_points",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="vote",
            name="points",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="vote",
            name="within_budget",
            field=models.BooleanField(default=True),
        ),
        migrations.AlterField(
            model_name="boardleaf",
            name="choice",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=70), null=True, size=None
            ),
        ),
        migrations.AddConstraint(
            model_name="castballot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("points__isnull", True),
                    proposals.ballots.models.AsLong("points", "choice"),
                    _connector="OR",
                ),
                name="ballots_cast_points_for_each",
            ),
        ),
        migrations.AddConstraint(
            model_name="vote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "approval"),
                    models.Q(("kind__in", ["points", "ranking"]), ("within_budget", False)),
                    _connector="OR",
                ),
                name="ballots_vote_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="vote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "points"), ("points__gte", 1), ("points__isnull", False)),
                    models.Q(models.Q(("kind", "points"), _negated=True), ("points__isnull", True)),
                    _connector="OR",
                ),
                name="ballots_vote_points_with_their_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="vote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("most_points__isnull", True),
                    models.Q(
                        ("most_points__gte", 1),
                        ("most_points__lte", models.F("points")),
                        ("points__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="ballots_vote_most_points_within_points",
            ),
        ),
    ]
