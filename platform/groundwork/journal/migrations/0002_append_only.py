"""The database itself refuses to change or delete what was recorded; only the seal may be added, once."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_first_rooms")]

    operations = [
        migrations.RunSQL(
            """
            create function journal_append_only() returns trigger language plpgsql as $$
            begin
              if tg_op = 'UPDATE' and old.seq is null
                 and (to_jsonb(new) - 'seq' - 'hash' - 'xid') = (to_jsonb(old) - 'seq' - 'hash' - 'xid') then
                return new;
              end if;
              raise exception 'The journal is append-only.' using errcode = 'check_violation';
            end $$;
            create trigger journal_append_only before update or delete on journal_entry
              for each row execute function journal_append_only();
            """,
            "drop trigger journal_append_only on journal_entry; drop function journal_append_only();",
        ),
    ]
