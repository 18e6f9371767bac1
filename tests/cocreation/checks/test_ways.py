"""One human being, one entry, one vote, whichever ways they come by and in whichever order (REQ-30, REQ-31)."""

from __future__ import annotations

import itertools
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.actions import close_account
from accounts.models import Person
from cocreation import peppers
from cocreation.checks import actions, codes, desk, letters, limits, online, postal, retention
from cocreation.checks.attributes import Born
from cocreation.eligibility import claim
from cocreation.models import CheckSource, Eligibility, LetterBatch, LetterCode, Phase, Process
from cocreation.peppers import PepperGone, key_of
from groundwork import private
from groundwork.answer import No, Refused
from proposals.ballots import actions as ballots
from proposals.ballots import rules
from quartier.builders import make_person
from tests.cocreation.checks.checking import LINES, import_table, switch_on, table

pytestmark = pytest.mark.django_db


@pytest.fixture
def process(world, settings, tmp_path):
    settings.PRIVATE_DIR, settings.VOTE_KEYS_DIR = str(tmp_path / "private"), str(tmp_path / "keys")
    process = switch_on(world.collecting)
    import_table(process, world.ada, table(*LINES))
    return process


def number(process: Process, number: str) -> Any:
    """The entry of this number of the register."""
    return desk.by_number(process, number)


def now():
    return timezone.now()


# Yıldız of the register, number 4711, by every way.


def by_letter(process: Process, clara: Person) -> Any:
    entry = number(process, "4711")
    assert isinstance(entry, Eligibility)
    code, _serial = letters.slip(entry=entry, by=clara, at=now())
    found = letters.identify(process, code, at=now())
    return found.entry if isinstance(found, LetterCode) else found


def by_register(process: Process, clara: Person) -> Any:
    return postal.identify(process, postal="86199", born=Born(1988, 5, 17), at=now())


def by_online(process: Process, clara: Person) -> Any:
    return online.identify(process, {"number": "47 11"}, at=now())


def by_desk(process: Process, clara: Person) -> Any:
    return desk.identify(process, number="4711", at=now())


WAYS: dict[str, Callable[[Process, Person], Any]] = {
    "letter": by_letter,
    "register": by_register,
    "online": by_online,
    "desk": by_desk,
}


@pytest.mark.parametrize(("first", "second"), list(itertools.product(WAYS, repeat=2)))
def test_the_same_person_by_two_ways_has_one_entry_and_another_account_gets_none(
    process, world, first, second
):
    one = WAYS[first](process, world.clara)
    claim(entry=one, person=world.jonas, by_way_of=first, at=now())
    two = WAYS[second](process, world.clara)
    assert isinstance(two, Eligibility) and two.pk == one.pk
    # A later check by the same person is no conflict …
    assert claim(entry=two, person=world.jonas, by_way_of=second, at=now()).claimed_by_way_of == first
    # … by another account it is one, and it says what to do.
    with pytest.raises(Refused) as refused:
        claim(entry=WAYS[second](process, world.clara), person=world.amina, by_way_of=second, at=now())
    assert "another account" in str(refused.value.answer.reason) or "Konto" in str(
        refused.value.answer.reason
    )
    assert Eligibility.objects.claimed().filter(process=process).count() == 1


def test_by_all_ways_in_every_order_there_is_one_slot_and_one_vote(world, settings, tmp_path):
    """A running vote of a process that checks by itself: the entry has its slot before anybody claims it."""
    settings.PRIVATE_DIR, settings.VOTE_KEYS_DIR = str(tmp_path / "private"), str(tmp_path / "keys")
    process = switch_on(world.assessing)
    import_table(process, world.ada, table(*LINES))
    phase = process.phases.get(key="ballot")
    process.phases.filter(key="assessment").update(ends=now() - timedelta(days=2))
    Phase.objects.filter(pk=phase.pk).update(
        starts=now() - timedelta(days=1), audience={"vote": {"level": "verified"}}
    )
    from quartier.builders import make_assessment

    make_assessment(
        world.to_assess, by=world.olga, office=world.parks, at=now() - timedelta(days=3), cost=900
    )
    vote = ballots.open_vote(phase=phase, at=now())
    assert vote.eligible == len(LINES)
    options = ballots.options_of(vote)
    key = None
    for order in itertools.permutations(WAYS):
        for way in order:
            entry = WAYS[way](process, world.clara)
            claim(entry=entry, person=world.jonas, by_way_of=way, at=now())
            voter = rules.voter_key(Person.objects.get(pk=world.jonas.pk), vote.phase)
            assert key in (None, voter)
            key = voter
    for _again in range(2):
        jonas = Person.objects.get(pk=world.jonas.pk)
        ballots.cast(vote=vote, by=jonas, chosen=[options[0].pk], at=now())
    assert vote.slots.exclude(choice=None).count() == 1
    assert vote.slots.count() == len(LINES)
    with pytest.raises(Refused):
        ballots.cast(vote=vote, by=world.amina, chosen=[options[0].pk], at=now())
    # Now nobody can change how people are checked.
    with pytest.raises(Refused):
        actions.choose_checks(process=process, identity="city", ways=[], by=world.ada, at=now())


