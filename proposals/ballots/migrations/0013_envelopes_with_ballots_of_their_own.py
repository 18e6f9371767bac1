from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ballots", "0012_equal_shares_held_against_most_votes"),
    ]

    operations = [
        migrations.AddField(
            model_name="vote",
            name="envelopes",
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="vote",
            name="envelopes_at_home",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="vote",
            name="most_envelopes",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="vote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("envelopes", []), ("envelopes_at_home", False), ("most_envelopes__isnull", True)
                    ),
                    models.Q(
                        models.Q(("envelopes", []), _negated=True),
                        models.Q(("kind", "answers"), _negated=True),
                        models.Q(
                            ("most_envelopes__isnull", True), ("most_envelopes__gte", 1), _connector="OR"
                        ),
                        ("compares", False),
                        ("paper", ""),
                        ("reserves", []),
                        ("rule", "each_envelope"),
                    ),
                    _connector="OR",
                ),
                name="ballots_vote_envelopes_stand_alone",
            ),
        ),
    ]
