"""Addresses of the house: the board of commitments, and the two queues of the desk."""

from django.urls import path
from django.views.decorators.http import require_safe

from feedback.views import (
    answers,
    asking,
    board,
    desk_answers,
    desk_drafts,
    desk_keeping,
    desk_plans,
    desk_promises,
    desk_winners,
    helping,
    reports,
)
from feedback.views.feeds import CommitmentFeed, ReportFeed

app_name = "feedback"

urlpatterns = [
    path("commitments/", board.commitments, name="commitments"),
    path("commitments/feed/", require_safe(CommitmentFeed()), name="commitments_feed"),
    path("commitments/calendar.ics", board.calendar, name="commitments_calendar"),
    path("answers/", answers.by_office, name="answers"),
    path("answers/<int:pk>/helpful/", answers.helpful, name="helpful"),
    path("answers/<int:pk>/question/", answers.ask, name="ask_back"),
    path("plans/<int:pk>/", answers.plan, name="plan"),
    path("desk/answers/drafts/<int:pk>/", desk_drafts.draft, name="desk_draft"),
    path("desk/answers/many/<slug:slug>/", desk_drafts.many, name="desk_many"),
    path("desk/answers/questions/<int:pk>/", desk_drafts.question, name="desk_question"),
    path("desk/plans/in/<slug:slug>/", desk_plans.plans, name="desk_plans"),
    path("desk/plans/<int:pk>/", desk_plans.plan, name="desk_plan"),
    path("commitments/points/", board.points, name="points"),
    path("commitments/<int:pk>/", board.commitment, name="commitment"),
    path("commitments/<int:pk>/works/", board.works, name="works"),
    path("commitments/<int:pk>/ask/", asking.poster_ask, name="poster_ask"),
    path("commitments/<int:pk>/poster.pdf", asking.poster, name="poster"),
    path("commitments/<int:pk>/tasks/<int:task>/take/", helping.take_on, name="take_on"),
    path("commitments/<int:pk>/tasks/<int:task>/back/", helping.take_back, name="take_back"),
    path("commitments/<int:pk>/tasks/<int:task>/done/", helping.done, name="task_done"),
    path("works/<str:token>/", asking.ask, name="ask"),
    path("evaluations/feed/", require_safe(ReportFeed()), name="reports_feed"),
    path("evaluations/", reports.all_reports, name="reports"),
    path("processes/<slug:slug>/report/", reports.report, name="report"),
    path("processes/<slug:slug>/report.pdf", reports.report_pdf, name="report_pdf"),
    path("desk/answers/", desk_answers.answers, name="desk_answers"),
    path("desk/answers/<str:receipt>/", desk_answers.answer, name="desk_answer"),
    path("desk/commitments/", desk_promises.commitments, name="desk_commitments"),
    path("desk/commitments/<int:pk>/", desk_promises.commitment, name="desk_commitment"),
    path("desk/commitments/<int:pk>/start/", desk_promises.start, name="desk_start"),
    path("desk/commitments/<int:pk>/steps/<int:step>/done/", desk_promises.step_done, name="desk_step_done"),
    path("desk/commitments/<int:pk>/delay/", desk_promises.delay, name="desk_delay"),
    path("desk/commitments/<int:pk>/deliver/", desk_promises.deliver, name="desk_deliver"),
    path("desk/commitments/<int:pk>/evaluate/", desk_promises.evaluate, name="desk_evaluate"),
    path("desk/commitments/<int:pk>/news/", desk_keeping.update, name="desk_update"),
    path("desk/commitments/<int:pk>/spend/", desk_keeping.spend, name="desk_spend"),
    path("desk/commitments/<int:pk>/give-up/", desk_keeping.give_up, name="desk_give_up"),
    path("desk/commitments/<int:pk>/hand-over/", desk_keeping.hand_over, name="desk_hand_over"),
    path("desk/commitments/<int:pk>/tasks/", desk_keeping.offer_task, name="desk_offer_task"),
    path(
        "desk/commitments/<int:pk>/tasks/<int:task>/close/", desk_keeping.close_task, name="desk_close_task"
    ),
    path("desk/commitments/<int:pk>/again/", desk_keeping.reopen, name="desk_reopen"),
    path("desk/winners/<slug:slug>/", desk_winners.winners, name="desk_winners"),
    path("desk/reports/", reports.desk_reports, name="desk_reports"),
    path("desk/reports/<slug:slug>/", reports.desk_report, name="desk_report"),
]