def test_in_two_processes_the_same_person_has_keys_that_say_nothing_of_each_other(process, world):
    other = switch_on(world.assessing)
    assert key_of(process, "4711") != key_of(other, "4711")
    import_table(other, world.ada, table(*LINES))
    mine = {bytes(key) for key in process.eligibilities.values_list("key", flat=True)}
    theirs = {bytes(key) for key in other.eligibilities.values_list("key", flat=True)}
    assert len(mine) == len(theirs) == len(LINES) and not mine & theirs
    assert not set(process.eligibilities.values_list("lookup", flat=True)) & set(
        other.eligibilities.values_list("lookup", flat=True)
    )


def test_without_the_pepper_nobody_can_be_found_again_by_any_way(process, world):
    code, _serial = letters.slip(entry=number(process, "4711"), by=world.clara, at=now())
    peppers.destroy(process)
    with pytest.raises(PepperGone):
        key_of(process, "4711")
    for way in ("register", "online", "desk"):
        assert isinstance(WAYS[way](process, world.clara), No)
    assert isinstance(letters.identify(process, code, at=now()), No)
    job = import_table(process, world.ada, table(*LINES))
    assert (job.state, job.failure) == ("failed", "over")


def test_a_person_with_one_entry_cannot_take_a_second_one(process, world):
    claim(entry=by_desk(process, world.clara), person=world.jonas, by_way_of="desk", at=now())
    neighbour = number(process, "4712")
    with pytest.raises(Refused):
        claim(entry=neighbour, person=world.jonas, by_way_of="desk", at=now())


def test_after_an_account_is_closed_its_person_can_come_back_with_another(process, world):
    claim(entry=by_desk(process, world.clara), person=world.jonas, by_way_of="desk", at=now())
    close_account(person=world.jonas, at=now())
    new = make_person("jonas2", "Jonas")
    entry = claim(entry=by_register(process, world.clara), person=new, by_way_of="register", at=now())
    assert entry.person == new


def test_an_entry_used_without_an_account_stays_there(process, world):
    guest = Person.objects.create(email="guest@guest.invalid", public_name="Gast", is_guest=True)
    claim(entry=by_desk(process, world.clara), person=guest, by_way_of="desk", at=now())
    with pytest.raises(Refused):
        claim(entry=by_desk(process, world.clara), person=world.jonas, by_way_of="desk", at=now())


def test_a_revoked_entry_cannot_be_claimed(process, world):
    entry = number(process, "4711")
    Eligibility.objects.update(revoked_at=now())
    with pytest.raises(Refused):
        claim(entry=entry, person=world.jonas, by_way_of="desk", at=now())


# --- postal code and date of birth ---


def test_two_people_with_one_birthday_are_asked_for_their_name_and_twins_are_sent_elsewhere(process):
    born = Born(1970, 4, 4)
    assert postal.find(process, postal="86150", born=born) is postal.SEVERAL
    found = postal.find(process, postal="86150", born=born, name="OZTÜRK")
    assert isinstance(found, Eligibility)
    assert not isinstance(postal.find(process, postal="86150", born=born, name="Fremd"), Eligibility)
    twins = postal.find(process, postal="86150", born=Born(2010, 3, 3), name="Zwilling")
    assert twins is postal.STILL_SEVERAL


def test_nobody_nothing_and_revoked_are_the_same_words(process):
    unknown = postal.find(process, postal="86150", born=Born(1900, 1, 1))
    Eligibility.objects.filter(residence="lindach").update(revoked_at=now())
    assert unknown is postal.find(process, postal="86199", born=Born(1988, 5, 17))
    assert unknown is postal.find(process, postal="", born=Born(1988, 5, 17))


