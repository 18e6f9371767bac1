"""Which contributions stay when their author wants them removed: the city promised something because of them."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from cocreation.erasing import Keep, keeps
from cocreation.models import Contribution
from feedback.life import UPDATE
from feedback.models import Commitment


def _promised(keys: Collection[int]) -> Collection[int]:
    promised = Commitment.objects.filter(contribution__in=keys).values_list("contribution", flat=True)
    news = Contribution.objects.filter(pk__in=keys, kind=UPDATE).values_list("pk", flat=True)
    return {key for key in promised if key} | set(news)


keeps.add("promised", Keep(_("a reason for a promise of the city"), _promised))
