"""The database itself keeps the board: a leaf is opened once, otherwise nothing on it changes or goes. What belongs to a
dry run (a process with a key below zero) may go with it."""

from django.db import migrations

FORWARD = """
create function ballots_board_stays() returns trigger language plpgsql as $$
begin
  if exists (select from cocreation_phase p where p.id = old.vote_id and p.process_id < 0)
     or not exists (select from cocreation_phase p where p.id = old.vote_id) then
    return coalesce(new, old);
  end if;
  if tg_op = 'UPDATE' and tg_table_name = 'ballots_boardleaf' then
    if (to_jsonb(old) ->> 'credential') is null
       and (to_jsonb(new) - 'credential' - 'commitment' - 'nonce' - 'choice')
         = (to_jsonb(old) - 'credential' - 'commitment' - 'nonce' - 'choice') then
      return new;
    end if;
  end if;
  raise exception 'The board of a vote only grows.' using errcode = 'check_violation';
end $$;
create trigger ballots_board_stays before update or delete on ballots_boardleaf
  for each row execute function ballots_board_stays();
create trigger ballots_board_stays before update or delete on ballots_treehead
  for each row execute function ballots_board_stays();
"""

BACKWARD = """
drop trigger ballots_board_stays on ballots_treehead;
drop trigger ballots_board_stays on ballots_boardleaf;
drop function ballots_board_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("ballots", "0004_the_board_of_a_vote")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
