"""Every change of a proposal that a list counts by leaves a line in the counts, in the same transaction."""

import django.db.models.deletion
from django.db import migrations, models

TRIGGER = """
create function proposals_keep_counts() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' and old.is_public then
    insert into proposals_listcount (process_id, place_id, theme, stage, n)
    values (old.process_id, old.place_id, old.theme, old.stage, -1);
  end if;
  if tg_op <> 'DELETE' and new.is_public then
    insert into proposals_listcount (process_id, place_id, theme, stage, n)
    values (new.process_id, new.place_id, new.theme, new.stage, 1);
  end if;
  return null;
end $$;
create trigger proposals_counts_in after insert on proposals_proposal
  for each row when (new.is_public) execute function proposals_keep_counts();
create trigger proposals_counts_out after delete on proposals_proposal
  for each row when (old.is_public) execute function proposals_keep_counts();
create trigger proposals_counts_move after update of process_id, place_id, theme, stage, is_public on proposals_proposal
  for each row when ((old.process_id, old.place_id, old.theme, old.stage, old.is_public)
    is distinct from (new.process_id, new.place_id, new.theme, new.stage, new.is_public))
  execute function proposals_keep_counts();
insert into proposals_listcount (process_id, place_id, theme, stage, n)
  select process_id, place_id, theme, stage, count(*) from proposals_proposal where is_public group by 1, 2, 3, 4;
"""
BACK = """
drop trigger proposals_counts_in on proposals_proposal;
drop trigger proposals_counts_out on proposals_proposal;
drop trigger proposals_counts_move on proposals_proposal;
drop function proposals_keep_counts();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cocreation", "0001_first_rooms"),
        ("proposals", "0002_copies_cannot_drift"),
    ]

    operations = [
        migrations.CreateModel(
            name="ListCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("theme", models.CharField(max_length=10)),
                ("stage", models.CharField(max_length=14)),
                ("n", models.IntegerField()),
            ],
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(
                condition=models.Q(("is_public", True)),
                fields=["-supports", "-contribution"],
                name="proposals_all_support",
            ),
        ),
        migrations.AddField(
            model_name="listcount",
            name="place",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="cocreation.place",
            ),
        ),
        migrations.AddField(
            model_name="listcount",
            name="process",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="cocreation.process",
            ),
        ),
        migrations.AddIndex(
            model_name="listcount",
            index=models.Index(
                fields=["process", "place", "theme", "stage"], include=("n",), name="proposals_count_cells"
            ),
        ),
        migrations.RunSQL(TRIGGER, BACK),
    ]
