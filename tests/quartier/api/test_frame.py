"""What holds for every operation: pages of lists, marks, keys, limits, refusals in words."""

from __future__ import annotations

import pytest
from django.test import Client

from groundwork.journal.models import Entry
from groundwork.webapi.models import KeptAnswer
from proposals.models import Proposal, Support
from tests.quartier.api.conftest import Program
from tests.world import World

A_PROPOSAL = {
    "title": "Mehr Schatten am Spielplatz", "summary": "Drei Bäume.", "body": "Weil es dort heiß ist.", "theme": "green",
    "place": "lindach", "language": "de",
}  # fmt: skip
ADDRESS = "/processes/collecting/proposals"


def test_a_list_comes_in_pages_and_each_row_once(world: World, program) -> None:
    seen, address = [], "/proposals?limit=2"
    while address:
        page = program().get(address).json()
        assert len(page["items"]) <= 2
        seen += [each["receipt"] for each in page["items"]]
        address = page["next"]
    public = Proposal.objects.public().order_by("-contribution").values_list("receipt", flat=True)
    assert seen == list(public)


def test_what_an_address_does_not_know_is_refused(world: World, program) -> None:
    for query in (
        "colour=red",
        "sort=price",
        "include=emails",
        "stage=lost",
        "limit=0",
        "limit=1000",
        "limit=ten",
        "process=a b",
    ):
        answer = program().get(f"/proposals?{query}")
        assert answer.status_code == 400, query
        assert answer.json()["errors"][0]["field"] == query.split("=")[0]


def test_filters_narrow_and_includes_add(world: World, program) -> None:
    rows = program().get("/proposals?process=collecting&theme=climate&include=text,line").json()["items"]
    assert [row["receipt"] for row in rows] == [world.trees.receipt]
    assert rows[0]["text"]["body"] and rows[0]["line"][0]["stage"] == "received"
    plain = program().get(f"/proposals/{world.trees.receipt}").json()
    assert plain["text"] is None and plain["line"] is None


def test_words_are_found(world: World, program) -> None:
    rows = program().get("/proposals?q=Trinkbrunnen").json()["items"]
    assert [row["receipt"] for row in rows] == [world.fountain.receipt]


def test_the_answer_is_in_the_language_asked_for(world: World, program) -> None:
    english = program().get(f"/proposals/{world.fountain.receipt}", Accept_Language="en")
    german = program().get(f"/proposals/{world.fountain.receipt}", Accept_Language="de")
    assert english.json()["title"] == "Drinking fountain on the village square"
    assert german.json()["title"] == "Trinkbrunnen am Dorfplatz"
    assert english["Content-Language"] == "en" and "Accept-Language" in english["Vary"]


def test_nothing_new_is_304_and_something_new_is_not(world: World, program) -> None:
    address = f"/proposals/{world.fountain.receipt}"
    mark = program().get(address)["ETag"]
    again = program().get(address, If_None_Match=mark)
    assert again.status_code == 304 and not again.content
    assert program(world.jonas).put(f"{address}/support").status_code == 200
    assert program().get(address, If_None_Match=mark).status_code == 200


def test_a_write_happens_only_to_what_was_read(world: World, program) -> None:
    writer, address = program(world.amina), f"/proposals/{world.fountain.receipt}/revisions"
    mark = writer.get(address)["ETag"]
    text = {
        "title": "Brunnen am Platz",
        "summary": "Mit Wasser.",
        "body": "Es fehlt.",
        "note": "Kürzer.",
        "seen": 1,
    }
    assert writer.post(address, text, If_Match=mark).status_code == 201
    late = writer.post(address, text | {"title": "Anders", "seen": 2}, If_Match=mark)
    assert late.status_code == 412
    assert world.fountain.revisions.count() == 2


def test_somebody_elses_version_is_a_conflict(world: World, program) -> None:
    writer, address = program(world.amina), f"/proposals/{world.fountain.receipt}/revisions"
    text = {
        "title": "Brunnen am Platz",
        "summary": "Mit Wasser.",
        "body": "Es fehlt.",
        "note": "Kürzer.",
        "seen": 1,
    }
    writer.post(address, text)
    answer = writer.post(address, text | {"body": "Er fehlt."})
    assert answer.status_code == 409 and "2" in answer.json()["detail"]
    assert world.fountain.revisions.count() == 2


