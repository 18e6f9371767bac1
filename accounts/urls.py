"""Addresses of the accounts house: one's own pages and the public pages of organisations."""

from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("me/", views.me, name="me"),
    path("me/data/", views.data, name="data"),
    path("me/data/export.json", views.export, name="export"),
    path("me/data/close/", views.close, name="close"),
    path("me/verifications/", views.verifications, name="verifications"),
    path("me/organisations/", views.organisations, name="my_organisations"),
    path("organisations/<slug:slug>/", views.organisation, name="organisation"),
    path("organisations/<slug:slug>/join/", views.join, name="join"),
    path("organisations/<slug:slug>/members/<int:pk>/", views.member, name="member"),
]
