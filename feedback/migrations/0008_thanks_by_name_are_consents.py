"""Who agreed to be thanked by name before the ledger of consents began stands in it, too."""

from django.db import migrations

BEFORE = """
insert into privacy_consenttext (digest, purpose, language, text)
select encode(sha256('before:named'), 'hex'), 'named', '',
       'Auf der Seite eingewilligt, bevor es diese Liste gab. / Agreed on the page, before this list began.'
where exists (select from feedback_pledge p where p.is_named and p.withdrawn_at is null and p.person_id is not null);
insert into privacy_consent (person_id, purpose, thing, is_given, text_id, channel, at)
select p.person_id, 'named', p.id::text, true, encode(sha256('before:named'), 'hex'), 'imported', p.at
from feedback_pledge p where p.is_named and p.withdrawn_at is null and p.person_id is not null;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0007_a_question_may_be_erased"),
        ("privacy", "0002_what_people_agreed_to"),
    ]

    operations = [migrations.RunSQL(BEFORE, migrations.RunSQL.noop)]
