"""What whoever looks after an address is told, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cocreation.news import News, Said, news
from feedback.webhooks.models import Webhook


def _switched_off(data: Mapping[str, Any], row: Webhook | None) -> Said:
    name = row.name if row else ""
    short = _("We no longer call the address “%(name)s”") % {"name": name}
    why = (
        _("It answered that nobody is there any more.")
        if row and row.off_why == Webhook.Why.GONE
        else _("It did not take our messages for three days.")
    )
    further = _("Please look what is wrong there. On its page you can switch it on again and send a test.")
    return Said(short, f"{why} {further}")


def _page(data: Mapping[str, Any]) -> str:
    return reverse("webhooks:webhook", args=[data.get("row", 0)])


news.add(
    "webhook.switched_off",
    News("named", _switched_off, rows=lambda keys: Webhook.objects.in_bulk(keys), url=_page),
)
