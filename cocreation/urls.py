"""Addresses of the hall: processes, kept acts, the desk and the studio."""

from django.urls import path

from cocreation.views import desk, moderation, processes, studio, waiting

app_name = "cocreation"

urlpatterns = [
    path("processes/", processes.index, name="processes"),
    path("processes/<slug:slug>/", processes.process, name="process"),
    path("processes/<slug:slug>/calendar.ics", processes.calendar, name="calendar"),
    path("processes/<slug:slug>/follow/", processes.follow, name="follow"),
    path("waiting/<str:token>/", waiting.waiting, name="waiting"),
    path("contributions/<str:receipt>/hide/", moderation.hide, name="hide"),
    path("contributions/<str:receipt>/restore/", moderation.restore, name="restore"),
    path("desk/", desk.start, name="desk"),
    path("desk/second-factor/", desk.second_factor, name="second_factor"),
    path("desk/hidden/", moderation.hidden, name="hidden"),
    path("desk/verify/", desk.verify, name="verify"),
    path("desk/organisations/", desk.organisations, name="organisations"),
    path("studio/", studio.index, name="studio"),
    path("studio/new/", studio.new, name="studio_new"),
    path("studio/<slug:slug>/", studio.overview, name="studio_process"),
    path("studio/<slug:slug>/texts/", studio.texts, name="studio_texts"),
    path("studio/<slug:slug>/phases/<slug:key>/", studio.phase, name="studio_phase"),
    path("studio/<slug:slug>/sections/<slug:section>/", studio.section, name="studio_section"),
    path("studio/<slug:slug>/publish/", studio.publish, name="studio_publish"),
]
