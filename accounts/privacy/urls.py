"""Addresses of the privacy desk: what everybody can read about data, and what one asks for about one's own."""

from django.urls import path

from accounts.privacy import public_views, request_views, views

app_name = "privacy"

urlpatterns = [
    path("about/privacy/", public_views.privacy, name="notice"),
    path("privacy/versions/", public_views.versions, name="versions"),
    path("privacy/versions/<int:number>/", public_views.version, name="version"),
    path("me/data/requests/", request_views.mine, name="requests"),
    path("me/data/requests/new/<slug:kind>/", request_views.new, name="request_new"),
    path("me/data/requests/<int:pk>/withdraw/", request_views.withdraw, name="request_withdraw"),
    path("me/data/consents/", views.my_consents, name="consents"),
    path("privacy/register/", public_views.register, name="register"),
    path("privacy/register/register.csv", public_views.register_file, {"form": "csv"}, name="register_csv"),
    path(
        "privacy/register/register.json", public_views.register_file, {"form": "json"}, name="register_json"
    ),
    path("me/data/copy/", views.copy, name="copy"),
    path("me/data/copy/fetch/", views.fetch, name="fetch"),
]
