"""Addresses of suggested changes. Each keeps its address for life."""

from django.urls import path

from proposals.amendments import views

app_name = "amendments"

urlpatterns = [
    path("proposals/<str:receipt>/amend/", views.amend, name="amend"),
    path("proposals/<str:receipt>/amendments/", views.listing, name="list"),
    path("amendments/<str:receipt>/", views.amendment, name="amendment"),
    path("amendments/<str:receipt>/decide/", views.decide, name="decide"),
    path("amendments/<str:receipt>/answer/", views.answer, name="answer"),
    path("amendments/<str:receipt>/withdraw/", views.withdraw, name="withdraw"),
]
