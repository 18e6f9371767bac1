"""What was found before: the earlier word of an office gave way to its later one, and its work is done."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("proposals", "0009_offices_work_in_the_open")]

    operations = [
        migrations.RunSQL(
            """
            update proposals_assessment a set replaced_at = later.at, way_on = coalesce(a.way_on, '')
            from (
              select id, lead(at) over (partition by proposal_id, office_id order by at, id) as at from proposals_assessment
            ) later
            where later.id = a.id and later.at is not null;
            update proposals_assessment a set
              reason_code = case when verdict = 'not_feasible' then 'other' else '' end,
              revision = (
                select max(r.number) from proposals_revision r where r.proposal_id = a.proposal_id and r.at <= a.at
              );
            insert into proposals_assignment (
              proposal_id, office_id, at, by_id, done_at, seen_revision, note, batch, ended_batch, content, returned_note,
              correction
            )
            select proposal_id, office_id, at, by_id, at, revision, '', '', '', '{}', '', ''
            from proposals_assessment where replaced_at is null;
            """,
            "delete from proposals_assignment; update proposals_assessment set replaced_at = null, revision = null",
        ),
    ]
