"""What a reader sees when something is not there, not allowed or broken."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from quartier import urls as product
from tests.pages import read
from tests.visits import quiet

pytestmark = pytest.mark.django_db


def _fails(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("Geheimnis des Servers")


urlpatterns = [path("fails/", _fails), *product.urlpatterns]
handler403, handler404, handler500 = product.handler403, product.handler404, product.handler500


@pytest.mark.parametrize("language", ["de", "en"])
def test_what_is_not_there_offers_the_search(client: Client, language: str) -> None:
    response = client.get(f"/{language}/no/such/page/")
    page = read(response.content.decode())
    assert response.status_code == 404
    assert page.language == language and len(page.headings) == 1
    assert ("form", "action", f"/{language}/search/") in page.pointers
    assert not response.cookies


@pytest.mark.parametrize("language", ["de", "en"])
def test_what_is_not_allowed_says_why_in_words(client: Client, language: str) -> None:
    response = client.post(f"/{language}/processes/", headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code in (403, 405)


@override_settings(ROOT_URLCONF="tests.crawl.test_errors")
def test_what_is_broken_gives_a_number_and_keeps_its_reason_to_itself() -> None:
    client = Client(raise_request_exception=False)
    with quiet():
        response = client.get("/fails/")
    html = response.content.decode()
    assert response.status_code == 500
    assert "Geheimnis" not in html and "RuntimeError" not in html and "Traceback" not in html
    assert len(read(html).headings) == 1
