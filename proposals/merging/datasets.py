"""The room publishes no table."""

from django.utils.translation import gettext_lazy as _

from groundwork.datasets import without

without(
    "merging",
    _("Who joins whom is written in the life record of the proposals; talks about it are their own."),
)
