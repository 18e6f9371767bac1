"""All addresses. Every installed house and room brings its own `urls.py`, so that deleting a room deletes its pages.

Pages carry their language in the address (/de/…, /en/…): no cookie is needed to remember it and every page is cacheable.
"""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.utils.module_loading import module_has_submodule

from quartier import health, views

_houses = [
    path("", include(import_module(f"{app.name}.urls")))
    for app in apps.get_app_configs()
    if app.name.split(".")[0] in {"accounts", "cocreation", "proposals", "feedback"}
    and module_has_submodule(app.module, "urls")
]

# The demo's own pages and the style guide: a city may leave them out.
_extras = [
    path("", include(name)) for name in ("quartier.demo.urls", "quartier.styleguide") if find_spec(name)
]

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("r/<str:receipt>", views.short_receipt, name="short_receipt"),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("search/", views.search, name="search"),
        path("results/", views.results, name="results"),
        path("about/<slug:page>/", views.about, name="about"),
        path("identify/", include("allauth.urls")),
        *_houses,
    ),
    *_extras,
]

handler403 = "quartier.views.forbidden"
handler404 = "quartier.views.not_found"
handler500 = "quartier.views.broken"
