"""The room publishes no table."""

from django.utils.translation import gettext_lazy as _

from groundwork.datasets import without

without("webhooks", _("Addresses of people's programs are private; what they are told is public anyway."))
