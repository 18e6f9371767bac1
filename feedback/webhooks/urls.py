from django.urls import path

from feedback.webhooks import views

app_name = "webhooks"

urlpatterns = [
    path("me/programs/addresses/new/", views.new, name="new"),
    path("me/programs/addresses/<int:webhook>/", views.webhook, name="webhook"),
    path("me/programs/addresses/<int:webhook>/test/", views.test, name="test"),
    path("me/programs/addresses/<int:webhook>/switch/", views.switch, name="switch"),
    path("me/programs/addresses/<int:webhook>/secret/", views.secret, name="secret"),
    path("me/programs/addresses/<int:webhook>/remove/", views.remove, name="remove"),
    path("me/programs/addresses/<int:webhook>/messages/<int:delivery>/again/", views.again, name="again"),
]
