"""schemathesis against the interface in this process: what the document admits, what it does not, with names that exist and
names that do not. What a write makes is used by the calls after it."""

from __future__ import annotations

import json
import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

import requests
import schemathesis
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.core.transport import Response
from schemathesis.openapi import from_dict
from schemathesis.specs.openapi import checks as of_openapi

from accounts.models import Organisation
from cocreation.models import Contribution, Office, Place, Process
from cocreation.models import Phase as Stretch
from feedback.models import Commitment, OfficialAnswer
from quartier.api import DOCUMENT
from tests.quartier.api.conftest import bytes_of
from tests.visits import quiet

CHECKS = [
    schemathesis.checks.not_a_server_error,
    of_openapi.status_code_conformance,
    of_openapi.content_type_conformance,
    of_openapi.response_schema_conformance,
]
TWO = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@dataclass
class Found:
    asked: int = 0
    problems: list[str] = field(default_factory=list)
    by_status: dict[int, int] = field(default_factory=dict)


def names() -> dict[str, list[Any]]:
    """Names of things that exist, by the parameter that takes them."""
    slugs: list[Any] = [
        *Process.objects.real().values_list("slug", flat=True),
        *Place.objects.values_list("slug", flat=True),
    ]
    slugs += [
        *Office.objects.values_list("slug", flat=True),
        *Organisation.objects.values_list("slug", flat=True),
    ]
    return {
        "slug": slugs,
        "receipt": list(Contribution.objects.values_list("receipt", flat=True)),
        "key": list(Stretch.objects.order_by().values_list("key", flat=True).distinct()),
        "id": [
            *OfficialAnswer.objects.values_list("pk", flat=True),
            *Commitment.objects.values_list("pk", flat=True),
        ],
        "case": [1, 2, 3],
        "number": [1, 2, 3],
    }


def fuzz(
    askers: Sequence[Mapping[str, str]], *, examples: int, only: Collection[str] = (), start: int = 7
) -> Found:
    """`examples` of each kind for each operation and asker. Nothing is asked of the network."""
    found, chance, known = Found(), random.Random(start), names()
    schema = from_dict(json.loads(DOCUMENT.read_text(encoding="utf-8")))
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    with quiet():
        for result in schema.get_all_operations():
            operation: Any = result.ok()  # type: ignore[union-attr]
            name = str(operation.definition.raw["operationId"])
            if only and name not in only:
                continue
            for mode in TWO:
                _one(operation, mode, client, askers, known, chance, found, examples, start)
    return found


def _one(
    operation: Any, mode: Any, client: Client, askers: Sequence[Mapping[str, str]], known: dict[str, list[Any]], chance: random.Random,
    found: Found, examples: int, start: int,
) -> None:  # fmt: skip
    try:
        strategy = operation.as_strategy(generation_mode=mode)
    except Exception:  # nothing that it does not admit
        return

    turns = cycle(askers)  # one strategy for all of them: to make it costs more than an example

    @seed(start)
    @settings(
        max_examples=examples * len(askers),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def ask(case: Any) -> None:
        if case.path_parameters and chance.random() < 0.8:
            case.path_parameters = {
                name: chance.choice(known[name]) if known.get(name) else value
                for name, value in case.path_parameters.items()
            }
        response = _sent(case, client, next(turns))
        found.asked += 1
        found.by_status[response.status_code] = found.by_status.get(response.status_code, 0) + 1
        _learn(response, known)
        try:
            case.validate_response(response, checks=CHECKS)
        except (Exception, BaseExceptionGroup) as problem:
            said = f"{operation.definition.raw['operationId']} {case.method} {case.formatted_path} {response.status_code}\n{problem}"
            if said[:120] not in {each[:120] for each in found.problems}:
                found.problems.append(f"{said}\n{response.content[:600].decode('utf-8', 'replace')}")

    try:
        ask()
    except Exception as error:
        if type(error).__name__ not in ("Unsatisfiable", "SkipTest"):
            raise


def _sent(case: Any, client: Client, headers: Mapping[str, str]) -> Response:
    how = case.as_transport_kwargs(base_url="http://testserver")
    how.pop("cookies", None)
    prepared = requests.Request(
        how["method"],
        how["url"],
        params=how.get("params"),
        headers=how.get("headers"),
        json=how.get("json"),
        data=how.get("data"),
    ).prepare()
    sent = {
        name: str(value)
        for name, value in prepared.headers.items()
        if name.lower() not in ("content-type", "content-length", "cookie")
    }
    kind = prepared.headers.get("Content-Type", "application/json")
    sending: Any = prepared.body or b""
    body: Any = sending.encode() if isinstance(sending, str) else sending
    with transaction.atomic():
        answer = client.generic(case.method, prepared.path_url, body, kind, headers=sent | dict(headers))  # type: ignore[arg-type]
    content = bytes_of(answer)
    listed = {name.lower(): [value] for name, value in answer.headers.items()}
    return Response(answer.status_code, listed, content, prepared, 0.1, False)


def _learn(response: Response, known: dict[str, list[Any]]) -> None:
    """What a write has made is there for those that follow."""
    if response.status_code == 201:
        made = json.loads(response.content)
        if isinstance(made, dict) and made.get("receipt"):
            known["receipt"].append(made["receipt"])
