"""Addresses of conversations. A comment keeps its address for life."""

from django.urls import path
from django.views.decorators.http import require_safe

from cocreation.conversation import views
from cocreation.conversation.feeds import DebateFeed, ThingFeed

app_name = "conversation"

urlpatterns = [
    path("processes/<slug:slug>/debate/<slug:key>/", views.debate, name="debate"),
    path("processes/<slug:slug>/debate/<slug:key>/feed/", require_safe(DebateFeed()), name="feed"),
    path("processes/<slug:slug>/debate/<slug:key>/summary/", views.summary, name="summary"),
    path("contributions/<str:receipt>/comments/", views.on, name="on"),
    path("contributions/<str:receipt>/comments/feed/", require_safe(ThingFeed()), name="feed_on"),
    path("contributions/<str:receipt>/comments/summary/", views.summary_on, name="summary_on"),
    path("comments/<str:receipt>/", views.comment, name="comment"),
    path("comments/<str:receipt>/reply/", views.reply, name="reply"),
    path("comments/<str:receipt>/edit/", views.edit, name="edit"),
    path("comments/<str:receipt>/withdraw/", views.withdraw, name="withdraw"),
    path("comments/<str:receipt>/helpful/", views.helpful, name="helpful"),
    path("comments/<str:receipt>/pin/", views.pin, name="pin"),
]
