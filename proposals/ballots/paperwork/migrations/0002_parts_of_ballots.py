from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("paperwork", "0001_runs_codes_batches_and_scans"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="typed",
            name="paperwork_typed_one_kind",
        ),
        migrations.AddField(
            model_name="batch",
            name="parts",
            field=models.JSONField(blank=True, db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name="typed",
            name="parts",
            field=models.JSONField(blank=True, db_default={}, default=dict),
        ),
        # contract: the list of choices grows, the column stays what it is.
        migrations.AlterField(
            model_name="typed",
            name="category",
            field=models.CharField(
                blank=True,
                choices=[
                    ("too_much", "More projects or more money than there is"),
                    ("unclear", "Not clear what was meant"),
                    ("marked", "With a name or a mark that tells whose it is"),
                    ("foreign", "Not a ballot of this vote"),
                    ("parts", "More parts than one may vote in"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="typed",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("category", ""), ("kind", "valid"), ("positions__len__gt", 0)),
                    models.Q(("category", ""), ("kind", "blank"), ("positions__len", 0)),
                    models.Q(
                        ("category__in", ["too_much", "unclear", "marked", "foreign", "parts"]),
                        ("kind", "invalid"),
                        ("positions__len", 0),
                    ),
                    _connector="OR",
                ),
                name="paperwork_typed_one_kind",
            ),
        ),
    ]
