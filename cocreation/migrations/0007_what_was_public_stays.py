"""The database itself refuses to delete a process that was public, and to rewrite the records of its changes."""

from django.db import migrations

FORWARD = """
create function cocreation_process_stays() returns trigger language plpgsql as $$
begin
  if old.published_at is not null then
    raise exception 'A process that was public is not deleted; it is put into the archive.' using errcode = 'check_violation';
  end if;
  return old;
end $$;
create trigger cocreation_process_stays before delete on cocreation_process
  for each row execute function cocreation_process_stays();

create function cocreation_record_fixed() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    -- Only the person behind it may be forgotten.
    if (to_jsonb(new) - 'by_id') = (to_jsonb(old) - 'by_id') and new.by_id is null then
      return new;
    end if;
    raise exception 'What was recorded is not changed.' using errcode = 'check_violation';
  end if;
  -- The history of a draft goes with the draft, and only with it.
  if exists (select 1 from cocreation_process p where p.id = old.process_id and p.published_at is not null) then
    raise exception 'What was recorded is not deleted.' using errcode = 'check_violation';
  end if;
  return old;
end $$;
create trigger cocreation_changerecord_fixed before update or delete on cocreation_changerecord
  for each row execute function cocreation_record_fixed();
create trigger cocreation_configchange_fixed before update or delete on cocreation_configchange
  for each row execute function cocreation_record_fixed();
"""

BACKWARD = """
drop trigger cocreation_changerecord_fixed on cocreation_changerecord;
drop trigger cocreation_configchange_fixed on cocreation_configchange;
drop function cocreation_record_fixed();
drop trigger cocreation_process_stays on cocreation_process;
drop function cocreation_process_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("cocreation", "0006_what_guards_a_process")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
