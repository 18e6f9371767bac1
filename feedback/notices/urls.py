"""Addresses of the room: messages, mail settings, and the door out of the mails."""

from django.urls import path

from feedback.notices import views

app_name = "notices"

urlpatterns = [
    path("me/messages/", views.inbox, name="inbox"),
    path("me/messages/read/", views.read, name="read"),
    path("me/mail/", views.mail_settings, name="settings"),
    path("me/mail/stop/", views.stop, name="stop"),
    path("mail/stop/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
