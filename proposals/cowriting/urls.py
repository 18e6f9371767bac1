from django.urls import path

from proposals.cowriting import views

app_name = "cowriting"

urlpatterns = [
    path("proposals/<str:receipt>/draft/", views.draft, name="draft"),
    path("proposals/<str:receipt>/draft/start/", views.start, name="start"),
    path("proposals/<str:receipt>/draft/publish/", views.publish, name="publish"),
    path("proposals/<str:receipt>/draft/carry-over/", views.carry_over, name="carry_over"),
    path("proposals/<str:receipt>/draft/discard/", views.discard, name="discard"),
    path("proposals/<str:receipt>/draft/restore/", views.restore, name="restore"),
]
