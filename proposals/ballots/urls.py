"""Addresses of the ballots."""

from django.urls import path

from proposals.ballots import views

app_name = "ballots"

urlpatterns = [
    path("processes/<slug:slug>/ballot/", views.ballot, name="ballot"),
    path("processes/<slug:slug>/ballot/secrecy/", views.secrecy, name="secrecy"),
    path("processes/<slug:slug>/result/", views.result, name="result"),
    path("processes/<slug:slug>/result/count-yourself/", views.recount, name="recount"),
    path("processes/<slug:slug>/result/ballots.csv", views.ballots_file, name="ballots_file"),
    path("processes/<slug:slug>/result/ballots.pb", views.pabulib_file, name="pabulib_file"),
    path("desk/results/", views.to_publish, name="to_publish"),
    path("desk/results/<int:vote>/confirm/", views.confirm_result, name="confirm_result"),
    path("results/votes/", views.results, name="results"),
]
