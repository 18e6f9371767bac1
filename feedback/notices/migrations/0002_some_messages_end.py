from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cocreation", "0014_files_of_contributions"),
        ("notices", "0001_first_rooms"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("until__isnull", False)), fields=["until"], name="notices_until"
            ),
        ),
    ]
