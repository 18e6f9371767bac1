from django.urls import path

from accounts.tokens import views

app_name = "tokens"

urlpatterns = [
    path("me/programs/", views.tokens, name="tokens"),
    path("me/programs/new/", views.new, name="new"),
    path("me/programs/<int:token>/revoke/", views.revoke, name="revoke"),
]