def test_guessing_is_slowed_down_and_the_pause_says_until_when(process, client, sign_in, world):
    url = f"/de/processes/{process.slug}/identify/"
    client = sign_in(world.jonas)
    wrong = {"way": "postal", "postal": "86150", "born": "1911-01-01"}
    for _n in range(limits.TRIES["account"]):
        assert client.post(url, wrong).status_code == 422
    right = {"way": "postal", "postal": "86199", "born": "1988-05-17"}
    answer = client.post(url, right)
    assert answer.status_code == 422
    until = timezone.localtime(now() + limits.PAUSE)
    assert until.strftime("%H:%M") in answer.content.decode() or str(until.hour) in answer.content.decode()
    assert not Eligibility.objects.claimed().exists()


# --- codes ---


def test_a_code_finds_every_single_mistake_and_every_two_neighbours_that_changed_places():
    for _n in range(30):
        code = codes.make()
        assert codes.read(codes.shown(code).lower()) == code
        for place in range(codes.LENGTH):
            for other in codes.ALPHABET:
                if other != code[place]:
                    assert codes.read(code[:place] + other + code[place + 1 :]) is None
        for place in range(codes.LENGTH - 1):
            a, b = code[place], code[place + 1]
            if a != b:
                assert codes.read(code[:place] + b + a + code[place + 2 :]) is None
    assert not set("01OIL") & set(codes.ALPHABET)


def printing(printed: list[letters.Letter], some: list[letters.Letter]) -> bytes:
    """In place of the PDF: what would be printed."""
    printed += some
    return b"%PDF"


def make_batch(**about) -> LetterBatch:
    from cocreation.checks import jobs

    batch = letters.invite(age_band="", language="de", at=now(), **about)
    jobs.run(LetterBatch, batch.pk, letters.make)
    return LetterBatch.objects.get(pk=batch.pk)


def test_invitations_are_printed_once_and_only_their_hashes_are_kept(process, world, sign_in, monkeypatch):
    printed: list[letters.Letter] = []
    monkeypatch.setattr(letters.paper, "letters", lambda batch, some: printing(printed, some))
    batch = make_batch(process=process, count=3, place="lindach", by=world.ada)
    assert (batch.state, batch.made, len(printed)) == ("done", 3, 3)
    entries = Eligibility.objects.filter(process=process, source="invitation", invited=True)
    assert [entry.residence for entry in entries] == ["lindach"] * 3
    stored = str(list(LetterCode.objects.values())) + str(vars(batch))
    assert not any(letter.code in stored or letter.code.replace("-", "") in stored for letter in printed)
    client = sign_in(world.ada)
    url = f"/de/studio/{process.slug}/letters/{batch.pk}/print/"
    assert b"".join(client.post(url).streaming_content).startswith(b"PK")
    assert not list(private.folder().iterdir())
    assert client.post(url).status_code == 403

    found: Any = letters.identify(process, printed[0].code, at=now())
    assert (
        sign_in(world.jonas)
        .post(f"/de/processes/{process.slug}/identify/", {"way": "code", "code": printed[0].code})["Location"]
        .endswith("/identify/")
    )
    assert Eligibility.objects.get(person=world.jonas).pk == found.entry_id
    counts = letters.counts_of(process)[batch.pk]
    assert (counts.made, counts.redeemed, counts.revoked, counts.open) == (3, 1, 0, 2)

    assert letters.revoke(batch=batch, serial=2, by=world.ada, at=now()) == 1
    assert letters.identify(process, printed[1].code, at=now()) is letters.UNKNOWN_CODE
    with pytest.raises(Refused):
        letters.revoke(batch=batch, serial=1, by=world.ada, at=now())
    assert letters.revoke(batch=batch, by=world.ada, at=now()) == 1
    assert isinstance(letters.identify(process, printed[0].code, at=now()), LetterCode), "used codes stay"
    assert entries.standing().count() == 1


