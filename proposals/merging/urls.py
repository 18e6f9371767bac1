from django.urls import path

from proposals.merging import views

app_name = "merging"

urlpatterns = [
    path("proposals/<str:receipt>/merge/", views.propose, name="propose"),
    path("merges/<int:key>/", views.merge, name="merge"),
    path("merges/<int:key>/agree/", views.agree, name="agree"),
    path("merges/<int:key>/decline/", views.decline, name="decline"),
    path("merges/<int:key>/without/", views.without, name="without"),
    path("merges/<int:key>/stop/", views.stop, name="stop"),
    path("merges/<int:key>/changed/", views.changed, name="changed"),
    path("merges/<int:key>/split/<str:receipt>/", views.split, name="split"),
    path("processes/<slug:slug>/groups/<int:key>/", views.cluster, name="cluster"),
    path("desk/merging/", views.desk, name="desk"),
    path("desk/merging/<slug:slug>/", views.clusters, name="clusters"),
]
