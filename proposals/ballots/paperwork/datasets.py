"""The room publishes no table."""

from django.utils.translation import gettext_lazy as _

from groundwork.datasets import without

without("paperwork", _("A ballot on paper is a ballot like any other: it is in the results."))
