"""The floor: the least a Django view with one query can cost. A project of its own, without middleware."""

import os

import environ
from django.conf import settings

settings.configure(
    DEBUG=False,
    SECRET_KEY=os.environ.get("SECRET_KEY", "floor"),
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    INSTALLED_APPS=[],
    USE_I18N=False,
    DATABASES={"default": environ.Env().db_url("DATABASE_URL") | {"CONN_MAX_AGE": None}},
)

import django  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402

django.setup()


def one(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        (answer,) = cursor.fetchone()
    # CommonMiddleware would write the length; without one the server could not keep the connection.
    return HttpResponse(f"{answer}\n", content_type="text/plain", headers={"Content-Length": "2"})


urlpatterns = [path("", one)]

from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()
