"""Addresses of the hall. A proposal keeps its address for life."""

from django.urls import path
from django.views.decorators.http import require_safe

from proposals.views import assess, lists, page, propose
from proposals.views.feeds import ProposalFeed

app_name = "proposals"

urlpatterns = [
    path("proposals/", lists.list_all, name="list_all"),
    path("processes/<slug:slug>/proposals/", lists.list_of, name="list"),
    path("processes/<slug:slug>/proposals/feed/", require_safe(ProposalFeed()), name="feed"),
    path("processes/<slug:slug>/propose/", propose.propose, name="propose"),
    path("processes/<slug:slug>/propose/similar/", propose.similar_to, name="similar"),
    path("proposals/<str:receipt>/", page.proposal, name="proposal"),
    path("proposals/<str:receipt>/support/", page.support, name="support"),
    path("proposals/<str:receipt>/support/withdraw/", page.withdraw_support, name="withdraw_support"),
    path("proposals/<str:receipt>/withdraw/", page.withdraw, name="withdraw"),
    path("proposals/<str:receipt>/follow/", page.follow, name="follow"),
    path("proposals/<str:receipt>/unfollow/", page.unfollow, name="unfollow"),
    path("r/<str:receipt>/", page.receipt, name="receipt"),
    path("desk/assess/", assess.queue, name="desk"),
    path("desk/assess/<str:receipt>/", assess.one, name="assess"),
]
