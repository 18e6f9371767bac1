from django.urls import path

from feedback.council import views

app_name = "council"

urlpatterns = [
    path("desk/council/", views.desk, name="desk"),
    path("desk/council/<int:source>/read/", views.read_now, name="read"),
    path("desk/council/<int:source>/leave/", views.leave, name="leave"),
]
