"""Authors who have not been told of the outcome of what they wrote: what keeps a process from being closed."""

from __future__ import annotations

from django.db import connection

from cocreation.models import Process
from feedback.closing import untold
from feedback.models import INTERIM


def not_told(process: Process) -> int:
    """Authors of public contributions with an outcome and without a message about it. Who left, and who answered their
    own, waits for nothing. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            select count(distinct i.author_id) from cocreation_contribution i
            join proposals_proposal p on p.contribution_id = i.id
            join accounts_person a on a.id = i.author_id and a.is_active
            where i.process_id = %s and i.is_public
              and exists (select from feedback_officialanswer o where o.contribution_id = i.id
                          and o.status not in {INTERIM!r} and o.by_id is distinct from i.author_id)
              and not exists (select from notices_notice n where n.person_id = i.author_id and n.contribution_id = i.id
                              and n.verb = 'contribution.answered')
            """,  # noqa: S608 - our own constant
            [process.pk],
        )
        (number,) = cursor.fetchone()
    return int(number)


untold.add("notices", not_told)
