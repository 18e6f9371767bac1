from django.urls import path

from feedback.opendata import views

app_name = "opendata"

urlpatterns = [
    path("data/", views.catalogue, name="catalogue"),
    path("figures/", views.city_figures, name="figures"),
    path("desk/figures/", views.desk_figures, name="desk_figures"),
    path("data/processes/<slug:slug>/", views.process, name="process"),
    path("data/<slug:slug>/", views.dataset, name="dataset"),
]
