"""The board, a commitment, the panels of other pages, and the desk."""

from __future__ import annotations

import pytest

from cocreation.actions import hide_contribution
from feedback import actions
from feedback.models import Commitment, OfficialAnswer, Opinion, day_of
from proposals.models import Stage
from quartier.builders import both
from tests.feedback.test_rules_and_actions import answer, promised
from tests.world import DAY, World

pytestmark = pytest.mark.django_db


def page(client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, response.content[:2000]
    return response.content.decode()


def form(world: World, **more) -> dict[str, str]:
    return {
        "status": "accepted", "reason_code": "doable", "reason_de": "Wir bauen das.", "reason_en": "We will build it.", "office": str(world.parks.pk),
    } | more  # fmt: skip


SENT = {"HTTP_SEC_FETCH_SITE": "same-origin"}


def test_an_empty_board_says_what_will_stand_here(world: World, client):
    assert "Noch nichts zugesagt" in page(client, "/de/commitments/")
    assert "Nothing has been promised yet" in page(client, "/en/commitments/")


def test_the_board_shows_states_delays_and_offices(world: World, client):
    commitment = promised(world)
    actions.delay_commitment(
        commitment=commitment, new_due=commitment.due + 28 * DAY, reason=both("Das Holz fehlt.", "No wood."),
        by=world.olga, at=world.now,
    )  # fmt: skip
    html = page(client, "/de/commitments/")
    assert (
        "Das Holz fehlt." in html
        and "Verspätet" in html
        and "4 Wochen später" in html
        and "Grünflächenamt" in html
    )
    assert "is-late" in html
    english = page(client, "/en/commitments/?state=delayed")
    assert "No wood." in english and "Benches by the river" in english and "4 weeks later" in english
    assert "No wood." not in page(client, "/en/commitments/?state=promised")
    assert page(client, "/en/commitments/?state=nonsense&after=nonsense")


def test_a_commitment_has_its_page_and_a_hidden_one_has_none(world: World, client, sign_in):
    answer(world, world.answering0)
    commitment = promised(world, world.answering0)
    assert "Bänke an der Aue" in page(client, f"/de/commitments/{commitment.pk}/")
    hide_contribution(
        contribution=world.answering0.contribution, by=world.mo, at=world.now, rule="r", reason="r"
    )
    page(client, f"/de/commitments/{commitment.pk}/", 404)
    assert "Bänke an der Aue" not in page(client, "/de/commitments/")
    page(sign_in(world.mo), f"/de/commitments/{commitment.pk}/")


def test_people_say_on_the_page_whether_it_works(world: World, client, sign_in):
    commitment = promised(world)
    actions.deliver(commitment=commitment, by=world.olga, at=world.now)
    url = f"/de/commitments/{commitment.pk}/works/"
    assert "/waiting/" in client.post(url, {"value": "yes"}, **SENT)["Location"]
    assert client.post(url, {"value": "?"}, **SENT).status_code == 403
    assert not Opinion.objects.exists()
    response = sign_in(world.jonas).post(url, {"value": "yes", "back": "board"}, **SENT)
    assert response.status_code == 302 and response.url.endswith(f"#c{commitment.pk}")
    assert Opinion.objects.get().value == "yes"
    assert 'aria-pressed="true"' in page(sign_in(world.jonas), "/de/commitments/")


def test_the_proposal_shows_the_answer_the_promise_and_the_way(world: World, client):
    answer(world, world.answering0, status="under_study", next_date=day_of(world.now) + 3 * DAY)
    answer(world, world.answering0, at=world.now)
    promised(world, world.answering0)
    html = page(client, f"/de/proposals/{world.answering0.receipt}/")
    assert "Antwort der Stadt" in html and "Wir bauen das." in html and "1 frühere Antwort" in html
    assert "Was die Stadt zugesagt hat" in html and "Aufgebaut" in html


def test_the_process_shows_what_came_of_it(world: World, client):
    assert "Was daraus wurde" not in page(client, f"/de/processes/{world.answering.slug}/")
    promised(world)
    assert "Was daraus wurde" in page(client, f"/de/processes/{world.answering.slug}/")


# --- the desk ---


def test_the_office_answers_and_promises_in_one_go(world: World, sign_in):
    client, today = sign_in(world.olga), day_of(world.now)
    url = f"/de/desk/answers/{world.answering0.receipt}/"
    assert "Bänke an der Aue" in page(client, "/de/desk/answers/")
    sent = form(
        world, promise="on", title_de="Bänke", title_en="Benches", due=str(today + 40 * DAY), budget="12.000",
        step1_de="Bestellt", step1_en="Ordered", step1_due=str(today + 10 * DAY),
    )  # fmt: skip
    response = client.post(url, sent, **SENT)
    assert response.status_code == 302
    assert OfficialAnswer.objects.get().reason_en == "We will build it."
    commitment = Commitment.objects.get()
    assert (commitment.title_de, commitment.budget, commitment.steps[0].name_en) == (
        "Bänke",
        12_000,
        "Ordered",
    )
    world.answering0.refresh_from_db()
    assert world.answering0.stage == Stage.PROMISED
    follow = client.get(response.url)
    assert "Das geht an" in follow.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": ""},
        {"reason_de": ""},
        {"status": "under_study"},
        {"promise": "on", "title_de": "Bänke"},
        {"promise": "on", "title_de": "Bänke", "due": "2099-01-01", "step1_de": "Ohne Termin"},
        {"office": "0"},
    ],
)
def test_a_form_with_something_missing_publishes_nothing(world: World, sign_in, wrong: dict[str, str]):
    response = sign_in(world.olga).post(
        f"/de/desk/answers/{world.answering0.receipt}/", form(world, **wrong), **SENT
    )
    assert response.status_code == 422 and "aria-invalid" in response.content.decode()
    assert not OfficialAnswer.objects.exists() and not Commitment.objects.exists()


