"""Sentences that stand in more than one place."""

from django.utils.translation import gettext_lazy as _

from groundwork.datasets import INTERNAL, ON_REQUEST, OPEN

ABOUT = _(
    "What people proposed, what offices found, what was decided and what became of it, as tables for everybody."
)
TIERS = {OPEN: _("open"), ON_REQUEST: _("on request"), INTERNAL: _("for the administration only")}
