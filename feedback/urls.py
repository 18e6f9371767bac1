"""Addresses of the house: the board of commitments, and the two queues of the desk."""

from django.urls import path

from feedback.views import board, desk

app_name = "feedback"

urlpatterns = [
    path("commitments/", board.commitments, name="commitments"),
    path("commitments/<int:pk>/", board.commitment, name="commitment"),
    path("commitments/<int:pk>/works/", board.works, name="works"),
    path("desk/answers/", desk.answers, name="desk_answers"),
    path("desk/answers/<str:receipt>/", desk.answer, name="desk_answer"),
    path("desk/commitments/", desk.commitments, name="desk_commitments"),
    path("desk/commitments/<int:pk>/", desk.commitment, name="desk_commitment"),
    path("desk/commitments/<int:pk>/start/", desk.start, name="desk_start"),
    path("desk/commitments/<int:pk>/steps/<int:step>/done/", desk.step_done, name="desk_step_done"),
    path("desk/commitments/<int:pk>/delay/", desk.delay, name="desk_delay"),
    path("desk/commitments/<int:pk>/deliver/", desk.deliver, name="desk_deliver"),
    path("desk/commitments/<int:pk>/evaluate/", desk.evaluate, name="desk_evaluate"),
]