def test_a_promise_that_is_refused_takes_the_answer_with_it(world: World, sign_in):
    sent = form(world, promise="on", title_de="Bänke", due=str(day_of(world.now) - DAY))
    response = sign_in(world.olga).post(f"/de/desk/answers/{world.answering0.receipt}/", sent, **SENT)
    assert response.status_code == 403
    assert not OfficialAnswer.objects.exists()


@pytest.mark.parametrize("who", ["amina", "mo", "clara"])
def test_the_desk_is_closed_to_others(world: World, sign_in, who: str):
    client = sign_in(world.people[who])
    page(client, "/de/desk/answers/", 403)
    page(client, "/de/desk/commitments/", 403)
    sent = client.post(f"/de/desk/answers/{world.answering0.receipt}/", form(world), **SENT)
    assert sent.status_code == 403 and not OfficialAnswer.objects.exists()


def test_a_promise_is_kept_at_the_desk(world: World, sign_in):
    client, commitment = sign_in(world.olga), promised(world)
    base = f"/de/desk/commitments/{commitment.pk}/"
    page(client, "/de/desk/commitments/")
    step = commitment.milestones.first()
    assert client.post(f"{base}start/", **SENT).status_code == 302
    assert client.post(f"{base}steps/{step.pk}/done/", {"spent": "4.000"}, **SENT).status_code == 302
    wrong = client.post(
        f"{base}delay/", {"delay-new_due": str(commitment.due), "delay-reason_de": "Holz"}, **SENT
    )
    assert wrong.status_code == 422
    later = {
        "delay-new_due": str(commitment.due + 9 * DAY),
        "delay-reason_de": "Holz",
        "delay-reason_en": "Wood",
    }
    assert client.post(f"{base}delay/", later, **SENT).status_code == 302
    assert client.post(f"{base}deliver/", {"deliver-spent": "12000"}, **SENT).status_code == 302
    page(client, base)
    assert client.post(f"{base}evaluate/", {"evaluate-text_de": "Gut gelaufen."}, **SENT).status_code == 302
    commitment.refresh_from_db()
    assert commitment.evaluated_at and commitment.spent == 12_000 and commitment.text_de == "Gut gelaufen."
    assert commitment.delays.get().reason_en == "Wood"


def test_a_step_of_another_promise_is_not_found(world: World, sign_in):
    one, other = promised(world), promised(world)
    step = other.milestones.first()
    response = sign_in(world.olga).post(f"/de/desk/commitments/{one.pk}/steps/{step.pk}/done/", {}, **SENT)
    step.refresh_from_db()
    assert response.status_code == 404 and step.done_at is None


def test_the_board_asks_the_same_number_of_questions_however_much_there_is(world: World, client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            page(client, "/de/commitments/")
        return len(caught)

    actions.deliver(commitment=promised(world), by=world.olga, at=world.now)
    late = promised(world)
    actions.delay_commitment(
        commitment=late, new_due=late.due + DAY, reason=both("x", "x"), by=world.olga, at=world.now
    )
    queries()  # places and offices are in memory from now on
    few = queries()
    for _number in range(6):
        more = promised(world)
        actions.delay_commitment(
            commitment=more, new_due=more.due + DAY, reason=both("x", "x"), by=world.olga, at=world.now
        )
    assert queries() == few <= 9
