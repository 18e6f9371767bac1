"""Addresses of web sockets; the ASGI application collects them from every installed room."""

from django.urls import path

from proposals.cowriting.consumers import DraftConsumer

websocket_urlpatterns = [path("ws/drafts/<str:key>/", DraftConsumer.as_asgi())]
