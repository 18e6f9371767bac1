"""Addresses of the room: messages, mail settings, and the door out of the mails."""

from django.urls import path

from feedback.notices import desk_views as desk
from feedback.notices import views

app_name = "notices"

urlpatterns = [
    path("me/messages/", views.inbox, name="inbox"),
    path("me/messages/read/", views.read, name="read"),
    path("me/mail/", views.mail_settings, name="settings"),
    path("me/mail/limits/", views.limits, name="limits"),
    path("me/mail/thing/", views.thing, name="thing"),
    path("me/mail/follow/", views.follow, name="follow"),
    path("me/mail/again/", views.try_again, name="try_again"),
    path("me/mail/device/", views.device, name="device"),
    path("me/mail/device/forget/", views.forget_device, name="forget_device"),
    path("me/mail/stop/", views.stop, name="stop"),
    path("mail/stop/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("desk/mail/", desk.mails, name="mails"),
    path("desk/mail/preview/<str:verb>/", desk.preview, name="preview"),
    path("desk/newsletters/", desk.newsletters, name="newsletters"),
    path("desk/newsletters/new/", desk.newsletter_new, name="newsletter_new"),
    path("desk/newsletters/<int:pk>/", desk.newsletter, name="newsletter"),
]
