from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ballots", "0005_the_board_only_grows"),
    ]

    operations = [
        migrations.AddField(
            model_name="vote",
            name="reminded_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
