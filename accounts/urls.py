"""Addresses of the accounts house: one's own pages and the public pages of organisations."""

from django.urls import path

from accounts import guest_views, views, younger_views

app_name = "accounts"

urlpatterns = [
    path("me/", views.me, name="me"),
    path("me/data/", views.data, name="data"),
    path("me/data/close/", views.close, name="close"),
    path("me/verifications/", views.verifications, name="verifications"),
    path("me/organisations/", views.organisations, name="my_organisations"),
    path("account/guest/", guest_views.guest, name="guest"),
    path("account/finished/", guest_views.finished, name="finished"),
    path("account/claim/code/", guest_views.claim_code, name="claim_code"),
    path("account/younger/", younger_views.younger, name="younger"),
    path("account/younger/guardian/", younger_views.guardian, name="guardian"),
    path("account/younger/guardian/code/", younger_views.guardian_code, name="guardian_code"),
    path("account/guardian/<str:token>/", younger_views.guardian_consent, name="guardian_consent"),
    path("organisations/<slug:slug>/", views.organisation, name="organisation"),
    path("organisations/<slug:slug>/join/", views.join, name="join"),
    path("organisations/<slug:slug>/members/<int:pk>/", views.member, name="member"),
]
