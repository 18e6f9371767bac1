"""What was promised, paid, handed over or given up is not rewritten; dates and offices move only with their public entry."""

# ruff: noqa: S608 - our own names
from django.db import migrations

STAY = (
    "update",
    "spending",
    "handover",
    "ending",
    "reopening",
    "task",
    "release",
    "evaluationreport",
    "posteranswer",
)
FIXED = ("update", "spending", "handover", "ending", "reopening", "release", "evaluationreport")

FORWARD = (
    # What stood as "spent so far" becomes the first entry of its list.
    """
insert into feedback_spending (commitment_id, day, amount, what_for, what_for_de, what_for_en, at)
select id, (moved_at at time zone 'Europe/Berlin')::date, spent, 'Stand bisher', 'Stand bisher', 'Spent so far', moved_at
from feedback_commitment where spent > 0;
update feedback_commitment set opinions_count = works_yes + works_partly + works_no;
update feedback_commitment set works_yes = 0, works_partly = 0, works_no = 0 where opinions_count < 10;
"""
    + "".join(
        f"create trigger feedback_{table}_stays before delete on feedback_{table}"
        " for each row execute function feedback_stays();\n"
        for table in STAY
    )
    + "".join(
        f"create trigger feedback_{table}_fixed before update on feedback_{table}"
        " for each row execute function feedback_fixed();\n"
        for table in FIXED
    )
    + """
create function feedback_promise_stands() returns trigger language plpgsql as $$
begin
  if old.process_id < 0 then
    return new;
  end if;
  if row(new.process_id, new.contribution_id, new.first_due, new.promised_at, new.title_de)
       is distinct from row(old.process_id, old.contribution_id, old.first_due, old.promised_at, old.title_de)
     or (coalesce(old.title_en, '') <> '' and new.title_en is distinct from old.title_en)
     or (old.budget is not null and new.budget is distinct from old.budget)
     or (old.started_at is not null and new.started_at is distinct from old.started_at)
     or (old.delivered_at is not null and new.delivered_at is distinct from old.delivered_at)
     or (old.evaluated_at is not null and new.evaluated_at is distinct from old.evaluated_at)
     or (old.given_up_at is not null and new.given_up_at is distinct from old.given_up_at) then
    raise exception 'What the city promised is not rewritten.' using errcode = 'check_violation';
  end if;
  if new.due <> old.due and not exists (
       select from feedback_delay d where d.commitment_id = old.id and d.old_due = old.due and d.new_due = new.due) then
    raise exception 'A date moves with its public reason only.' using errcode = 'check_violation';
  end if;
  if new.office_id <> old.office_id and not exists (
       select from feedback_handover h where h.commitment_id = old.id
       and h.old_office_id = old.office_id and h.new_office_id = new.office_id) then
    raise exception 'An office hands a promise over with its public reason only.' using errcode = 'check_violation';
  end if;
  if old.given_up_at is null and new.given_up_at is not null and not exists (
       select from feedback_ending e where e.commitment_id = old.id) then
    raise exception 'A promise is given up with its public reason only.' using errcode = 'check_violation';
  end if;
  if new.spent <> old.spent and new.spent <> (
       select coalesce(sum(s.amount), 0) from feedback_spending s where s.commitment_id = old.id) then
    raise exception 'What was spent is the sum of its entries.' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger feedback_commitment_stands before update on feedback_commitment
  for each row execute function feedback_promise_stands();
"""
)

BACKWARD = (
    "drop trigger feedback_commitment_stands on feedback_commitment; drop function feedback_promise_stands();"
    + "".join(f"drop trigger feedback_{table}_stays on feedback_{table};" for table in STAY)
    + "".join(f"drop trigger feedback_{table}_fixed on feedback_{table};" for table in FIXED)
)


class Migration(migrations.Migration):
    dependencies = [("feedback", "0005_promises_on_their_way")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
