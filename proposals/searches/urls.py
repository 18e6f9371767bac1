"""Addresses of the room."""

from django.urls import path

from proposals.searches import views

app_name = "searches"

urlpatterns = [
    path("searches/", views.mine, name="mine"),
    path("searches/new/", views.new, name="new"),
    path("searches/<int:search>/rhythm/", views.rhythm, name="rhythm"),
    path("searches/<int:search>/delete/", views.delete, name="delete"),
]
