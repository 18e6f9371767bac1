from django.urls import path

from feedback.defects.views import desk, public

app_name = "defects"

urlpatterns = [
    path("defects/", public.index, name="list"),
    path("defects/map.geojson", public.points, name="points"),
    path("defects/new/", public.report, name="new"),
    path("defects/<slug:receipt>/", public.defect, name="defect"),
    path("defects/<slug:receipt>/follow/", public.follow, name="follow"),
    path("defects/<slug:receipt>/unfollow/", public.unfollow, name="unfollow"),
    path("defects/<slug:receipt>/withdraw/", public.withdraw, name="withdraw"),
    path("desk/defects/", desk.index, name="desk"),
    path("desk/defects/<slug:receipt>/", desk.defect, name="desk_defect"),
    path("desk/services/", desk.services, name="services"),
    path("desk/services/<slug:code>/", desk.service, name="service"),
]
