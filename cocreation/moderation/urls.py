"""Addresses of moderation: rules and the log are public, a report needs no account, a statement is its author's."""

from django.urls import path
from django.views.decorators.http import require_safe

from cocreation.moderation.feeds import LogFeed
from cocreation.moderation.views import desk, public

app_name = "moderation"

urlpatterns = [
    path("processes/<slug:slug>/rules/", public.rules_page, name="rules"),
    path("processes/<slug:slug>/moderation/", public.log, name="process_log"),
    path("processes/<slug:slug>/moderation/log.csv", public.log_csv, name="process_log_csv"),
    path("moderation/", public.log, name="log"),
    path("processes/<slug:slug>/moderation/feed/", require_safe(LogFeed()), name="process_log_feed"),
    path("moderation/feed/", require_safe(LogFeed()), name="log_feed"),
    path("moderation/log.csv", public.log_csv, name="log_csv"),
    path("report/<str:receipt>/", public.report, name="report"),
    path("reports/", public.mine, name="mine"),
    path("reports/<str:token>/", public.reported, name="reported"),
    path("decisions/number/<int:decision>/", public.statement_of, name="statement_of"),
    path("decisions/<str:token>/", public.statement, name="statement"),
    path("decisions/<str:token>/change/", public.change, name="change"),
    path("desk/moderation/", desk.queue, name="queue"),
    path("desk/moderation/many/", desk.many, name="many"),
    path("desk/moderation/appeals/", desk.appeals, name="appeals"),
    path("desk/moderation/appeals/<int:appeal>/", desk.appeal, name="appeal"),
    path("desk/moderation/undo/<uuid:batch>/", desk.undo, name="undo"),
    path("desk/moderation/<int:case>/", desk.case, name="case"),
    path("desk/moderation/<int:case>/claim/", desk.claim, name="claim"),
    path("desk/moderation/<int:case>/note/", desk.note, name="note"),
    path("desk/moderation/<int:case>/again/", desk.again, name="again"),
]
