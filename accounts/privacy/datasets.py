"""The room publishes no table."""

from django.utils.translation import gettext_lazy as _

from groundwork.datasets import without

without("privacy", _("What somebody asks of the city about their own data is between the two."))
