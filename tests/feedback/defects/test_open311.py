"""Open311 GeoReport v2: what programs read is what anybody sees, and they report by the rules of the page (REQ-51).

The schemas are written from the field lists of the standard, once for each format.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from accounts.tokens.actions import make_token, revoke_token
from cocreation.models import Attachment
from feedback.defects import actions, rules
from feedback.defects.models import Defect, Service
from feedback.models import OfficialAnswer
from groundwork.journal.models import Entry
from groundwork.webapi.scopes import CONTRIBUTE, DEFECTS, OFFICE
from quartier.builders import both
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FORMATS = ("json", "xml")

MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
TEXT, FILLED = {"type": "string"}, {"type": "string", "minLength": 1}


def maybe(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def record(fields: dict[str, Any], *, optional: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": fields,
        "required": [name for name in fields if name not in optional],
        "additionalProperties": False,
    }


def many(fields: dict[str, Any], least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": record(fields), "minItems": least}


SERVICE = {
    "service_code": FILLED, "service_name": FILLED, "description": TEXT, "metadata": {"type": "boolean"},
    "type": {"enum": ["realtime", "batch", "blackbox"]}, "keywords": TEXT, "group": TEXT,
}  # fmt: skip
REQUEST = {
    "service_request_id": FILLED, "status": {"enum": ["open", "closed"]}, "status_notes": maybe(FILLED),
    "service_name": FILLED, "service_code": FILLED, "description": FILLED, "agency_responsible": FILLED,
    "service_notice": maybe(FILLED), "requested_datetime": MOMENT, "updated_datetime": MOMENT,
    "expected_datetime": maybe(MOMENT), "address": FILLED, "address_id": maybe(FILLED), "zipcode": maybe(FILLED),
    "lat": maybe({"type": "number", "minimum": -90, "maximum": 90}),
    "long": maybe({"type": "number", "minimum": -180, "maximum": 180}),
    "media_url": maybe({"type": "string", "pattern": "^https?://"}),
}  # fmt: skip
ATTRIBUTE = {
    "variable": TEXT,
    "code": TEXT,
    "datatype": TEXT,
    "required": TEXT,
    "order": TEXT,
    "description": TEXT,
}
ENDPOINT = {
    "specification": FILLED, "url": FILLED, "changeset": MOMENT, "type": {"enum": ["production", "test"]},
    "formats": {"type": "array", "items": {"enum": ["text/xml", "application/json"]}, "minItems": 1},
}  # fmt: skip
SCHEMAS: dict[str, dict[str, Any]] = {
    "services": many(SERVICE, 1),
    "service_definition": record({"service_code": FILLED, "attributes": many(ATTRIBUTE)}),
    "service_requests": many(REQUEST),
    "made": many(
        {"service_request_id": FILLED, "service_notice": maybe(FILLED), "account_id": maybe(FILLED)}, 1
    ),
    "discovery": record(
        {"changeset": MOMENT, "contact": FILLED, "key_service": FILLED, "endpoints": many(ENDPOINT, 1)}
    ),
    "errors": many({"code": {"enum": [400, 403, 404, 405, 429]}, "description": FILLED}, 1),
}
# root -> what one entry of each list is called
ENTRIES = {
    "services": {"": "service"}, "service_requests": {"": "request"}, "made": {"": "request"}, "errors": {"": "error"},
    "service_definition": {"attributes": "attribute"}, "discovery": {"endpoints": "endpoint", "formats": "format"},
}  # fmt: skip


def from_xml(body: bytes, name: str) -> Any:
    """The XML document as the values its JSON twin has, read by the schema: what it does not allow is an error."""
    assert body.startswith(b"<?xml version='1.0' encoding='utf-8'?>")
    root = ET.fromstring(body)
    assert root.tag == ("service_requests" if name == "made" else name) and not root.attrib
    return _read(root, SCHEMAS[name], ENTRIES[name], "")


def _read(element: ET.Element, schema: dict[str, Any], entries: dict[str, str], name: str) -> Any:
    if "anyOf" in schema:
        filled = element.text or len(element)
        return _read(element, schema["anyOf"][0], entries, name) if filled else None
    if schema.get("type") == "array":
        assert {child.tag for child in element} <= {entries[name]}
        return [_read(child, schema["items"], entries, name) for child in element]
    if schema.get("type") == "object":
        tags = [child.tag for child in element]
        assert len(tags) == len(set(tags)) and set(tags) <= schema["properties"].keys(), tags
        return {
            child.tag: _read(child, schema["properties"][child.tag], entries, child.tag) for child in element
        }
    assert not len(element)
    text = element.text or ""
    if schema.get("type") == "boolean":
        return {"true": True, "false": False}[text]
    if schema.get("type") == "number":
        return float(text)
    if schema.get("enum", [""])[0] == 400:
        return int(text)
    return text


def read(response: Any, name: str, form: str) -> Any:
    """The document, held against its schema."""
    kind = {"json": "application/json", "xml": "text/xml"}[form]
    assert response["Content-Type"] == f"{kind}; charset=utf-8"
    document = json.loads(response.content) if form == "json" else from_xml(response.content, name)
    Draft202012Validator(SCHEMAS[name]).validate(document)
    return document


def get(path: str, **asked: str) -> Any:
    return Client().get(
        f"/open311/v2/{path}" + (f"?{urlencode(asked)}" if asked else ""), headers={"Accept-Language": "en"}
    )


def asked_for(form: str = "json", **asked: str) -> list[dict[str, Any]]:
    response = get(f"requests.{form}", **asked)
    assert response.status_code == 200, response.content
    found: list[dict[str, Any]] = read(response, "service_requests", form)
    return found


def numbers(**asked: str) -> set[str]:
    return {each["service_request_id"] for each in asked_for(**asked)}


def key_of(world: World, name: str = "jonas", scopes: tuple[str, ...] = (DEFECTS,)) -> str:
    return make_token(by=world.people[name], name="App", scopes=scopes, days=7, at=world.now)[1]


def send(form: str = "json", **sent: str) -> Any:
    return Client().post(
        f"/open311/v2/requests.{form}", urlencode(sent), content_type="application/x-www-form-urlencoded",
        headers={"Accept-Language": "en"},
    )  # fmt: skip


def whole(world: World, **more: str) -> dict[str, str]:
    usual = {
        "api_key": key_of(world), "service_code": "lamp", "description": "The lamp at the school is out.",
        "lat": "50.9300", "long": "10.9500", "address_string": "Schulweg 1",
    }  # fmt: skip
    return usual | more


def refused(response: Any, form: str, *codes: int) -> str:
    assert response.status_code == codes[0], response.content
    found = read(response, "errors", form)
    assert [each["code"] for each in found] == list(codes)
    return " ".join(each["description"] for each in found)


# --- the documents ---


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("form", FORMATS)
def test_every_document_fits_its_schema(world: World, form: str) -> None:
    read(get(f"discovery.{form}"), "discovery", form)
    services = read(get(f"services.{form}"), "services", form)
    assert {each["service_code"] for each in services} == {"lamp", "bin"}  # not what is not offered
    assert read(get(f"services/lamp.{form}"), "service_definition", form) == {
        "service_code": "lamp", "attributes": [],
    }  # fmt: skip
    found = asked_for(form)
    assert len(found) == 3
    one = read(get(f"requests/{world.defects['closed'].receipt}.{form}"), "service_requests", form)
    assert one == [each for each in found if each["service_request_id"] == world.defects["closed"].receipt]


def test_both_formats_say_the_same(world: World) -> None:
    assert asked_for("json") == asked_for("xml")


@pytest.mark.parametrize(
    "spoilt",
    [
        {"status": "pending"}, {"lat": "50.9"}, {"requested_datetime": "2027-05-23"}, {"email": "a@example.org"},
        {"service_request_id": ""},
    ],
)  # fmt: skip
def test_the_schema_would_notice(world: World, spoilt: dict[str, Any]) -> None:
    document = [asked_for()[0] | spoilt]
    with pytest.raises(ValidationError):
        Draft202012Validator(SCHEMAS["service_requests"]).validate(document)


@pytest.mark.usefixtures("closed")
def test_a_request_says_what_the_page_says(world: World) -> None:
    made = world.defects["closed"]
    (found,) = asked_for(service_request_id=made.receipt)
    assert found["status"] == "closed" and found["status_notes"] == "Done: The lamp has been replaced."
    assert found["agency_responsible"] == "Office for Parks" and found["service_name"] == "Street lamp"
    assert (found["lat"], found["long"]) == (50.936091, 10.984193)
    assert found["expected_datetime"] is None and found["address"] == "Auental"
    (open_one,) = asked_for(service_request_id=world.defects["overdue"].receipt)
    assert open_one["status_notes"] is None and open_one["lat"] is None
    assert open_one["address"] == "Am Markt 3, Auental"
    due = world.defects["overdue"].due
    assert open_one["expected_datetime"][:10] == due.strftime("%Y-%m-%d")


def test_the_date_an_office_names_is_what_can_be_expected(world: World) -> None:
    day = (world.now + 40 * DAY).date()
    actions.answer_defect(
        defect=world.defects["open"], status="in_progress", reason=both("Bestellt.", "Ordered."), by=world.olga,
        at=world.now, next_date=day,
    )  # fmt: skip
    (found,) = asked_for(service_request_id=world.defects["open"].receipt)
    assert found["status"] == "open" and found["expected_datetime"].startswith(day.isoformat())


def test_nobody_is_named_and_what_is_hidden_is_not_there(world: World) -> None:
    for form in FORMATS:
        for path in (
            f"requests.{form}",
            *(f"requests/{each.receipt}.{form}" for each in world.defects.values()),
        ):
            body = get(path).content.decode()
            assert "Geheimnis" not in body and "Beleidigt" not in body
            for person in world.people.values():
                assert person.public_name not in body and person.email not in body
    hidden = world.defects["hidden"].receipt
    assert hidden not in numbers() and numbers(service_request_id=hidden) == set()


@pytest.mark.parametrize("form", FORMATS)
def test_a_hidden_request_and_none_at_all_are_the_same(world: World, form: str) -> None:
    answers = [
        get(f"requests/{number}.{form}")
        for number in (world.defects["hidden"].receipt, "2001-0001", world.fountain.receipt)
    ]
    for answer in answers:
        refused(answer, form, 404)
    assert len({answer.content for answer in answers}) == 1


def test_signs_that_xml_cannot_hold_do_not_break_it(world: World) -> None:
    Defect.objects.filter(pk=world.defects["open"].pk).update(
        text="A \x0b\x1b <b>& ]]> lamp \ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")
    )
    (found,) = asked_for("xml", service_request_id=world.defects["open"].receipt)
    assert found["description"] == "A  <b>& ]]> lamp 😀"


def test_a_picture_is_named_by_its_address(world: World) -> None:
    picture = world.files["fountain"]
    Attachment.objects.filter(pk=picture.pk).update(contribution=world.defects["open"].pk)
    (found,) = asked_for(service_request_id=world.defects["open"].receipt)
    assert found["media_url"] == f"{settings.SITE_URL}/en/files/{picture.key}/"
    assert Client().get(f"/en/files/{picture.key}/").status_code == 200


# --- asking ---


@pytest.mark.usefixtures("closed")
def test_filters_of_the_standard(world: World) -> None:
    defects = {key: each.receipt for key, each in world.defects.items()}
    everything = {defects[key] for key in ("open", "overdue", "closed")}
    assert numbers() == everything
    assert numbers(status="open") == {defects["open"], defects["overdue"]}
    assert numbers(status="open,closed") == everything
    assert numbers(service_code="bin") == {defects["overdue"]}
    assert numbers(service_code="bin,lamp", status="closed") == {defects["closed"]}
    both_numbers = f"{defects['open']}, {defects['closed']}"
    # Numbers override everything else.
    assert numbers(service_request_id=both_numbers, status="open", start_date="2001-01-01T00:00:00Z") == {
        defects["open"],
        defects["closed"],
    }
    since = (world.now - 2 * DAY).isoformat()
    assert numbers(start_date=since) == {defects["open"]}
    assert numbers(end_date=since) == {defects["overdue"], defects["closed"]}


def test_without_a_date_the_last_ninety_days_are_meant(world: World) -> None:
    old = world.defects["open"].contribution
    type(old).objects.filter(pk=old.pk).update(created_at=world.now - 91 * DAY)
    assert world.defects["open"].receipt not in numbers()
    start = (world.now - 92 * DAY).isoformat()
    assert numbers(start_date=start) == {world.defects["open"].receipt, *numbers()} - set(
        numbers(start_date=(world.now - 1 * DAY).isoformat())
    )


def test_at_most_a_thousand(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from feedback.defects.views import open311

    assert open311.MOST_ROWS == 1000
    assert len(asked_for()) == 2
    monkeypatch.setattr(open311, "MOST_ROWS", 1)
    assert [each["service_request_id"] for each in asked_for()] == [world.defects["open"].receipt]


def test_many_take_the_queries_of_few(world: World) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            asked_for()
        return len(found)

    asked()
    few = asked()
    for number in range(5):
        made = actions.report_defect(
            report=actions.Report(Service.objects.get(code="lamp"), f"Lampe {number}", world.town, address="hier"),
            by=world.jonas, at=world.now,
        )  # fmt: skip
        actions.answer_defect(
            defect=made, status="done", reason=both("Ja.", "Yes."), by=world.olga, at=world.now
        )
    assert asked() == few and few <= 6


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    ("asked", "code", "words"),
    [
        ({"status": "pending"}, 400, "open"),
        ({"service_code": "dragon"}, 404, "service_code"),
        ({"start_date": "yesterday"}, 400, "start_date"),
        ({"start_date": "2027-01-01"}, 400, "offset"),
        ({"start_date": "2027-01-01T00:00:00"}, 400, "offset"),
        ({"start_date": "2027-01-01T00:00:00Z", "end_date": "2027-04-02T00:00:00Z"}, 400, "90 days"),
        ({"start_date": "2027-01-02T00:00:00Z", "end_date": "2027-01-01T00:00:00Z"}, 400, "after"),
        ({"end_date": "0001-01-02T00:00:00Z"}, 400, "calendar"),
        ({"start_date": "9999-12-31T00:00:00Z"}, 400, "calendar"),
        ({"jurisdiction_id": "elsewhere.example"}, 404, "jurisdiction_id"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_code_of_the_standard(
    world: World, form: str, asked: dict[str, str], code: int, words: str
) -> None:
    assert words in refused(get(f"requests.{form}", **asked), form, code)


@pytest.mark.parametrize("form", FORMATS)
def test_other_wrong_addresses(world: World, form: str) -> None:
    refused(get(f"services/dragon.{form}"), form, 404)
    refused(get(f"services/ferry.{form}"), form, 404)  # not offered any more
    refused(get(f"services.{form}", jurisdiction_id="elsewhere.example"), form, 404)
    assert get(f"services.{form}", jurisdiction_id="localhost").status_code == 200
    wrong = Client().put(f"/open311/v2/requests.{form}", headers={"Accept-Language": "en"})
    refused(wrong, form, 405)
    assert wrong["Allow"] == "GET, POST"
    assert get("services.html").status_code == 404
    body = get("services.json?x=%00", service_request_id="\x00")
    assert body.status_code == 200 and get("requests.json", service_code="\x00lamp").status_code == 200


# --- reporting ---


@pytest.mark.parametrize("form", FORMATS)
def test_a_program_reports_in_the_name_of_whoever_made_its_key(world: World, form: str) -> None:
    response = send(
        form, **whole(world, jurisdiction_id="localhost", email="x@example.org", first_name="Xaver")
    )
    assert response.status_code == 201
    (told,) = read(response, "made", form)
    made = Defect.objects.get(receipt=told["service_request_id"])
    assert told["service_notice"].startswith(f"{settings.SITE_URL}/r/{made.receipt}")
    assert made.contribution.author == world.jonas and made.address == "Schulweg 1" and made.is_public
    assert made.place in (world.town, world.village) and made.map_x is not None
    assert Entry.objects.filter(
        verb="defect.reported", subject_key=str(made.pk), actor_id=world.jonas.pk
    ).exists()
    (found,) = asked_for(service_request_id=made.receipt)
    assert (found["lat"], found["long"]) == (50.93, 10.95)
    everything = Entry.objects.get(verb="defect.reported", subject_key=str(made.pk)).data
    assert "x@example.org" not in str(everything) and "Xaver" not in made.text


def test_a_place_in_words_is_enough(world: World) -> None:
    response = send(**whole(world, lat="", long=""))
    assert response.status_code == 201
    made = Defect.objects.get(receipt=json.loads(response.content)[0]["service_request_id"])
    assert made.map_x is None and made.place == world.town


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    ("sent", "code", "words"),
    [
        ({"service_code": ""}, 400, "service_code"),
        ({"service_code": "dragon"}, 404, "service_code"),
        ({"service_code": "ferry"}, 404, "service_code"),
        ({"description": ""}, 400, "description"),
        ({"description": "x" * 2001}, 400, "description"),
        ({"lat": "", "long": "", "address_string": ""}, 400, "where it is"),
        ({"lat": "50.9"}, 201, ""),
        ({"lat": "north"}, 400, "degrees"),
        ({"lat": "nan"}, 400, "outside"),
        ({"lat": "48.1", "long": "11.5"}, 400, "outside"),
        ({"lat": "50.93", "long": ""}, 400, "degrees"),
        ({"jurisdiction_id": "elsewhere.example"}, 404, "jurisdiction_id"),
        ({"address_string": "x" * 161}, 400, "address_string"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_kept(
    world: World, form: str, sent: dict[str, str], code: int, words: str
) -> None:
    before = Defect.objects.count()
    response = send(form, **whole(world, **sent))
    if code == 201:
        assert response.status_code == 201 and Defect.objects.count() == before + 1
        return
    assert words in refused(response, form, code)
    assert Defect.objects.count() == before


@pytest.mark.parametrize("form", FORMATS)
def test_no_key_a_wrong_one_and_one_for_something_else(world: World, form: str) -> None:
    before = Defect.objects.count()
    good = whole(world)
    ended = key_of(world)
    for token in world.jonas.tokens.all():
        if ended.startswith(token.begins):
            revoke_token(token=token, at=world.now)
    keys = [
        "",
        "nonsense",
        "qrt_" + "x" * 43,
        "qrt_ä",
        "qrt_" + "x" * 400,
        ended,
        key_of(world, scopes=(CONTRIBUTE,)),
    ]
    for key in keys:
        refused(send(form, **good | {"api_key": key}), form, 403)
    # In the address it would be written into logs.
    address = f"/open311/v2/requests.{form}?api_key={good.pop('api_key')}"
    in_address = Client().post(
        address, urlencode(good), content_type="application/x-www-form-urlencoded",
        headers={"Accept-Language": "en"},
    )  # fmt: skip
    refused(in_address, form, 403)
    assert Defect.objects.count() == before


def test_a_cookie_is_no_key(world: World) -> None:
    from tests.visits import client_of

    sent = whole(world)
    del sent["api_key"]
    before = Defect.objects.count()
    response = client_of(world, "amina").post("/open311/v2/requests.json", sent)
    assert response.status_code == 403 and Defect.objects.count() == before


def test_the_rules_of_the_page_hold_for_programs(world: World) -> None:
    """The audience of the phase, the limit of a day, the end of the phase: the same sentence as on the page."""
    phase = rules.open_phase(world.now)
    assert phase is not None
    phase.audience = {rules.ACT: {"level": "verified"}}
    phase.save()
    before = Defect.objects.count()
    answer = rules.may_report(world.jonas, rules.open_phase(world.now), world.now)
    assert not answer
    sentence = refused(send(**whole(world)), "json", 403)
    from django.utils import translation

    with translation.override("en"):
        assert str(answer.reason) in sentence
    phase.ends = world.now
    phase.save()
    assert "no reports" in refused(send(**whole(world)), "json", 403)
    assert Defect.objects.count() == before


def test_moderation_sees_what_programs_report_before_everybody_does(world: World) -> None:
    from cocreation.moderation.models import Watch

    Watch.objects.update_or_create(
        process=world.collecting, defaults={"words": "blödmann", "words_wait": True}
    )
    response = send(**whole(world, description="The Blödmann broke the lamp."))
    number = json.loads(response.content)[0]["service_request_id"]
    made = Defect.objects.get(receipt=number)
    assert made.contribution.held_at is not None and not made.is_public
    assert number not in numbers() and get(f"requests/{number}.json").status_code == 404


def test_too_many_are_refused_in_the_format(world: World, settings: Any) -> None:
    settings.API_WRITES_A_MINUTE = 2
    sent = whole(world)
    codes = [send("xml", **sent).status_code for _n in range(3)]
    assert codes == [201, 201, 429]
    last = send("xml", **sent)
    refused(last, "xml", 429)
    assert int(last["Retry-After"]) >= 1


def test_the_key_opens_nothing_else(world: World) -> None:
    key = key_of(world)
    receipt = world.fountain.receipt
    answer = Client().put(
        f"/api/v1/proposals/{receipt}/support",
        headers={"Authorization": f"Bearer {key}"},
        content_type="application/json",
    )
    assert answer.status_code == 403
    assert OFFICE not in world.jonas.tokens.latest("pk").scopes
    assert not OfficialAnswer.objects.filter(contribution__author=world.jonas).exists()