def test_letters_to_a_list_carry_addresses_that_are_nowhere_else(process, world, monkeypatch):
    from cocreation.checks import jobs
    from cocreation.models.pending import new_token

    printed: list[letters.Letter] = []
    monkeypatch.setattr(letters.paper, "letters", lambda batch, some: printing(printed, some))
    rows = [
        "4711;Amina;Yıldız;Dorfstraße 1;86199;Lindach",
        "4712;Jonas;Petersen;;86150;Auental",
        "9999;Nie;Da;Weg 1;1;X",
    ]
    data = table(*rows, "4711;A;Y;Weg 2;1;X", head="Ordnungsmerkmal;Vorname;Nachname;Straße;PLZ;Ort")
    token = new_token()
    private.keep(token, [data])
    batch = letters.upload(process=process, token=token, place="", language="de", by=world.ada, at=now())
    columns = letters.Layout.read(batch.layout).guess(letters.COLUMNS)
    assert list(columns.values()) == [0, 1, 2, 3, 4, 5]
    LetterBatch.objects.filter(pk=batch.pk).update(state="queued", columns=columns, beat_at=now())
    jobs.run(LetterBatch, batch.pk, letters.make)
    batch.refresh_from_db()
    assert (batch.state, batch.made) == ("done", 2)
    assert batch.problems == [[4, "not_in_register"], [5, "duplicate"]]
    assert printed[0].address == ["Amina Yıldız", "Dorfstraße 1", "86199 Lindach"]
    assert [file.name for file in private.folder().iterdir()] == [batch.file]
    letters.forget_files(now() + timedelta(hours=25))
    assert not list(private.folder().iterdir())
    found = letters.identify(process, printed[0].code, at=now())
    assert isinstance(found, LetterCode) and found.entry == number(process, "4711")


def test_the_letters_are_a_tagged_pdf_with_a_page_for_everyone(process, world):
    batch = make_batch(process=process, count=2, place="", by=world.ada)
    with zipfile.ZipFile(private.path_of(batch.file)) as archive:
        pdf = archive.read(archive.namelist()[0])
    assert pdf.startswith(b"%PDF") and b"StructTreeRoot" in pdf and b"pdfuaid" in pdf


# --- the desk ---


def test_a_clerk_finds_an_entry_and_attaches_it_or_gives_out_a_slip(process, world, sign_in):
    client, url = sign_in(world.clara), f"/de/desk/entries/{process.slug}/"
    page = client.post(url, {"act": "find", "number": "4711"})
    assert page.status_code == 200 and "Lindach" in page.content.decode()
    held = page.context["held"]
    assert client.post(url, {"act": "attach", "held": held, "email": world.jonas.email}).status_code == 302
    assert Eligibility.objects.get(person=world.jonas).claimed_by_way_of == "desk"
    # Of another account: the sentence stands beside the address.
    assert client.post(url, {"act": "attach", "held": held, "email": world.amina.email}).status_code == 422
    slip = client.post(url, {"act": "slip", "held": held})
    code = slip.context["code"]
    # The same person uses the slip online later: no conflict.
    home = f"/de/processes/{process.slug}/identify/"
    assert sign_in(world.jonas).post(home, {"way": "code", "code": code}).status_code == 302
    assert sign_in(world.amina).post(home, {"way": "code", "code": code}).status_code == 403
    assert client.post(url, {"act": "find", "number": "0815"}).status_code == 422


def test_clerks_add_people_only_where_the_process_says_so(process, world, sign_in):
    client, url = sign_in(world.clara), f"/de/desk/entries/{process.slug}/"
    new = {"act": "add", "number": "0815", "residence": "lindach", "born": "2009-01-01", "seen": "on"}
    assert client.post(url, new).status_code == 422
    CheckSource.objects.filter(process=process, adapter="desk").update(options={"adds": True})
    assert client.post(url, new).status_code == 200
    assert number(process, "0815").residence == "lindach"


def test_a_city_wide_check_keeps_the_band_of_a_date_of_birth_and_not_the_date(world, sign_in):
    send = {"email": world.jonas.email, "residence": "auental", "seen": "on", "born": "1990-02-01"}
    assert sign_in(world.clara).post("/de/desk/verify/", send).status_code == 302
    assert world.jonas.verifications.get().age_band == "27-64"


# --- the studio ---


def test_switching_is_refused_once_somebody_relies_on_it(world, sign_in):
    process = world.announced
    ways = ["desk", "letters"]
    actions.choose_checks(process=process, identity="register", ways=ways, by=world.ada, at=now())
    assert CheckSource.objects.filter(process=process, active=True).count() == 2
    entry: Any = desk.add(process, number="1", attributes=letters_attributes())
    claim(entry=entry, person=world.jonas, by_way_of="desk", at=now())
    with pytest.raises(Refused):
        actions.choose_checks(process=process, identity="city", ways=[], by=world.ada, at=now())
    assert Process.objects.get(pk=process.pk).identity == "register"
    page = sign_in(world.ada).post(f"/de/studio/{process.slug}/identity/", {"identity": "city"})
    assert page.status_code == 422


