"""The document says what is there, and says it in valid OpenAPI 3.1."""

from __future__ import annotations

import copy
import json

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator, validate
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

from groundwork.webapi.scopes import SCOPES
from quartier.api import DOCUMENT
from quartier.management.commands.openapi import as_text
from tests.api_visits import operations


def test_the_snapshot_is_what_the_code_says() -> None:
    """Stale? `python3 dev.py manage openapi`, and look at the difference: it is a promise to others."""
    assert DOCUMENT.read_text(encoding="utf-8") == as_text()


def test_it_is_valid_openapi() -> None:
    document = json.loads(DOCUMENT.read_text())
    assert document["openapi"].startswith("3.1")
    validate(document, cls=OpenAPIV31SpecValidator)


def test_the_validator_can_fail() -> None:
    broken = copy.deepcopy(json.loads(DOCUMENT.read_text()))
    del broken["paths"]["/api/v1/proposals"]["get"]["responses"]
    broken["paths"]["/api/v1/proposals"]["get"]["parameters"][0]["in"] = "nowhere"
    with pytest.raises(OpenAPIValidationError):
        validate(broken, cls=OpenAPIV31SpecValidator)


def test_every_operation_is_in_it_with_scope_and_answers() -> None:
    document = json.loads(DOCUMENT.read_text())
    said = {each["operationId"]: each for methods in document["paths"].values() for each in methods.values()}
    assert said.keys() == operations().keys()
    for name, (_route, method, operation) in operations().items():
        each = said[name]
        assert each["security"][0] == {"token": [operation.scope]} and operation.scope in SCOPES
        assert ({} in each["security"]) == (not operation.needs_person)
        assert {"401", "404", "429"} <= each["responses"].keys() and each["summary"]
        assert operation.writes == (method != "get")


def test_no_operation_takes_a_ballot() -> None:
    """docs/decisions/0016: a cast is one UPDATE in a request without any other trace."""
    for name, (route, method, _operation) in operations().items():
        if method != "get":
            assert (
                "ballot" not in route.pattern and "vote" not in route.pattern and "cast" not in name.lower()
            ), name


def test_the_document_is_served_as_it_stands(client) -> None:
    answer = client.get("/api/v1/openapi.json")
    assert b"".join(answer.streaming_content) == DOCUMENT.read_bytes()
    assert client.get("/api/v1/openapi.json", headers={"If-None-Match": answer["ETag"]}).status_code == 304
