"""The room publishes no table."""

from django.utils.translation import gettext_lazy as _

from groundwork.datasets import without

without("variants", _("Drawings are shown on the pages with their proposals; they are pictures, no tables."))
