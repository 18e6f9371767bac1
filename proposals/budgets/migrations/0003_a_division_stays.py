"""The database itself keeps how the money is divided: no version changes or goes once its process was public, no new one
comes when people may already hand in, its shares sum to the cent, and the budget of the process is what was divided."""

from django.db import migrations

FORWARD = """
create function budgets_division_stays() returns trigger language plpgsql as $$
declare
  its_process bigint;
begin
  if tg_table_name = 'budgets_division' then
    its_process := old.process_id;
  else
    select d.process_id into its_process from budgets_division d where d.id = old.division_id;
  end if;
  if tg_op = 'DELETE' and (its_process is null or its_process < 0 or not exists (
      select from cocreation_process p where p.id = its_process and p.published_at is not null)) then
    return old;
  end if;
  raise exception 'How money was divided is not changed; a new version says why.' using errcode = 'check_violation';
end $$;
create trigger budgets_division_stays before update or delete on budgets_division
  for each row execute function budgets_division_stays();
create trigger budgets_division_stays before update or delete on budgets_share
  for each row execute function budgets_division_stays();

create function budgets_division_frozen() returns trigger language plpgsql as $$
begin
  if new.process_id > 0 and (
    exists (select from cocreation_phase p where p.process_id = new.process_id and p.starts <= new.published_at
            and ('propose' = any(p.acts) or p.method = 'ballot'))
    or exists (select from proposals_proposal p where p.process_id = new.process_id and p.is_public)
  ) then
    raise exception 'People hand in already: how the money is divided is fixed.' using errcode = 'check_violation';
  end if;
  if new.number <> 1 + (select count(*) from budgets_division d where d.process_id = new.process_id) then
    raise exception 'Versions are numbered one after the other.' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger budgets_division_frozen before insert on budgets_division
  for each row execute function budgets_division_frozen();

create function budgets_division_adds_up() returns trigger language plpgsql as $$
declare
  newest budgets_division;
  its_process bigint;
begin
  if tg_table_name = 'budgets_envelope' then
    if new.place_id is not null then return null; end if;
    its_process := new.process_id;
  elsif tg_table_name = 'budgets_division' then
    its_process := new.process_id;
  else
    select d.process_id into its_process from budgets_division d where d.id = new.division_id;
  end if;
  select * into newest from budgets_division d where d.process_id = its_process order by d.number desc limit 1;
  if newest.id is null then return null; end if;
  if exists (select from budgets_division d where d.process_id = its_process and d.total - d.common is distinct from
             (select sum(s.amount) from budgets_share s where s.division_id = d.id)) then
    raise exception 'The shares are not the sum that is divided.' using errcode = 'check_violation';
  end if;
  if not exists (select from budgets_envelope e where e.process_id = its_process and e.place_id is null
                 and e.amount = newest.total) then
    raise exception 'The budget is not the sum that is divided.' using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger budgets_division_adds_up after insert on budgets_division
  deferrable initially deferred for each row execute function budgets_division_adds_up();
create constraint trigger budgets_division_adds_up after insert on budgets_share
  deferrable initially deferred for each row execute function budgets_division_adds_up();
create constraint trigger budgets_division_adds_up after insert or update on budgets_envelope
  deferrable initially deferred for each row execute function budgets_division_adds_up();
"""

BACKWARD = """
drop trigger budgets_division_adds_up on budgets_envelope;
drop trigger budgets_division_adds_up on budgets_share;
drop trigger budgets_division_adds_up on budgets_division;
drop function budgets_division_adds_up();
drop trigger budgets_division_frozen on budgets_division;
drop function budgets_division_frozen();
drop trigger budgets_division_stays on budgets_share;
drop trigger budgets_division_stays on budgets_division;
drop function budgets_division_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("budgets", "0002_the_money_is_divided_over_places"),
        ("cocreation", "0014_files_of_contributions"),
        ("proposals", "0013_words_without_accents"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
