"""Questions about saved searches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from cocreation.participation import may_follow
from groundwork.answer import Answer, No, Yes
from proposals.searches.models import SavedSearch

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Process

MOST = 30


def may_save(person: Person | None, process: Process | None) -> Answer:
    """Whoever can be told. One query."""
    if person is None:
        return No(_("Please sign in first."), _("Sign in"), "account_login", identify=True)
    if isinstance(answer := may_follow(person), No):
        return answer
    if process is not None and process.is_dry_run:
        return No(_("In a dry run nothing is kept."))
    if SavedSearch.objects.filter(person=person).count() >= MOST:
        return No(_("You keep many searches already. Delete one first."))
    return Yes()
