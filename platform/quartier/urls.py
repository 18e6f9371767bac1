"""All addresses. Every installed house and room brings its own `urls.py`, so that deleting a room deletes its pages.

Pages carry their language in the address (/de/…, /en/…): no cookie is needed to remember it and every page is cacheable.
"""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.utils.module_loading import module_has_submodule

from groundwork.addresses import ByShape
from quartier import health, oembed, status, views

_houses = [
    path("", include(import_module(f"{app.name}.urls")))
    for app in apps.get_app_configs()
    if app.name.split(".")[0] in {"accounts", "cocreation", "proposals", "feedback"}
    and module_has_submodule(app.module, "urls")
]

# Addresses for programs carry no language: a room lists them in `plain_urls.py`.
_plain = [
    path("", include(import_module(f"{app.name}.plain_urls")))
    for app in apps.get_app_configs()
    if app.name.split(".")[0] in {"accounts", "cocreation", "proposals", "feedback"}
    and module_has_submodule(app.module, "plain_urls")
]

# The demo's own pages and the style guide: a city may leave them out.
_extras = [
    path("", include(name)) for name in ("quartier.demo.urls", "quartier.styleguide") if find_spec(name)
]

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("api/", include("quartier.api")),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("oembed", oembed.oembed, name="oembed"),
    path("metrics", health.figures_for_prometheus, name="metrics"),
    path("r/<str:receipt>", views.short_receipt, name="short_receipt"),
    *_plain,
    *i18n_patterns(
        path("", views.home, name="home"),
        path("search/", views.search, name="search"),
        path("api/", views.api_guide, name="api_guide"),
        path("results/", views.results, name="results"),
        path("status/", status.page, name="status"),
        path("desk/operation/", status.operation, name="operation"),
        path("identify/", include("allauth.urls")),
        ByShape(_houses),
        # After the houses: a page of theirs may stand among these ("about/privacy/").
        path("about/<slug:page>/", views.about, name="about"),
    ),
    *_extras,
]

handler403 = "quartier.views.forbidden"
handler404 = "quartier.views.not_found"
handler500 = "quartier.views.broken"
