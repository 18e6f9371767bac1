"""Data breaches: the clock runs from when the city knew, 72 hours, and nothing is closed before whom it concerns was told (REQ-40)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.privacy import breaches
from accounts.privacy.models import Breach
from groundwork.answer import Refused
from quartier.builders import make_person

KNOWN = datetime(2026, 3, 27, 20, tzinfo=UTC)  # the clocks change in between: hours are hours
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}
SAID = {"effects": "", "measures": "Eingesammelt.", "why_no_risk": ""}


@pytest.fixture
def ada(db):
    return make_person("ada", "Ada")


def _note(ada, **more) -> Breach:
    return breaches.note(
        **{
            "known_at": KNOWN,
            "what": "w",
            "people": "p",
            "is_rehearsal": True,
            "by": ada,
            "at": KNOWN + HOUR,
            **more,
        }
    )


def test_the_clock_is_72_hours_from_when_the_city_knew(ada) -> None:
    assert _note(ada).due_at - KNOWN == timedelta(hours=72)
    with pytest.raises(Refused):
        _note(ada, known_at=KNOWN + 2 * HOUR)
    assert Breach.objects.count() == 1


def test_in_time_needs_no_reason_and_a_second_later_does(ada) -> None:
    first, second = _note(ada), _note(ada)
    breaches.tell_authority(breach=first, why_late="", by=ada, at=first.due_at)
    with pytest.raises(Refused):
        breaches.tell_authority(breach=second, why_late=" ", by=ada, at=second.due_at + SECOND)
    second.refresh_from_db()
    assert second.told_authority_at is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Breach.objects.filter(pk=second.pk).update(told_authority_at=second.due_at + SECOND)
    told = breaches.tell_authority(breach=second, why_late="Feiertag.", by=ada, at=second.due_at + SECOND)
    assert told.why_late == "Feiertag."
    assert not Breach.objects.clock_runs().exists()


def test_it_is_closed_only_when_everybody_was_told(ada) -> None:
    made = _note(ada)
    for step in (
        lambda: breaches.judge(breach=made, risk="high", **SAID, by=ada, at=KNOWN + HOUR),
        lambda: breaches.tell_authority(breach=made, why_late="", by=ada, at=KNOWN + HOUR),
        lambda: breaches.tell_people(breach=made, by=ada, at=KNOWN + HOUR),
    ):
        with pytest.raises(Refused):
            breaches.close(breach=made, by=ada, at=KNOWN + HOUR)
        step()
    breaches.close(breach=made, by=ada, at=KNOWN + 2 * HOUR)
    with pytest.raises(Refused):
        breaches.judge(breach=made, risk="none", **SAID | {"why_no_risk": "x"}, by=ada, at=KNOWN + 3 * HOUR)


def test_no_risk_has_reasons_and_stops_the_clock(ada) -> None:
    made = _note(ada)
    with pytest.raises(Refused):
        breaches.judge(breach=made, risk="none", **SAID, by=ada, at=KNOWN + HOUR)
    breaches.judge(
        breach=made, risk="none", **SAID | {"why_no_risk": "Verschlüsselt."}, by=ada, at=KNOWN + HOUR
    )
    assert not Breach.objects.clock_runs().exists()
    assert breaches.close(breach=made, by=ada, at=KNOWN + HOUR).closed_at == KNOWN + HOUR


def test_a_rehearsal_of_the_whole_case_on_the_desk(world, client, time_machine) -> None:
    client.force_login(world.ada)
    page = "/en/desk/privacy/breaches/"
    form = {"what": "A list lay open.", "people": "About 12.", "is_rehearsal": "on"}
    moment = world.now.astimezone() - HOUR
    form |= {"known_at_0": moment.strftime("%Y-%m-%d"), "known_at_1": moment.strftime("%H:%M")}
    case = client.post(page, form, **HERE)["Location"]
    shown = client.get(case).content.decode()
    assert "rehearsal" in shown and "tell the authority by" in shown
    assert client.post(case, {"act": "close"}, **HERE).status_code == 403
    made = Breach.objects.order_by("-pk").first()
    time_machine.move_to(made.due_at + HOUR, tick=False)
    assert "72 hours over since" in client.get(case).content.decode()
    assert client.post(case, {"act": "authority", "why_late": ""}, **HERE).status_code == 422
    client.post(case, {"act": "authority", "why_late": "We rehearsed being late."}, **HERE)
    client.post(case, {"act": "judge", "risk": "risk", "measures": "Locked away."}, **HERE)
    assert client.post(case, {"act": "close"}, **HERE).status_code == 302
    made.refresh_from_db()
    assert made.closed_at == made.due_at + HOUR
