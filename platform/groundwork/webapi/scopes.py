"""What a token may be used for. It never opens more than its person may."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from groundwork.answer import Words

READ, CONTRIBUTE, OFFICE, MODERATE, CONFIGURE = "read", "contribute", "office", "moderate", "configure"
WEBHOOKS, DEFECTS = "webhooks", "defects"
SCOPES: dict[str, Words] = {
    READ: _("Read what you may read"),
    CONTRIBUTE: _("Propose, suggest changes, support and comment in your name"),
    WEBHOOKS: _("Register addresses that are told what happens"),
    DEFECTS: _("Report problems in your name (Open311)"),
    OFFICE: _("Assess, answer and keep promises for your office"),
    MODERATE: _("Decide cases of moderation"),
    CONFIGURE: _("Set up and publish processes"),
}
# Those that only mean something to whoever has a role at the city.
FOR_STAFF = (OFFICE, MODERATE, CONFIGURE)
