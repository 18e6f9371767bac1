from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ballots", "0013_envelopes_with_ballots_of_their_own"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="vote",
            name="ballots_vote_envelopes_stand_alone",
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
                        ("reserves", []),
                        ("rule", "each_envelope"),
                        models.Q(
                            ("paper", ""),
                            models.Q(("envelopes_at_home", False), ("kind", "approval")),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="ballots_vote_envelopes_stand_alone",
            ),
        ),
    ]
