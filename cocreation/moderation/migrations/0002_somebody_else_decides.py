"""Whoever made a decision never decides about the appeal against it: the database refuses it, whatever asks."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("moderation", "0001_first_rooms")]

    operations = [
        migrations.RunSQL(
            """
            create function moderation_somebody_else() returns trigger language plpgsql as $$
            begin
              if new.decided_by_id is not null and exists (
                select 1 from moderation_decision d where d.id = new.decision_id and d.by_id = new.decided_by_id
              ) then
                raise exception 'whoever decided first does not decide about the appeal'
                  using errcode = 'check_violation', constraint = 'moderation_appeal_decided_by_another';
              end if;
              return new;
            end $$;
            create trigger moderation_appeal_decided_by_another before insert or update on moderation_appeal
              for each row execute function moderation_somebody_else();
            """,
            "drop trigger moderation_appeal_decided_by_another on moderation_appeal;"
            " drop function moderation_somebody_else();",
        ),
    ]
