"""A question to the city stands as it was asked, until the one who asked wants to be forgotten with their words."""

from django.db import migrations

BEFORE = """
create or replace function feedback_followup_once() returns trigger language plpgsql as $$
begin
  -- The question stands as it was asked; the reply is given once; people may be forgotten.
  if (to_jsonb(new) - array[{loose}'asked_by_id', 'replied_by_id', 'replied_at', 'reply', 'reply_de', 'reply_en'])
     = (to_jsonb(old) - array[{loose}'asked_by_id', 'replied_by_id', 'replied_at', 'reply', 'reply_de', 'reply_en'])
     and (new.asked_by_id is null or new.asked_by_id = old.asked_by_id){words}
     and (old.replied_at is null
          or (new.replied_at, new.reply_de, new.reply_en) is not distinct from (old.replied_at, old.reply_de, old.reply_en)
             and (new.replied_by_id is null or new.replied_by_id = old.replied_by_id)) then
    return new;
  end if;
  raise exception 'What was asked and answered in public is not changed.' using errcode = 'check_violation';
end $$;
"""
FORWARD = BEFORE.replace("{loose}", "'question', ").replace(
    "{words}", "\n     and (new.question = old.question or new.question = '–')"
)
BACKWARD = BEFORE.replace("{loose}", "").replace("{words}", "")


class Migration(migrations.Migration):
    dependencies = [("feedback", "0006_what_was_promised_stays")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
