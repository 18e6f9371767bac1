"""How many would hear of an answer: the question the fan-out asks, counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection

from cocreation.models import Process
from cocreation.news import crowds
from feedback.notices import crowd
from feedback.notices.models import FanOut
from feedback.reaching import hearers
from proposals.models import Proposal

if TYPE_CHECKING:
    from accounts.models import Person

EVERYBODY = 2**31 - 1

_COUNT = """
with heard as (
  select person, min(reason) reason from (
    select c.person, c.reason from unnest(%(targets)s::bigint[]) t (contribution)
    cross join lateral ({of_each}) c (person, reason)
    union all {once}) concerned
  group by person)
select count(*) filter (where h.reason = 0), count(*) filter (where h.reason > 0)
from heard h join accounts_person a on a.id = h.person and a.is_active
where h.person is distinct from %(by)s::bigint
"""


def count(process: Process, targets: Sequence[int], by: Person) -> tuple[int, int]:
    """Authors, and others beside them. Three queries."""
    rooms = [crowd.of_room(each.sql) for each in crowds if "contribution" in each.around]
    each = [crowd.AUTHOR, crowd.SUPPORTERS, crowd.FOLLOWERS, *rooms]
    found = Proposal.objects.filter(pk__in=targets).order_by().values_list("place", "theme").distinct()
    about = {"places": [place for place, _t in found], "themes": [theme for _p, theme in found]}
    places, themes = crowd.whereabouts(FanOut(process_id=process.pk, data=about))
    sql = _COUNT.format(
        of_each=" union all ".join(each).replace("%(contribution)s", "t.contribution"),
        once=" union all ".join([crowd.PROCESS_FOLLOWERS, *crowd.LOCAL]),
    )
    given: dict[str, Any] = {
        "targets": list(targets), "process": process.pk, "places": places, "themes": themes, "last": 0,
        "chunk": EVERYBODY, "by": by.pk, "phase": None, "on": None,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        authors, others = cursor.fetchone()
    return authors, others


hearers.add("notices", count)
