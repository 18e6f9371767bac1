"""What lists filter reports by is copied from their contribution by the database."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("defects", "0001_problems_people_report")]

    operations = [
        migrations.RunSQL(
            """
            alter table defects_defect add constraint defects_defect_copies
              foreign key (contribution_id, process_id, is_public)
              references cocreation_contribution (id, process_id, is_public)
              on update cascade on delete cascade;
            """,
            "alter table defects_defect drop constraint defects_defect_copies;",
        ),
    ]