# --- idempotency ---


def test_the_same_key_publishes_once_and_answers_the_same(world: World, program) -> None:
    writer, before = program(world.amina), Proposal.objects.count()
    first = writer.post(ADDRESS, A_PROPOSAL, Idempotency_Key="abc")
    entries = Entry.objects.count()
    second = writer.post(ADDRESS, A_PROPOSAL, Idempotency_Key="abc")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content and first["Location"] == second["Location"]
    assert second["Idempotent-Replayed"] == "true" and "Idempotent-Replayed" not in first
    assert Proposal.objects.count() == before + 1 and Entry.objects.count() == entries


def test_the_same_key_for_something_else_is_a_conflict(world: World, program) -> None:
    writer = program(world.amina)
    writer.post(ADDRESS, A_PROPOSAL, Idempotency_Key="abc")
    before = Proposal.objects.count()
    other = writer.post(ADDRESS, A_PROPOSAL | {"title": "Etwas anderes"}, Idempotency_Key="abc")
    elsewhere = writer.put(f"/proposals/{world.fountain.receipt}/support", Idempotency_Key="abc")
    assert (other.status_code, elsewhere.status_code) == (409, 409)
    assert (
        Proposal.objects.count() == before
        and not Support.objects.filter(person=world.amina, proposal=world.fountain).exists()
    )


def test_a_key_belongs_to_one_person(world: World, program) -> None:
    address = f"/proposals/{world.fountain.receipt}/support"
    assert program(world.jonas).put(address, Idempotency_Key="abc").json()["supports"] == 1
    assert program(world.ines).put(address, Idempotency_Key="abc").json()["supports"] == 2


def test_a_refusal_keeps_no_key(world: World, program) -> None:
    writer = program(world.amina)
    assert writer.post(ADDRESS, A_PROPOSAL | {"title": "x"}, Idempotency_Key="abc").status_code == 422
    assert not KeptAnswer.objects.exists()
    assert writer.post(ADDRESS, A_PROPOSAL, Idempotency_Key="abc").status_code == 201


def test_kept_answers_are_forgotten_after_a_day(world: World, program, time_machine=None) -> None:
    from datetime import timedelta

    from groundwork.webapi.tasks import forget_answers

    program(world.amina).post(ADDRESS, A_PROPOSAL, Idempotency_Key="abc")
    forget_answers()
    assert KeptAnswer.objects.count() == 1
    KeptAnswer.objects.update(at=world.now - timedelta(days=1, minutes=1))
    forget_answers()
    assert not KeptAnswer.objects.exists()


# --- refusals ---


def test_the_detail_is_the_sentence_of_the_page(world: World, program, sign_in) -> None:
    """One rule, one sentence, wherever it is asked."""
    writer, page = program(world.amina), sign_in(world.amina)
    page.defaults["HTTP_SEC_FETCH_SITE"] = "same-origin"
    for address, page_url in [
        (
            f"/proposals/{world.voting0.receipt}/support",
            f"/de/proposals/{world.voting0.receipt}/support/withdraw/",
        ),
    ]:
        said = writer.delete(address)
        shown = page.post(page_url)
        assert said.status_code == shown.status_code == 403
        assert said.json()["detail"] in shown.content.decode()
    said = writer.post("/processes/voting/proposals", A_PROPOSAL)
    shown = page.post("/de/processes/voting/propose/", A_PROPOSAL)
    assert said.status_code == shown.status_code == 403 and said.json()["detail"] in shown.content.decode()


