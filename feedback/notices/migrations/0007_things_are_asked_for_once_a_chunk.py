"""A notice still points at what exists. Foreign keys ask three questions for every row, and thousands of rows of one
statement name the same process and contribution: triggers ask once a statement, with the locks a foreign key takes."""

# ruff: noqa: S608 - the names are our own constants

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

THINGS = {
    "contribution": "cocreation_contribution",
    "person": "accounts_person",
    "process": "cocreation_process",
}

FORWARD = (
    "\n".join(
        f"""
create function notices_{thing}_there(named bigint[]) returns void language plpgsql as $$
declare
  n bigint;
begin
  perform 1 from {table} t where t.id = any(named) order by t.id for key share;
  get diagnostics n = row_count;
  if n < cardinality(named) then
    raise exception 'A notice is about a {thing} that exists.' using errcode = 'foreign_key_violation';
  end if;
end $$;
create function notices_{thing}_told() returns trigger language plpgsql as $$
begin
  if exists (select from notices_notice n where n.{thing}_id = old.id) then
    raise exception 'A {thing} does not go before the notices about it.' using errcode = 'foreign_key_violation';
  end if;
  return null;
end $$;
create constraint trigger notices_{thing}_told after delete on {table}
  deferrable initially deferred for each row execute function notices_{thing}_told();
create constraint trigger notices_{thing}_moved after update of id on {table}
  deferrable initially deferred for each row when (old.id <> new.id) execute function notices_{thing}_told();
"""
        for thing, table in THINGS.items()
    )
    + """
create function notices_about_told() returns trigger language plpgsql as $$
begin
  perform notices_contribution_there(array_agg(distinct contribution_id) filter (where contribution_id is not null)),
          notices_person_there(array_agg(distinct person_id)),
          notices_process_there(array_agg(distinct process_id) filter (where process_id is not null)) from told;
  return null;
end $$;
create trigger notices_about_told after insert on notices_notice referencing new table as told
  for each statement execute function notices_about_told();
create function notices_about_moved() returns trigger language plpgsql as $$
begin
  perform notices_contribution_there(array_remove(array[new.contribution_id], null)),
          notices_person_there(array[new.person_id]),
          notices_process_there(array_remove(array[new.process_id], null));
  return null;
end $$;
create trigger notices_about_moved after update of contribution_id, person_id, process_id on notices_notice
  for each row when ((old.contribution_id, old.person_id, old.process_id)
    is distinct from (new.contribution_id, new.person_id, new.process_id))
  execute function notices_about_moved();
"""
)

BACKWARD = """
drop trigger notices_about_moved on notices_notice;
drop trigger notices_about_told on notices_notice;
drop function notices_about_moved();
drop function notices_about_told();
""" + "\n".join(
    f"""
drop trigger notices_{thing}_moved on {table};
drop trigger notices_{thing}_told on {table};
drop function notices_{thing}_told();
drop function notices_{thing}_there(bigint[]);
"""
    for thing, table in THINGS.items()
)


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0006_fewer_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    # contract: foreign keys go, and triggers made in the same transaction hold what they held; no column changes.
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.AlterField(
            model_name="notice",
            name="contribution",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="cocreation.contribution",
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notices",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="process",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="cocreation.process",
            ),
        ),
    ]
