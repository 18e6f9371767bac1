"""Addresses of the work with ballots on paper: all of them are for staff."""

from django.urls import path

from proposals.ballots.paperwork.views import batches, people, scans, votes

app_name = "paperwork"

urlpatterns = [
    path("desk/paper/", votes.desk, name="desk"),
    path("desk/paper/<int:vote>/", votes.overview, name="vote"),
    path("desk/paper/<int:vote>/print/", votes.print_ballots, name="print"),
    path("desk/paper/<int:vote>/counting-sheet/<str:lang>/", votes.counting_sheet, name="counting_sheet"),
    path("desk/paper/<int:vote>/finish/", votes.finish, name="finish"),
    path("desk/paper/<int:vote>/person/", people.person, name="person"),
    path("desk/paper/<int:vote>/take-in/", people.take_in, name="take_in"),
    path("desk/paper/<int:vote>/batches/", batches.open_batch, name="open_batch"),
    path("desk/paper/runs/<int:run>/revoke/", votes.revoke, name="revoke"),
    path("desk/paper/batches/<int:batch>/", batches.batch, name="batch"),
    path("desk/paper/batches/<int:batch>/differences/", batches.differences, name="differences"),
    path("desk/paper/batches/<int:batch>/cancel/", batches.cancel, name="cancel"),
    path("desk/paper/batches/<int:batch>/scans/", scans.add, name="add_scan"),
    path("desk/paper/scans/<str:key>/", scans.serve, name="scan"),
    path("desk/paper/scans/<str:key>/remove/", scans.remove, name="remove_scan"),
]
