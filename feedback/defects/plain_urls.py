"""Open311 GeoReport v2, for programs: addresses without a language, which stay as they are."""

from django.urls import path

from feedback.defects.views import open311

urlpatterns = [
    path("open311/v2/discovery.<slug:form>", open311.discovery, name="open311_discovery"),
    path("open311/v2/services.<slug:form>", open311.services, name="open311_services"),
    path("open311/v2/services/<slug:code>.<slug:form>", open311.service, name="open311_service"),
    path("open311/v2/requests.<slug:form>", open311.requests, name="open311_requests"),
    path("open311/v2/requests/<slug:number>.<slug:form>", open311.one_request, name="open311_request"),
]
