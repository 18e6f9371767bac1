from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ballots", "0011_receipts_by_mail")]

    operations = [
        migrations.AddField(
            model_name="vote",
            name="compares",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name="vote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("compares", False),
                    models.Q(
                        ("kind", "approval"),
                        ("rule__in", ("mes_cost", "mes_card", "add1_cost", "add1u_cost")),
                    ),
                    _connector="OR",
                ),
                name="ballots_vote_compares_equal_shares",
            ),
        ),
    ]
