"""The room publishes no table."""

from django.utils.translation import gettext_lazy as _

from groundwork.datasets import without

without("cowriting", _("A draft is its writers' own until it is published."))
