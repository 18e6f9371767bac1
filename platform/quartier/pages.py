"""The pages about the city's platform: their names."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from groundwork.answer import Words

# Their texts stand in templates/quartier/about/<page>.<language>.html.
PAGES: dict[str, Words] = {
    "how-it-works": _("The path of a proposal"),
    "who-decides": _("Who decides what"),
    "fair-order": _("The order of proposals"),
    "open-data": _("Open data"),
    "accessibility": _("Accessibility"),
    "simple": _("Easy language"),
    "privacy": _("Privacy"),
    "security": _("Reporting a security hole"),
    "imprint": _("Imprint"),
}