def test_what_is_missing_stands_at_its_field_as_on_the_page(world: World, program, sign_in) -> None:
    answer = program(world.amina).post(
        ADDRESS, {"title": "x", "theme": "lava", "language": "de", "place": "nowhere"}
    )
    problem = answer.json()
    assert answer.status_code == 422 and answer["Content-Type"] == "application/problem+json"
    fields = {each["field"]: each["detail"] for each in problem["errors"]}
    assert fields.keys() == {"title", "summary", "body", "theme", "place"}
    page = sign_in(world.amina).post(
        "/de/processes/collecting/propose/", {"title": "x", "theme": "lava", "place": "0"}
    )
    for field in ("title", "summary", "body"):
        assert fields[field] in page.content.decode()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("[]", 400),
        ('"x"', 400),
        ("NaN", 400),
        ('{"title": 5}', 422),
        ('{"title": "a\\u0000b"}', 422),
        ('{"colour": "x"}', 422),
    ],
)
def test_a_body_that_is_none_is_refused(world: World, program, body: str, status: int) -> None:
    client, token = Client(), program(world.amina)
    answer = client.post(f"/api/v1{ADDRESS}", body, content_type="application/json", headers=token.headers)
    assert answer.status_code == status, answer.content


def test_other_kinds_of_bodies_are_refused(world: World, program) -> None:
    token = program(world.amina)
    answer = Client().post(f"/api/v1{ADDRESS}", A_PROPOSAL, headers=token.headers)
    assert answer.status_code == 415
    large = Client().post(
        f"/api/v1{ADDRESS}",
        '{"body": "' + "x" * 300_000 + '"}',
        content_type="application/json",
        headers=token.headers,
    )
    assert large.status_code == 413


def test_what_is_not_there_answers_as_the_interface_does(world: World, program) -> None:
    for address in ("/nothing", "/proposals/2001-0001", "/proposals/2001-0001/"):
        answer = program().get(address)
        assert answer.status_code == 404 and answer["Content-Type"] == "application/problem+json"
    wrong = program().ask("delete", "/proposals")
    assert wrong.status_code == 405 and "GET" in wrong["Allow"]


def test_what_was_joined_says_where_it_lives_on(world: World, program) -> None:
    answer = program().get(f"/proposals/{world.joined.receipt}")
    assert answer.status_code == 410
    assert program().get(answer.json()["next_url"]).status_code == 200


# --- limits ---


def test_too_many_requests_say_when_to_go_on(world: World, program, settings) -> None:
    settings.API_READS_A_MINUTE = settings.API_WRITES_A_MINUTE = 3
    one, other = program(world.amina), program(world.jonas)
    codes = [one.get("/places").status_code for _n in range(8)]
    # The minute may turn between two of them; then it begins anew.
    assert codes[:3] == [200, 200, 200] and codes.count(429) >= 2
    refused = next(answer for answer in (one.get("/places") for _n in range(8)) if answer.status_code == 429)
    assert 0 < int(refused["Retry-After"]) <= 60 and refused.json()["detail"]
    assert other.get("/places").status_code == 200, "another token has its own limit"


def test_without_a_cache_nobody_waits(world: World, program, monkeypatch: pytest.MonkeyPatch) -> None:
    from groundwork.webapi import limits

    class Broken:
        def add(self, *args: object) -> None:
            raise ConnectionError

    monkeypatch.setattr(limits, "cache", Broken())
    assert program().get("/places").status_code == 200


# --- other sites ---


def test_pages_of_other_sites_read_what_anybody_sees(world: World, sign_in) -> None:
    answer = sign_in(world.jonas).get("/api/v1/places", headers={"Origin": "https://other.example"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    asked = Client().options("/api/v1/proposals", headers={"Origin": "https://other.example"})
    assert asked.status_code == 204 and "Authorization" in asked["Access-Control-Allow-Headers"]


def test_a_browser_proves_where_a_write_comes_from(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.jonas)
    address = f"/api/v1/proposals/{world.fountain.receipt}/support"
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}):
        assert client.put(address, headers=headers).status_code == 403
    assert not Support.objects.filter(person=world.jonas, proposal=world.fountain).exists()
    assert client.put(address, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200


def test_reading_lists_costs_the_same_however_long_they_are(
    world: World, program, django_assert_num_queries
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    numbers = []
    for limit in (1, 20):
        with CaptureQueriesContext(connection) as queries:
            Program().get(f"/proposals?limit={limit}&include=text,line,assessments")
        numbers.append(len(queries))
    assert numbers[0] == numbers[1] <= 8
