"""Audiences: read as data, said in words, asked of a person, and turned round into a query."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.ages import BANDS, STARTS, band_of, bands, years_between
from accounts.models import Person, Verification
from cocreation.audience import KINDS, Audience, AudienceError
from cocreation.models import Eligibility, Group, GroupMembership, Phase, Process
from cocreation.standing import Standing
from proposals.ballots import rules

pytestmark = pytest.mark.django_db

# --- as data ---

CONDITIONS = st.fixed_dictionaries(
    {},
    optional={
        "level": st.sampled_from(["anyone", "confirmed", "verified"]),
        "places": st.lists(st.sampled_from(["lindach", "auental"]), max_size=2),
        "age": st.sampled_from([{"from": 14, "to": 21}, {"to": 17}, {"from": 65}]),
        "organisations": st.lists(st.sampled_from(sorted(KINDS)), max_size=2),
        "group": st.sampled_from(["", "youth-council"]),
        "code": st.booleans(),
    },
)
AUDIENCES = st.recursive(
    CONDITIONS,
    lambda below: st.fixed_dictionaries({"any": st.lists(below, min_size=1, max_size=3)}),
    max_leaves=5,
)


@given(AUDIENCES)
def test_an_audience_is_the_same_after_storing_and_reading(stored):
    audience = Audience.read(stored)
    assert Audience.read(audience.store()) == audience


@pytest.mark.parametrize(
    "stored",
    [
        "verified", [], None, {"level": "gods"}, {"levels": "verified"}, {"places": "lindach"}, {"places": [7]},
        {"age": {}}, {"age": {"from": "14"}}, {"age": {"from": 15}}, {"age": {"from": 22, "to": 17}}, {"age": {"from": True}},
        {"organisations": ["mafia"]}, {"group": 7}, {"code": "yes"}, {"any": {"level": "anyone"}}, {"all": []},
        {"all": [{"group": "a"}, {"group": "b"}]}, {"any": [{"any": [{"any": [{"any": [{"any": [{}]}]}]}]}]},
        {"any": [{}] * 21},
    ],
)  # fmt: skip
def test_what_is_not_an_audience_is_refused(stored):
    with pytest.raises(AudienceError):
        Audience.read(stored)


def test_conditions_under_all_are_one_audience():
    one = {"all": [{"places": ["lindach"]}, {"age": {"from": 14}}]}
    assert Audience.read(one) == Audience.read({"places": ["lindach"], "age": {"from": 14}})
    both = Audience.read({"all": [{"any": [{"code": True}, {"group": "a"}]}, {"any": [{"age": {"to": 17}}]}]})
    assert [way.store() for way in both.ways] == [
        {"age": {"to": 17}, "code": True},
        {"age": {"to": 17}, "group": "a"},
    ]


# --- in words ---

SENTENCES = [
    ({"level": "anyone"}, "everyone, without an account"),
    ({"level": "verified"}, "residents whose address is confirmed"),
    ({"places": ["lindach"]}, "people who live in Lindach"),
    ({"places": ["lindach", "auental"], "age": {"from": 14, "to": 21}}, "people who are 14 to 21 years old and live in Lindach or Auental"),
    ({"organisations": ["company", "civil_society"]}, "people who speak for companies or associations"),
    ({"any": [{"level": "verified"}, {"group": "youth-council"}]}, "residents whose address is confirmed; or people who belong to the group “Youth council”"),
    ({"code": True, "any": [{"age": {"to": 13}}, {"age": {"from": 65}}]}, "people who have an invitation, namely people who are 13 years old or younger; or people who are 65 years old or older"),
]  # fmt: skip


@pytest.mark.parametrize(("stored", "words"), SENTENCES)
def test_an_audience_is_said_in_plain_words(world, stored, words):
    Group.objects.create(slug="youth-council", name_de="Jugendrat", name_en="Youth council")
    with translation.override("en"):
        assert str(Audience.read(stored).sentence()) == words


# --- asked, and turned round ---


@pytest.fixture
def council(world) -> Group:
    """Jonas belongs to the youth council; Amina did and left."""
    group = Group.objects.create(slug="youth-council", name_de="Jugendrat", name_en="Youth council")
    GroupMembership.objects.create(group=group, person=world.jonas, since=world.now)
    GroupMembership.objects.create(group=group, person=world.amina, since=world.now, ended_at=world.now)
    Verification.objects.filter(person=world.amina).update(age_band="18-21")
    return group


CITY = [
    ({"level": "confirmed"}, {"amina", "jonas", "ines", "paula", "olga", "mo", "clara", "ada"}),
    ({"level": "verified"}, {"amina", "ines", "paula"}),
    ({"places": ["lindach"]}, {"amina", "paula"}),
    ({"places": ["auental"]}, {"amina", "ines", "paula"}),  # Lindach is a village of Auental
    ({"age": {"from": 14, "to": 21}}, {"amina"}),
    ({"age": {"to": 17}}, set()),
    ({"organisations": ["company"]}, {"ines"}),
    ({"group": "youth-council"}, {"jonas"}),
    ({"any": [{"places": ["lindach"]}, {"group": "youth-council"}]}, {"amina", "jonas", "paula"}),
    ({"level": "verified", "any": [{"organisations": ["company"]}, {"age": {"from": 18}}]}, {"amina", "ines"}),
    ({"organisations": ["company"], "group": "youth-council"}, set()),
]  # fmt: skip


@pytest.mark.parametrize(("stored", "admitted"), CITY)
def test_the_question_and_the_query_admit_the_same_people(world, council, stored, admitted):
    phase = Phase(process=world.voting, audience={"vote": stored}, method="ballot", acts=["vote"])
    Person.objects.create(email="guest@account.invalid", public_name="Gast", is_guest=True)
    asked = {
        person.email.split("@")[0]
        for person in Person.objects.all()
        if phase.audience_of("vote").admits(Standing(person, world.voting, world.now))
    }
    found = {person.email.split("@")[0] for person in rules.eligible_people(phase, world.now)}
    assert asked == found == admitted


def test_where_a_process_has_its_own_register_only_its_entries_count(world):
    world.voting.identity = "register"
    phase = Phase(
        process=world.voting,
        audience={"vote": {"places": ["lindach"], "age": {"from": 14, "to": 21}}},
        method="ballot",
    )
    rows = [
        ("lindach", "18-21", world.jonas),
        ("lindach", "65-", None),
        ("auental", "14-15", None),
        ("lindach", "14-15", None),
    ]
    for number, (residence, band, person) in enumerate(rows):
        Eligibility.objects.create(
            process=world.voting, key=bytes([number] * 32), residence=residence, age_band=band, person=person,
            source="register", claimed_at=world.now if person else None,
        )  # fmt: skip
    Eligibility.objects.create(
        process=world.collecting,
        key=bytes([0] * 32),
        residence="lindach",
        age_band="14-15",
        source="register",
    )
    assert rules.counts_entries(phase)
    assert sorted(rules.eligible_keys(phase, world.now)) == ["entry:" + "00" * 32, "entry:" + "03" * 32]
    admits = phase.audience_of("vote").admits
    assert admits(Standing(world.jonas, world.voting, world.now))
    # Amina's address is confirmed by the city; this process asks its own register.
    refusal = admits(Standing(world.amina, world.voting, world.now))
    assert not refusal
    assert refusal.identify
    assert refusal.next_url.endswith("/identify/")
    assert rules.voter_key(world.jonas, phase) == "entry:" + "00" * 32


def test_a_mixed_audience_counts_accounts():
    register, city = Process(identity="register"), Process(identity="city")
    for stored, in_register, in_city in [
        ({"level": "verified"}, True, False),
        ({"code": True}, True, True),
        ({"any": [{"code": True}, {"level": "verified"}]}, True, False),
        ({"any": [{"code": True}, {"group": "a"}]}, False, False),
        ({"level": "confirmed"}, False, False),
    ]:
        audience = Audience.read(stored)
        assert audience.counts_entries(register) is in_register, stored
        assert audience.counts_entries(city) is in_city, stored


# --- ages ---


@given(
    st.dates(dt.date(1910, 1, 1), dt.date(2030, 1, 1)), st.dates(dt.date(2026, 1, 1), dt.date(2030, 12, 31))
)
def test_every_age_lies_in_exactly_one_band(born, on):
    if born > on:
        with pytest.raises(ValueError, match="alive"):
            band_of(born, on)
        return
    band, years = band_of(born, on), years_between(born, on)
    inside = [
        each for each in BANDS if years in range(int(each.split("-")[0]), int(each.split("-")[1] or 200) + 1)
    ]
    assert inside == [band]


@pytest.mark.parametrize(("on", "years"), [("2026-03-13", 13), ("2026-03-14", 14)])
def test_one_is_older_on_the_birthday(on, years):
    assert years_between(dt.date(2012, 3, 14), dt.date.fromisoformat(on)) == years


def test_who_was_born_on_a_leap_day_is_older_in_march():
    assert years_between(dt.date(2012, 2, 29), dt.date(2026, 2, 28)) == 13
    assert years_between(dt.date(2012, 2, 29), dt.date(2026, 3, 1)) == 14


def test_bands_between_two_lines():
    assert bands(14, 21) == ("14-15", "16-17", "18-21")
    assert bands(None, None) == BANDS
    assert bands(STARTS[-1], None) == ("65-",)
