"""Addresses of the house: the board of commitments, and the two queues of the desk."""

from django.urls import path
from django.views.decorators.http import require_safe

from feedback.feeds import CommitmentFeed
from feedback.views import answers, board, desk_answers, desk_drafts, desk_plans, desk_promises

app_name = "feedback"

urlpatterns = [
    path("commitments/", board.commitments, name="commitments"),
    path("commitments/feed/", require_safe(CommitmentFeed()), name="commitments_feed"),
    path("commitments/calendar.ics", board.calendar, name="commitments_calendar"),
    path("commitments/<int:pk>/", board.commitment, name="commitment"),
    path("commitments/<int:pk>/works/", board.works, name="works"),
    path("answers/", answers.by_office, name="answers"),
    path("answers/<int:pk>/helpful/", answers.helpful, name="helpful"),
    path("answers/<int:pk>/question/", answers.ask, name="ask"),
    path("plans/<int:pk>/", answers.plan, name="plan"),
    path("desk/answers/drafts/<int:pk>/", desk_drafts.draft, name="desk_draft"),
    path("desk/answers/many/<slug:slug>/", desk_drafts.many, name="desk_many"),
    path("desk/answers/questions/<int:pk>/", desk_drafts.question, name="desk_question"),
    path("desk/plans/in/<slug:slug>/", desk_plans.plans, name="desk_plans"),
    path("desk/plans/<int:pk>/", desk_plans.plan, name="desk_plan"),
    path("desk/answers/", desk_answers.answers, name="desk_answers"),
    path("desk/answers/<str:receipt>/", desk_answers.answer, name="desk_answer"),
    path("desk/commitments/", desk_promises.commitments, name="desk_commitments"),
    path("desk/commitments/<int:pk>/", desk_promises.commitment, name="desk_commitment"),
    path("desk/commitments/<int:pk>/start/", desk_promises.start, name="desk_start"),
    path("desk/commitments/<int:pk>/steps/<int:step>/done/", desk_promises.step_done, name="desk_step_done"),
    path("desk/commitments/<int:pk>/delay/", desk_promises.delay, name="desk_delay"),
    path("desk/commitments/<int:pk>/deliver/", desk_promises.deliver, name="desk_deliver"),
    path("desk/commitments/<int:pk>/evaluate/", desk_promises.evaluate, name="desk_evaluate"),
]