def letters_attributes():
    from cocreation.checks.base import Attributes

    return Attributes("lindach", "27-64")


@pytest.mark.parametrize(
    ("way", "sample", "says"),
    [
        ("register", {"number": "1", "postal": "86199", "born": "17.5.1988"}, "Lindach"),
        ("register", {"number": "1", "postal": "11111", "born": "17.5.1988"}, ""),
        ("postal", {"postal": "86150", "born": "17.5.1988"}, "Auental"),
        ("oidc", {"claims": '{"birthdate": "1988-05-17", "plz": "86199", "nr": 7}'}, "Lindach"),
        ("desk", {"place": "Lindach", "born": "1988-05-17"}, "Lindach"),
        ("letters", {"code": "ABCD-EFGH-JKMN"}, ""),
    ],
)
def test_a_sample_shows_what_would_come_back_and_stores_nothing(
    process, world, sign_in, settings, way, sample, says
):
    provider = {
        "name": "Bund",
        "issuer": "https://id.example",
        "client_id": "q",
        "claims": {"postal": "plz", "number": "nr"},
    }
    settings.CHECK_PROVIDERS = {"bund": provider}
    before = (Eligibility.objects.count(), list(CheckSource.objects.values()))
    page = sign_in(world.ada).post(f"/de/studio/{process.slug}/identity/{way}/", {"act": "test", **sample})
    assert page.status_code == 200
    assert bool(page.context["tested"]) is bool(says)
    if says:
        assert says in str(page.context["tested"].words())
    assert (Eligibility.objects.count(), list(CheckSource.objects.values())) == before


def test_postal_codes_are_typed_as_a_table_and_mistakes_name_their_line(process, world, sign_in):
    client, url = sign_in(world.ada), f"/de/studio/{process.slug}/identity/register/"
    good = {"act": "save", "postal": "86150 = Auental\n\n86199=lindach", "age_on": "2027-05-23"}
    assert client.post(url, good).status_code == 302
    source = CheckSource.objects.get(process=process, adapter="register")
    assert source.options == {"postal": {"86150": "auental", "86199": "lindach"}, "age_on": "2027-05-23"}
    answer = client.post(url, good | {"postal": "86150 = Auental\n86151 Nirgends"})
    assert answer.status_code == 422 and "2" in str(answer.context["form"].errors["postal"])


# --- afterwards ---


def test_thirty_days_after_the_end_everything_that_leads_to_people_is_gone(process, world):
    claim(entry=by_letter(process, world.clara), person=world.jonas, by_way_of="letter", at=now())
    end = process.phases.latest("ends").ends
    assert process not in retention.due(end + timedelta(days=29))
    assert process in retention.due(end + timedelta(days=30))
    retention.forget_due(end + timedelta(days=30))
    assert process.eligibilities.count() == len(LINES)
    left = set(
        process.eligibilities.values_list(
            "person", "residence", "age_band", "claimed_at", "lookup", "lookup_name"
        )
    )
    assert left == {(None, "", "", None, None, None)}
    assert not LetterCode.objects.exists()
    with pytest.raises(PepperGone):
        key_of(process, "4711")
    assert process not in retention.due(end + timedelta(days=31))


# --- the way of somebody without an account ---


def test_a_visitor_with_a_code_goes_on_without_an_account(process, world, client):
    """What the button does claims the entry and uses up the code."""
    code, _serial = letters.slip(entry=number(process, "4711"), by=world.clara, at=now())
    home = f"/de/processes/{process.slug}/identify/"
    page = client.post(home, {"way": "code", "code": code, "next": "//evil.example/"})["Location"]
    assert client.post(page).status_code == 403
    assert "Ohne Konto weiter" in client.get(page).content.decode()
    answer = client.post(page, {"without": "guests"})
    assert answer["Location"] == process.get_absolute_url(), "and never to another site"
    assert Eligibility.objects.get(person__is_guest=True).residence == "lindach"
    assert LetterCode.objects.get().redeemed_at is not None
    assert client.get(page).status_code == 404
