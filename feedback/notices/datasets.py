"""The room publishes no table."""

from django.utils.translation import gettext_lazy as _

from groundwork.datasets import without

without("notices", _("Messages are between the city and one person."))
