"""What an invented office said in a dry run was not said in public: it may move in time with it, and go with it."""

from django.db import migrations

FORWARD = """
create or replace function feedback_stays() returns trigger language plpgsql as $$
declare
  owner bigint := (to_jsonb(old) ->> 'process_id')::bigint;
begin
  if owner is null then
    select process_id into owner from feedback_commitment where id = (to_jsonb(old) ->> 'commitment_id')::bigint;
  end if;
  if owner < 0 then
    return old;
  end if;
  raise exception 'What the city said in public is not deleted.' using errcode = 'check_violation';
end $$;
create or replace function feedback_fixed() returns trigger language plpgsql as $$
begin
  -- Only the person behind it may be forgotten.
  if (to_jsonb(new) - 'by_id') = (to_jsonb(old) - 'by_id') and new.by_id is null then
    return new;
  end if;
  if (to_jsonb(old) ->> 'process_id')::bigint < 0 and (to_jsonb(new) ->> 'process_id')::bigint < 0 then
    return new;
  end if;
  raise exception 'What the city said in public is not changed; it is said anew.' using errcode = 'check_violation';
end $$;
"""

BACKWARD = """
create or replace function feedback_stays() returns trigger language plpgsql as $$
begin
  raise exception 'What the city said in public is not deleted.' using errcode = 'check_violation';
end $$;
create or replace function feedback_fixed() returns trigger language plpgsql as $$
begin
  -- Only the person behind it may be forgotten.
  if (to_jsonb(new) - 'by_id') = (to_jsonb(old) - 'by_id') and new.by_id is null then
    return new;
  end if;
  raise exception 'What the city said in public is not changed; it is said anew.' using errcode = 'check_violation';
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("feedback", "0002_nothing_public_is_deleted")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
