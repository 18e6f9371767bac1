"""The register of processing is made from the data map, and what rests on consent is a rule, not a habit (REQ-23, REQ-26)."""

from __future__ import annotations

import csv
import io

import pytest

from groundwork import datamap, processing
from groundwork.datamap import CONSENT, LEGAL, PUBLIC_TASK, Personal
from groundwork.processing import Activity, WrongBasis, activities


def _activity(slug: str, basis: str) -> Activity:
    return Activity(slug, "n", "w", basis, people="p", kept="k", given_to="g")


def _found() -> list[str]:
    return [str(message.id) for message in processing.every_field_has_an_activity(None)]


def test_every_personal_field_stands_in_the_register_once() -> None:
    assert _found() == []
    in_register = [
        (each.model, each.field) for _activity, fields in processing.by_activity() for each in fields
    ]
    assert sorted(in_register) == sorted(
        (model, name) for model, notes in datamap.register().items() for name in notes
    )


def test_every_field_rests_on_what_its_activity_rests_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        datamap._described["notices.Device"], "name", Personal("p", LEGAL, "contact", "r", activity="push")
    )
    assert _found() == ["groundwork.E007"]


def test_a_consent_is_never_without_a_purpose_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        datamap._described["accounts.Person"], "about", Personal("p", CONSENT, "identity", "r")
    )
    assert _found() == ["groundwork.E006"]


@pytest.mark.parametrize("slug", sorted(processing.NEVER_ON_CONSENT))
def test_voting_never_depends_on_a_consent(slug: str) -> None:
    assert activities.get(slug).basis != CONSENT
    with pytest.raises(WrongBasis):
        processing.declare(_activity(slug, CONSENT))


@pytest.mark.parametrize("slug", sorted(processing.ALWAYS_ON_CONSENT))
def test_what_is_never_owed_always_rests_on_a_consent(slug: str) -> None:
    if found := activities.find(slug):
        assert found.basis == CONSENT
    with pytest.raises(WrongBasis):
        processing.declare(_activity(slug, PUBLIC_TASK))


def test_nothing_of_a_vote_rests_on_a_consent() -> None:
    """Not only the activity: no table of the rooms that vote has a field that does."""
    rooms = ("ballots.", "paperwork.", "cocreation.Eligibility", "accounts.Verification")
    assert not [e for e in processing.held() if e.model.startswith(rooms) and e.note.basis == CONSENT]


def test_the_page_says_it_in_both_languages(client, db) -> None:
    german, english = (client.get(f"/{code}/privacy/register/").content.decode() for code in ("de", "en"))
    for activity, _fields in processing.by_activity():
        assert f'id="{activity.slug}"' in german
    assert "Count every vote once" in english
    assert "Jede Stimme einmal zählen" in german and "Count every vote once" not in german
    assert "Art. 6(1)(e) GDPR" in english


def test_the_files_hold_every_field(client, db) -> None:
    n = sum(len(notes) for notes in datamap.register().values())
    table = client.get("/en/privacy/register/register.csv")
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert len(rows) == n
    assert all(row["legal_basis"] and row["kept"] and row["given_to"] for row in rows)
    made = client.get("/en/privacy/register/register.json").json()
    assert sum(len(activity["fields"]) for activity in made["activities"]) == n
