"""The room publishes no table: the council's own server does."""

from django.utils.translation import gettext_lazy as _

from groundwork.datasets import without

without("council", _("Papers and meetings of the council are published by the council's own server."))
