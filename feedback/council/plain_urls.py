"""Addresses without a language, for programs: they stay as they are."""

from django.urls import path

from feedback.council import views

urlpatterns = [
    path("oparl/v1.1/system", views.system, name="oparl_system"),
    path("oparl/v1.1/bodies", views.bodies, name="oparl_bodies"),
    path("oparl/v1.1/body", views.body, name="oparl_body"),
    path("oparl/v1.1/papers", views.papers, name="oparl_papers"),
    path("oparl/v1.1/papers/<int:vote>", views.paper, name="oparl_paper"),
    path("oparl/v1.1/<slug:kind>", views.nothing, name="oparl_nothing"),
]
