"""Addresses of designs."""

from django.urls import path

from proposals.variants import views

app_name = "variants"

urlpatterns = [
    path("proposals/<str:receipt>/variants/", views.variants, name="variants"),
    path("proposals/<str:receipt>/variants/<int:number>/note/", views.note, name="note"),
    path("proposals/<str:receipt>/variants/<int:number>/prefer/", views.prefer, name="prefer"),
    path("proposals/<str:receipt>/variants/<int:number>/remove/", views.remove, name="remove"),
]
