"""A suggested change reads what lists filter by from itself; the database copies it from its contribution."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("amendments", "0001_first_rooms")]

    operations = [
        migrations.RunSQL(
            """
            alter table amendments_amendment add constraint amendments_amendment_copies
              foreign key (contribution_id, process_id, is_public)
              references cocreation_contribution (id, process_id, is_public)
              on update cascade on delete cascade;
            """,
            "alter table amendments_amendment drop constraint amendments_amendment_copies;",
        ),
    ]
