from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ballots", "0006_a_lot_decides_ties"),
    ]

    operations = [
        migrations.AddField(
            model_name="vote",
            name="reminded_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
