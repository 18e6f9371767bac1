"""The demo's own pages: the log-ins and the outbox. They exist only where `DEMO` is on."""

from django.urls import path

from quartier.demo import views

app_name = "demo"

urlpatterns = [
    path("demo/", views.start, name="start"),
    path("demo/outbox/", views.outbox_list, name="outbox"),
    path("demo/outbox/<str:identity>/", views.mail, name="mail"),
]
