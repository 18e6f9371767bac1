"""Addresses of what one says about oneself, and of who took part."""

from django.urls import path

from feedback.reach import views

app_name = "reach"

urlpatterns = [
    path("me/data/about-me/", views.answers, name="answers"),
    path("me/data/about-me/forget/", views.forget, name="forget"),
    path("desk/reach/", views.desk, name="desk"),
    path("desk/reach/<slug:slug>/", views.desk_process, name="desk_process"),
]
