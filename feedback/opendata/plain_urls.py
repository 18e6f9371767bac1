"""Addresses without a language, for programs: they stay as they are."""

from django.urls import path, re_path

from feedback.opendata import views

urlpatterns = [
    re_path(r"^data/catalog\.(?P<form>\w{1,10})$", views.dcat, name="opendata_dcat"),
    path("data/figures.json", views.figures_json, name="opendata_figures"),
    path("data/datapackage.json", views.whole_package, name="opendata_package"),
    path("data/csvw.json", views.whole_csvw, name="opendata_csvw"),
    path("data/package/v1/schema.json", views.package_schema, name="opendata_package_schema"),
    path("data/processes/<slug:slug>/package.zip", views.process_package, name="opendata_process_package"),
    path("data/<slug:slug>/<int:number>/<str:name>", views.file, name="opendata_file"),
    path("data/<slug:slug>/<str:name>", views.newest_file, name="opendata_newest"),
]
