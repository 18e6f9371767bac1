"""Show 1: with nothing but the document and a token, a proposal goes its whole way (docs/api-walk.py)."""

from __future__ import annotations

import io
import runpy
import sys
import urllib.error
import urllib.request
from typing import Any

import pytest
from django.test import Client

from cocreation.models import Contribution
from devtools.paths import ROOT
from proposals.models import Proposal
from quartier.builders import both, make_phase, make_process
from tests.quartier.api.conftest import bytes_of
from tests.world import DAY, TEXTS, World

SCRIPT = ROOT / "docs" / "api-walk.py"


def _open_line(world: World) -> None:
    """A small town that collects, assesses and answers side by side. Olga lives there and speaks for the parks office."""
    process = make_process(
        "side-by-side", both("Bänke", "Benches"), office=world.parks, places=[world.town], texts=TEXTS,
        answer_by=world.now + 60 * DAY, published_at=world.now - 9 * DAY,
    )  # fmt: skip
    for lane, (method, name) in enumerate(
        [("ideas", "Ideen"), ("assessment", "Prüfung"), ("answer", "Antwort")]
    ):
        make_phase(
            process,
            method,
            method,
            both(name, name),
            starts=world.now - DAY,
            ends=world.now + 30 * DAY,
            lane=lane,
        )


def test_the_script_is_short() -> None:
    assert len(SCRIPT.read_text().splitlines()) < 60


def test_a_script_walks_a_proposal_through_the_line(
    world: World, program, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _open_line(world)
    sent: list[str] = []
    client = Client(enforce_csrf_checks=True)

    def urlopen(request: urllib.request.Request) -> Any:
        """The network, without one: the script itself is not changed."""
        headers = dict(request.header_items())
        address = request.full_url.removeprefix("http://testserver")
        answer = client.generic(
            request.get_method(), address, request.data or b"", headers["Content-type"], headers=headers
        )
        sent.append(f"{request.get_method()} {address} {answer.status_code}")
        content = bytes_of(answer)
        if answer.status_code >= 400:
            raise AssertionError(f"{sent[-1]} {content.decode()}")
        return io.BytesIO(content)

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    monkeypatch.setenv("TOKEN", program(world.olga).secret)
    monkeypatch.setattr(sys, "argv", ["api-walk.py", "http://testserver", "side-by-side"])
    runpy.run_path(str(SCRIPT), run_name="__main__")
    receipt, *stages = capsys.readouterr().out.split()
    assert stages == ["received", "feasible", "answered", "promised", "under_way", "delivered", "evaluated"]
    walked = Proposal.objects.get(receipt=receipt)
    assert (walked.stage, walked.supports) == ("evaluated", 1)
    assert Contribution.objects.filter(kind="comment", process=walked.process).count() == 1
    assert walked.revisions.count() == 2 and walked.assessments.get().cost == 1800
    assert len(sent) == 12
