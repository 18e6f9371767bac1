"""Which proposals stay when their author wants them removed, and what else of their words goes with the others."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cocreation.erasing import Keep, keeps, wipers
from proposals.models import Authorship, Proposal, Stage
from proposals.rules import OPEN_TO_CHANGE

GOES = (*OPEN_TO_CHANGE, Stage.ANSWERED, Stage.WITHDRAWN)


def _decided(keys: Collection[int]) -> Collection[int]:
    there = Proposal.objects.filter(pk__in=keys)
    voted = Q(moves__stage=Stage.ON_BALLOT) | ~Q(stage__in=[*GOES, Stage.MERGED])
    return set(there.filter(voted).values_list("pk", flat=True))


def _together(keys: Collection[int]) -> Collection[int]:
    """With two who agreed to be named, or one of several that live on together."""
    there = Proposal.objects.filter(pk__in=keys)
    joined = Q(lives_in__isnull=False) | Q(
        pk__in=Proposal.objects.filter(lives_in__in=keys).values("lives_in")
    )
    found = set(there.filter(joined).values_list("pk", flat=True))
    hands: dict[int, set[int | None]] = {}
    agreed = Authorship.objects.filter(proposal__in=keys, accepted_at__isnull=False, declined_at__isnull=True)
    for proposal, person in agreed.values_list("proposal", "person"):
        hands.setdefault(proposal, set()).add(person)
    return found | {proposal for proposal, people in hands.items() if len(people) > 1}


keeps.add("decided", Keep(_("on a ballot: the result must stay readable"), _decided))
keeps.add("together", Keep(_("written or joined with others"), _together))


def _wipe(keys: Collection[int], at: datetime) -> None:
    """What search keeps of them: the index of each, and words that stand in no proposal any more."""
    with connection.cursor() as cursor:
        cursor.execute("select proposals_index(%s)", [list(keys)])
        cursor.execute(
            "delete from proposals_searchword w using (select process_id, word from proposals_searchword"
            " where process_id in (select process_id from proposals_proposal where contribution_id = any(%s))"
            " group by 1, 2 having sum(n) <= 0) gone where (w.process_id, w.word) = (gone.process_id, gone.word)",
            [list(keys)],
        )


wipers.add("search", _wipe)
