"""Before a process with minors, sensitive data, many people or new technology begins, somebody signs what it means (REQ-39)."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import override

from cocreation import impact
from cocreation.lifecycle import may_publish
from cocreation.models import Phase, PrivacyAssessment, Process
from groundwork.answer import No, Refused

HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}
NOTHING = {"special": False, "large": False, "technology": False, "risks": "", "measures": ""}
WRITTEN = {"risks": "Jemand wird erkannt.", "measures": "Namen sind frei."}


@pytest.fixture
def draft(world) -> Process:
    PrivacyAssessment.objects.all().delete()
    return world.processes["draft"]


def _again(process: Process) -> Process:
    return Process.objects.get(pk=process.pk)


def test_an_ordinary_process_needs_none(world, draft) -> None:
    assert may_publish(world.ada, _again(draft), world.now)
    impact.write(process=draft, said=NOTHING, by=world.ada, at=world.now)
    assert may_publish(world.ada, _again(draft), world.now)


@pytest.mark.parametrize("flag", sorted(impact.QUESTIONS))
def test_what_the_office_says_closes_the_gate_until_somebody_else_signs(world, draft, flag) -> None:
    made = impact.write(process=draft, said=NOTHING | WRITTEN | {flag: True}, by=world.ada, at=world.now)
    refused = may_publish(world.ada, _again(draft), world.now)
    assert isinstance(refused, No) and str(impact.QUESTIONS[flag][2]) in str(refused.reason)
    with pytest.raises(Refused):  # nobody signs their own, and nobody but the administration signs
        impact.sign(assessment=made, by=world.ada, at=world.now)
    with pytest.raises(Refused):
        impact.sign(assessment=made, by=world.mo, at=world.now)
    assert not may_publish(world.ada, _again(draft), world.now)
    PrivacyAssessment.objects.update(written_by=world.olga)
    impact.sign(assessment=made, by=world.ada, at=world.now)
    assert may_publish(world.ada, _again(draft), world.now)
    # Whatever changes is signed anew.
    impact.write(
        process=draft, said=NOTHING | WRITTEN | {flag: True, "risks": "Mehr."}, by=world.ada, at=world.now
    )
    assert not may_publish(world.ada, _again(draft), world.now)


@pytest.mark.parametrize(
    ("age", "is_needed"), [({"from": 14, "to": 21}, True), ({"to": 26}, True), ({"from": 18}, False)]
)
def test_minors_are_seen_from_the_audiences(world, draft, age, is_needed) -> None:
    phase = next(phase for phase in draft.line if phase.audience)
    act = next(iter(phase.audience))
    Phase.objects.filter(pk=phase.pk).update(
        audience=phase.audience | {act: {"any": [{"age": age}, {"code": True}]}}
    )
    assert bool(impact.reasons(_again(draft), None)) is is_needed
    assert bool(may_publish(world.ada, _again(draft), world.now)) is not is_needed


def test_the_database_keeps_the_second_pair_of_eyes(world, draft) -> None:
    made = impact.write(process=draft, said=NOTHING | WRITTEN, by=world.ada, at=world.now)
    for change in ({"signed_by": world.ada, "signed_at": world.now}, {"signed_at": world.now, "risks": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PrivacyAssessment.objects.filter(pk=made.pk).update(**change)


def test_from_the_studio_to_the_signature(world, draft, client) -> None:
    client.force_login(world.ada)
    with override("en"):
        page = reverse("cocreation:studio_section", args=["draft", "impact"])
    sent = {"special": "yes", "large": "no", "technology": "no"}
    assert client.post(page, sent, **HERE).status_code == 422  # a yes needs risks and measures
    assert not PrivacyAssessment.objects.exists()
    assert client.post(page, sent | WRITTEN, **HERE).status_code == 302
    assert "It waits for a signature" in client.get(page).content.decode()
    made = PrivacyAssessment.objects.get()
    desk = f"/en/desk/privacy/assessments/{made.pk}/"
    assert "I have read it and sign it" not in client.get(desk).content.decode()
    PrivacyAssessment.objects.update(written_by=world.olga)
    assert client.post(desk, {}, **HERE).status_code == 302
    assert "If you change something, it is signed anew." in client.get(page).content.decode()
