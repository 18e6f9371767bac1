"""Rights with a clock: filed, answered with reasons within a month, told; a restriction restricts (REQ-57)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.minors import may_profile
from accounts.privacy import forgetting, requests
from accounts.privacy.models import Erasure, Request
from cocreation import audit
from cocreation.four_eyes import ask_who_wrote
from feedback.notices import fanout
from feedback.notices.manifest import read
from feedback.notices.models import Device, Kind, Notice, Push, Rhythm
from groundwork.answer import Refused
from groundwork.journal import api as journal
from groundwork.journal.models import Entry
from quartier.builders import make_person

AT = datetime(2026, 1, 31, 9, tzinfo=UTC)
DAY = timedelta(days=1)
HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}


@pytest.fixture
def amina(db):
    return make_person("amina", "Amina")


@pytest.fixture
def ada(db):
    return make_person("ada", "Ada")


def _file(person, kind=Request.Kind.CORRECTION, about="", at=AT) -> Request:
    return requests.file(person=person, kind=kind, about=about, words="Das stimmt nicht.", at=at)


def _tell(now) -> None:
    entries = Entry.objects.filter(at__gte=now, verb__in=fanout.VERBS).order_by("pk")
    read(list(entries))
    fanout.spread(now)


def test_the_clock_is_a_month_of_the_calendar(amina) -> None:
    assert _file(amina).due_at == datetime(2026, 2, 28, 9, tzinfo=UTC)
    assert requests.months_later(datetime(2026, 11, 15, 9, tzinfo=UTC), 3).date().isoformat() == "2027-02-15"


def test_more_time_is_taken_once_with_reasons_and_within_the_month(amina, ada) -> None:
    made = _file(amina)
    late = _file(amina, Request.Kind.ACCESS)
    longer = requests.extend(request=made, why="Wir fragen beim Amt.", by=ada, at=made.due_at - DAY)
    assert longer.due_at.date().isoformat() == "2026-04-30"
    for request, at in ((made, AT + DAY), (late, late.due_at)):
        with pytest.raises(Refused):
            requests.extend(request=request, why="x", by=ada, at=at)
    late.refresh_from_db()
    assert late.extended_at is None


def test_an_answer_needs_reasons_and_the_person_is_told_by_mail_too(amina, ada) -> None:
    made = _file(amina)
    with pytest.raises(IntegrityError), transaction.atomic():
        Request.objects.filter(pk=made.pk).update(answered_at=AT, outcome="refused", answer="")
    requests.answer(request=made, outcome="refused", words="Es stimmt so.", by=ada, at=AT + DAY)
    with pytest.raises(Refused):
        requests.answer(request=made, outcome="granted", words="Doch.", by=ada, at=AT + DAY)
    _tell(AT + DAY)
    told = Notice.objects.get(verb="privacy_request.answered")
    assert (told.person_id, told.kind, told.rhythm) == (amina.pk, Kind.DATA.value, Rhythm.IMMEDIATE.value)
    # … and it stands among what the city did with their data.
    lines, _next = audit.lines(None, about=amina.pk)
    assert [str(line.did) for line in lines] == ["Anfrage zu Daten beantwortet"]


def test_nobody_answers_their_own(amina) -> None:
    made = _file(amina)
    with pytest.raises(Refused):
        requests.answer(request=made, outcome="granted", words="Ja.", by=amina, at=AT)
    assert Request.objects.open().filter(pk=made.pk).exists()


def test_it_says_what_it_is_about(amina) -> None:
    with pytest.raises(Refused):
        _file(amina, Request.Kind.OBJECTION, about="newsletter")  # a consent is taken back, not objected to
    with pytest.raises(Refused):
        _file(amina, Request.Kind.DATASET, about="proposals")  # open to everybody
    assert not Request.objects.exists()
    assert _file(amina, Request.Kind.OBJECTION, about="telling").about == "telling"


def test_a_table_on_request_goes_through_its_states(world, client) -> None:
    """REQ-57: asked for from its page, a deadline, a refusal with reasons that the person reads."""
    slug = requests.asks_for()[0][0]
    page = client.get(f"/en/data/{slug}/").content.decode()
    ask = f"/en/me/data/requests/new/dataset/?about={slug}"
    assert f'href="{ask}"' in page
    client.force_login(world.jonas)
    assert f'value="{slug}" selected' in client.get(ask).content.decode()
    client.post(ask, {"about": slug, "words": "For my thesis."}, **HERE)
    made = Request.objects.get(person=world.jonas, kind="dataset")
    mine = "/en/me/data/requests/"
    assert "The city answers by" in client.get(mine).content.decode()
    requests.answer(
        request=made,
        outcome="refused",
        words="People could be found in it.",
        by=world.ada,
        at=world.now + DAY,
    )
    shown = client.get(mine).content.decode()
    assert "refused" in shown and "People could be found in it." in shown


# --- a restriction restricts ---


def test_from_the_moment_it_is_asked_for_nothing_goes_out_and_nobody_looks_them_up(world) -> None:
    jonas = world.jonas
    thing = world.proposals["answering1"].contribution
    type(thing).objects.filter(pk=thing.pk).update(author=jonas)
    thing.refresh_from_db()
    waiting = Notice.objects.create(
        person=jonas, entry_id=10**9, verb="phase.opened", kind=Kind.MINE, created_at=world.now, due_at=world.now,
        rhythm=Rhythm.IMMEDIATE, subject_label="cocreation.Phase", subject_key="1",
    )  # fmt: skip
    device = Device.objects.create(
        person=jonas, endpoint="https://push.example.org/j", p256dh="-", auth="-", kinds=["my_contributions"],
        name="", made_at=world.now,
    )  # fmt: skip
    Push.objects.create(device=device, notice=waiting, due_at=world.now, attempts=0)
    assert may_profile(jonas, world.now)

    made = _file(jonas, Request.Kind.RESTRICTION, at=world.now)

    jonas.refresh_from_db()
    waiting.refresh_from_db()
    assert (jonas.restricted_since, waiting.due_at, Push.objects.filter(device=device).count()) == (
        world.now, None, 0,
    )  # fmt: skip
    assert not may_profile(jonas, world.now)
    with pytest.raises(Refused):
        ask_who_wrote(contribution=thing, reason="Weil.", by=world.clara, at=world.now)
    journal.record("contribution.hidden", on=thing, at=world.now, process=thing.process, by=world.mo)
    requests.answer(request=made, outcome="granted", words="Gut.", by=world.ada, at=world.now)
    _tell(world.now)
    told = dict(Notice.objects.filter(person=jonas, created_at=world.now).values_list("verb", "rhythm"))
    assert told["contribution.hidden"] == Rhythm.NONE.value
    assert told["privacy_request.answered"] == Rhythm.IMMEDIATE.value  # about their own data

    # It was granted and holds until they end it.
    requests.withdraw(request=made, by=jonas, at=world.now + DAY)
    jonas.refresh_from_db()
    assert jonas.restricted_since is None and may_profile(jonas, world.now)


def test_one_that_is_refused_ends_with_the_answer(amina, ada) -> None:
    made = _file(amina, Request.Kind.RESTRICTION)
    with pytest.raises(Refused):
        _file(amina, Request.Kind.RESTRICTION)
    requests.answer(request=made, outcome="refused", words="Kein Grund.", by=ada, at=AT + DAY)
    amina.refresh_from_db()
    assert amina.restricted_since is None


def test_the_desk_sees_the_clock(world, client) -> None:
    client.force_login(world.ada)
    Request.objects.filter(pk=world.request.pk).update(due_at=world.now - DAY)
    page = client.get("/en/desk/privacy/").content.decode()
    assert "due since" in page and "something is overdue" in page
    sent = client.post(
        f"/en/desk/privacy/requests/{world.request.pk}/answer/",
        {"outcome": "granted", "words": "Ist berichtigt."},
        **HERE,
    )
    assert sent.status_code == 302
    page = client.get("/en/desk/privacy/").content.decode()
    assert "Nobody waits for an answer." in page and "due since" not in page


def test_who_is_forgotten_asks_for_nothing_any_more(amina) -> None:
    made = _file(amina)
    forgetting.ask(person=amina, way=Erasure.Way.REMOVE, at=AT + DAY)
    made.refresh_from_db()
    assert (made.person_id, made.is_open, made.words) == (None, False, "–")
