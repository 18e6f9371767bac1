"""A comment reads what lists filter by from itself; the database copies it from its contribution and from its subject."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("conversation", "0001_first_rooms")]

    operations = [
        migrations.RunSQL(
            """
            alter table conversation_comment add constraint conversation_comment_copies
              foreign key (contribution_id, process_id, is_public)
              references cocreation_contribution (id, process_id, is_public)
              on update cascade on delete cascade;
            alter table conversation_comment add constraint conversation_comment_copies_of_subject
              foreign key (on_id, process_id, on_is_public)
              references cocreation_contribution (id, process_id, is_public)
              on update cascade on delete cascade;
            """,
            "alter table conversation_comment drop constraint conversation_comment_copies,"
            " drop constraint conversation_comment_copies_of_subject;",
        ),
    ]
