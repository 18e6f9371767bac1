from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("proposals", "0010_what_was_found_before")]

    operations = [
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_at__isnull", True)),
                fields=("proposal", "office"),
                name="proposals_assessment_one_stands",
            ),
        ),
    ]
