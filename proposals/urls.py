"""Addresses of the hall. A proposal keeps its address for life."""

from django.urls import path
from django.views.decorators.http import require_safe

from cocreation.views import record
from proposals.views import (
    assess,
    authors,
    clarify,
    distribute,
    embeds,
    lists,
    maps,
    ordered,
    page,
    propose,
    results,
    sheet,
    tables,
    versions,
)
from proposals.views.feeds import AllProposalsFeed, ProposalFeed

app_name = "proposals"

urlpatterns = [
    path("proposals/", lists.list_all, name="list_all"),
    path("processes/<slug:slug>/proposals/", lists.list_of, name="list"),
    path("processes/<slug:slug>/proposals/feed/", require_safe(ProposalFeed()), name="feed"),
    path("processes/<slug:slug>/propose/", propose.propose, name="propose"),
    path("processes/<slug:slug>/propose/similar/", propose.similar_to, name="similar"),
    path("proposals/feed/", require_safe(AllProposalsFeed()), name="feed_all"),
    path("proposals/map.geojson", maps.geojson_all, name="geojson_all"),
    path("proposals/table.csv", tables.csv_all, name="csv_all"),
    path("how-lists-are-ordered/", ordered.how, name="how_ordered"),
    path("processes/<slug:slug>/proposals.geojson", maps.geojson, name="geojson"),
    path("processes/<slug:slug>/proposals.csv", tables.csv, name="csv"),
    path("processes/<slug:slug>/proposals/export/", tables.export_all, name="export"),
    path("lists/<int:pk>/", tables.list_file, name="list_file"),
    path("lists/<int:pk>/file/", tables.list_download, name="list_download"),
    path("proposals/<str:receipt>/", page.proposal, name="proposal"),
    path("proposals/<str:receipt>/embed/", embeds.proposal_embed, name="proposal_embed"),
    path("proposals/<str:receipt>/support/", page.support, name="support"),
    path("proposals/<str:receipt>/support/withdraw/", page.withdraw_support, name="withdraw_support"),
    path("proposals/<str:receipt>/withdraw/", page.withdraw, name="withdraw"),
    path("proposals/<str:receipt>/follow/", page.follow, name="follow"),
    path("proposals/<str:receipt>/unfollow/", page.unfollow, name="unfollow"),
    path("proposals/<str:receipt>/support/renew/", page.renew_support, name="renew_support"),
    path("proposals/<str:receipt>/versions/", versions.versions, name="versions"),
    path("proposals/<str:receipt>/versions/<int:version>/", versions.version, name="version"),
    path("proposals/<str:receipt>/versions/<int:version>/restore/", versions.restore, name="restore"),
    path("proposals/<str:receipt>/edit/", versions.edit, name="edit"),
    path("proposals/<str:receipt>/edit/draft/", versions.draft, name="edit_draft"),
    path("proposals/<str:receipt>/authors/", authors.authors, name="authors"),
    path("proposals/<str:receipt>/authors/invitation/", authors.invitation, name="invitation"),
    path("proposals/<str:receipt>/authors/take-over/", authors.take_over, name="take_over"),
    path("proposals/<str:receipt>/authors/take-over/<int:offer>/", authors.decide, name="take_over_decide"),
    path("proposals/<str:receipt>/authors/<int:hand>/<slug:step>/", authors.step, name="author_step"),
    path("authors/invited/<str:code>/", authors.invitation_link, name="invitation_link"),
    path("processes/<slug:slug>/assessments/", results.assessments, name="assessments"),
    path("proposals/<str:receipt>/questions/<int:pk>/", clarify.answer, name="answer_office"),
    path("proposals/<str:receipt>/hands/", page.seek_coauthors, name="seek_coauthors"),
    # The life record of the hall, as proposals call it.
    path("r/<str:receipt>/", record.receipt, name="receipt"),
    path("desk/assess/", assess.queue, name="desk"),
    path("desk/assess/sheet/", sheet.take_in, name="sheet"),
    path("desk/assess/sheet/export/", sheet.export, name="sheet_export"),
    path("desk/assess/distribute/<slug:slug>/", distribute.distribute, name="distribute"),
    path("desk/assess/<str:receipt>/draft/", assess.draft, name="assess_draft"),
    path("desk/assess/<str:receipt>/", assess.one, name="assess"),
]
