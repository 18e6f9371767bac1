"""Everybody who wrote a proposal is its lead author."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("proposals", "0005_proposals_have_several_hands")]

    operations = [
        migrations.RunSQL(
            """
            insert into proposals_authorship (proposal_id, person_id, organisation_id, role, invited_at, accepted_at)
            select p.contribution_id, c.author_id, c.organisation_id, 'lead', c.created_at, c.created_at
            from proposals_proposal p join cocreation_contribution c on c.id = p.contribution_id
            where c.author_id is not null
            """,
            "delete from proposals_authorship",
        ),
    ]
