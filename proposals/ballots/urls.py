"""Addresses of the ballots."""

from django.urls import path

from proposals.ballots import board_views, practice_views, views

app_name = "ballots"

urlpatterns = [
    path("processes/<slug:slug>/ballot/", views.ballot, name="ballot"),
    path("processes/<slug:slug>/ballot/practice/", practice_views.practice, name="practice"),
    path("processes/<slug:slug>/ballot/secrecy/", views.secrecy, name="secrecy"),
    path("processes/<slug:slug>/ballot/receipt/", board_views.receipt, name="receipt"),
    path("processes/<slug:slug>/ballot/receipt/mail/", board_views.receipt_mail, name="receipt_mail"),
    path("processes/<slug:slug>/board/", board_views.board, name="board"),
    path("processes/<slug:slug>/board/board.json", board_views.board_file, name="board_file"),
    path("processes/<slug:slug>/board/heads.json", board_views.heads_file, name="heads_file"),
    path("processes/<slug:slug>/board/proof.json", board_views.proof, name="proof"),
    path("results/verify.py", board_views.program, name="verify_program"),
    path("processes/<slug:slug>/result/", views.result, name="result"),
    path("processes/<slug:slug>/result/count-yourself/", views.recount, name="recount"),
    path("processes/<slug:slug>/result/ballots.csv", views.ballots_file, name="ballots_file"),
    path("processes/<slug:slug>/result/ballots.json", views.ballots_json, name="ballots_json"),
    path("processes/<slug:slug>/result/ballots.pb", views.pabulib_file, name="pabulib_file"),
    path("desk/results/", views.to_publish, name="to_publish"),
    path("desk/results/<int:vote>/confirm/", views.confirm_result, name="confirm_result"),
    path("desk/results/<int:vote>/destroy-keys/", board_views.destroy_keys, name="destroy_keys"),
    path("results/votes/", views.results, name="results"),
]
