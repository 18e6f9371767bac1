"""Lists read `process` and `is_public` from the proposal itself; the database copies them from the contribution."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("proposals", "0001_first_rooms")]

    operations = [
        migrations.RunSQL(
            """
            alter table proposals_proposal add constraint proposals_proposal_copies
              foreign key (contribution_id, process_id, is_public)
              references cocreation_contribution (id, process_id, is_public)
              on update cascade on delete cascade;
            create index proposals_search on proposals_proposal using gin (search) where is_public;
            """,
            "drop index proposals_search; alter table proposals_proposal drop constraint proposals_proposal_copies;",
        ),
    ]
