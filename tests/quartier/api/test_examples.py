"""The examples of the page for people run as they stand, in both languages."""

from __future__ import annotations

import html
import re
import shlex

import pytest
from django.conf import settings
from django.test import Client

from quartier.api_guide import chapters, examples
from tests.api_visits import operations
from tests.world import World


def _run(command: str, secret: str) -> int:
    """What curl would do with this line."""
    words = iter(shlex.split(command.replace("$TOKEN", secret)))
    assert next(words) == "curl"
    method, headers, body, url = "GET", {}, "", ""
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            name, _colon, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(words)
        else:
            url = word
    assert url.startswith(settings.SITE_URL)
    client = Client(enforce_csrf_checks=True)
    kind = headers.pop("Content-Type", "application/json")
    answer = client.generic(method, url.removeprefix(settings.SITE_URL), body.encode(), kind, headers=headers)
    return answer.status_code


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_line_on_the_page_runs(world: World, program, language: str) -> None:
    from django.utils import translation

    page = Client().get(f"/{language}/api/").content.decode()
    lines = [html.unescape(each) for each in re.findall(r"<code>(curl .*?)</code>", page)]
    with translation.override(language):
        known = examples(world.now)
    assert lines == [each.command for each in known] and len(lines) >= 8
    secret = program(world.amina).secret
    assert [_run(line, secret) for line in lines] == [each.status for each in known]


def test_the_page_names_every_operation() -> None:
    assert {line.id for _words, lines in chapters() for line in lines} == operations().keys()
