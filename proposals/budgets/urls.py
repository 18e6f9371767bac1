"""Addresses of the money."""

from django.urls import path

from proposals.budgets import views

app_name = "budgets"

urlpatterns = [
    path("processes/<slug:slug>/money/", views.divided, name="divided"),
    path("processes/<slug:slug>/money/shares.csv", views.shares_file, name="shares_file"),
]
