"""The rule of ties may be a lot: promised at the opening, told with the count."""

from django.db import migrations, models

import proposals.ballots.models


class Migration(migrations.Migration):
    dependencies = [
        ("ballots", "0005_the_board_only_grows"),
        ("cocreation", "0014_files_of_contributions"),
    ]

    operations = [
        migrations.AddField(
            model_name="vote",
            name="lot_promise",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="vote",
            name="lot_seed",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddConstraint(
            model_name="vote",
            constraint=models.CheckConstraint(
                condition=models.Q(("tie_rule", "lot"), ("lot_promise", ""), _connector="XOR"),
                name="ballots_vote_lot_is_promised",
            ),
        ),
        migrations.AddConstraint(
            model_name="vote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("lot_seed", ""),
                    ("lot_promise", proposals.ballots.models.Sha256("lot_seed")),
                    _connector="OR",
                ),
                name="ballots_vote_lot_is_the_promised_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="vote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("counted_at__isnull", False), ("tie_rule", "lot")),
                    ("lot_seed", ""),
                    _connector="XOR",
                ),
                name="ballots_vote_lot_told_with_the_count",
            ),
        ),
    ]
