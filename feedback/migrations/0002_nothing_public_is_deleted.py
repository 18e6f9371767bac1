"""The database itself refuses to delete what the city said in public, and to change an answer or a delay afterwards."""

from django.db import migrations

TABLES = ("officialanswer", "commitment", "milestone", "delay")
FIXED = ("officialanswer", "delay")

FORWARD = (
    """
create function feedback_stays() returns trigger language plpgsql as $$
begin
  raise exception 'What the city said in public is not deleted.' using errcode = 'check_violation';
end $$;
create function feedback_fixed() returns trigger language plpgsql as $$
begin
  -- Only the person behind it may be forgotten.
  if (to_jsonb(new) - 'by_id') = (to_jsonb(old) - 'by_id') and new.by_id is null then
    return new;
  end if;
  raise exception 'What the city said in public is not changed; it is said anew.' using errcode = 'check_violation';
end $$;
"""
    + "".join(
        f"create trigger feedback_{table}_stays before delete on feedback_{table}"
        " for each row execute function feedback_stays();\n"
        for table in TABLES
    )
    + "".join(
        f"create trigger feedback_{table}_fixed before update on feedback_{table}"
        " for each row execute function feedback_fixed();\n"
        for table in FIXED
    )
)

BACKWARD = (
    "".join(f"drop trigger feedback_{table}_stays on feedback_{table};" for table in TABLES)
    + "".join(f"drop trigger feedback_{table}_fixed on feedback_{table};" for table in FIXED)
    + "drop function feedback_fixed(); drop function feedback_stays();"
)


class Migration(migrations.Migration):
    dependencies = [("feedback", "0001_first_rooms")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
