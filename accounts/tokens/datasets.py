"""The room publishes no table."""

from django.utils.translation import gettext_lazy as _

from groundwork.datasets import without

without("tokens", _("Keys to the public interface are private."))
