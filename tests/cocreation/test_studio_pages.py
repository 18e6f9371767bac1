"""The pages of the studio: who may do what is filled in, drafts save themselves, two people do not overwrite each other,
and the line can be changed by plain forms, without a script."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import translation

from cocreation import group_actions
from cocreation.actions import change_phase
from cocreation.audience import Audience
from cocreation.audience_form import alternatives
from cocreation.models import Group, GroupMembership, Phase, Process
from groundwork.answer import Refused
from groundwork.journal.models import Entry
from tests.cocreation.test_studio import HERE, change, moment

PHASE = "/en/studio/draft/phases/ballot/"


def ballot(world) -> Any:
    return Phase.objects.get(process=world.processes["draft"], key="ballot")


def filled(phase: Any, **more) -> dict:
    """The form of the ballot phase as the page sends it when nobody touches it."""
    form = {
        "version": phase.version,
        "name_de": phase.name_de,
        "name_en": phase.name_en,
        "lane": phase.lane,
        "acts": phase.acts,
        "audience_vote": "verified",
        "audience_see_results": "anyone",
        "option_rule": "greedy_cost",
        "option_tie_rule": "lowest_cost_then_id",
        "option_kind": "approval",
        "option_within_budget": "on",
        "option_points": "10",
        "option_min_choices": "1",
        **moment("starts", phase.starts),
        **moment("ends", phase.ends),
    }
    return form | more


def send(client, form, mode="", path=PHASE):
    return client.post(path, form, **HERE, **({"HTTP_X_STUDIO": mode} if mode else {}))


def live(answer, name: str) -> str:
    """What stands in a part of the page that follows the typing, as text."""
    page = answer.content.decode()
    found = re.search(rf'<(\w+)[^>]* id="{name}" data-live[^>]*>(.*?)</\1>(?!</span>)', page, re.DOTALL)
    assert found, name
    return " ".join(re.sub(r"<[^>]+>", " ", found[2]).split())


# --- who may do what ---


def test_conditions_and_ways_are_filled_in_and_said(world, sign_in):
    form = filled(
        ballot(world),
        audience_vote_places=["lindach"],
        audience_vote_from="14",
        audience_vote_to="21",
        audience_vote_or1="confirmed",
        audience_vote_or1_organisations=["company"],
    )
    ada = sign_in(world.ada)
    assert send(ada, form).status_code == 302
    assert ballot(world).audience["vote"] == {
        "any": [
            {"level": "verified", "places": ["lindach"], "age": {"from": 14, "to": 21}},
            {"organisations": ["company"]},
        ]
    }
    page = ada.get(PHASE)
    assert live(page, "say-vote") == (
        "For people who are 14 to 21 years old and live in Lindach; or people who speak for companies."
    )
    # What was chosen stands in the form again.
    for chosen in (
        'name="audience_vote_places" value="lindach" id="id_audience_vote_places_1" checked',
        'value="21" selected',
        'name="audience_vote_or1_organisations" class="vh" value="company"',
    ):
        assert chosen in page.content.decode()
    assert "Menschen, die 14 bis 21 Jahre alt sind und in Lindach leben" in live(
        ada.get(PHASE.replace("/en/", "/de/")), "say-vote"
    )


def test_the_rule_of_a_vote_is_chosen_among_sentences_and_an_unknown_one_is_refused(world, sign_in):
    ada = sign_in(world.ada)
    page = ada.get(PHASE).content.decode()
    assert page.count('name="option_rule"') == 7 and page.count('name="option_tie_rule"') == 3
    assert "a group that is a tenth of the voters decides on about a tenth of the money" in page
    assert send(ada, filled(ballot(world), option_rule="dice")).status_code == 422
    assert (ballot(world).opts.rule, ballot(world).opts.tie_rule) == ("greedy_cost", "lowest_cost_then_id")
    form = filled(ballot(world), option_rule="add1u_cost", option_tie_rule="lot")
    assert send(ada, form).status_code == 302
    assert (ballot(world).opts.rule, ballot(world).opts.tie_rule) == ("add1u_cost", "lot")


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"audience_vote": "confirmed", "audience_vote_places": ["lindach"]}, "audience_vote_places", "only known of residents"),
        ({"audience_vote": "anyone", "audience_vote_to": "17"}, "audience_vote_to", "only known of residents"),
        ({"audience_vote_from": "65", "audience_vote_to": "17"}, "audience_vote_to", "Nobody is of this age"),
        ({"audience_vote_from": "15"}, "audience_vote_from", "15"),  # lines of age are drawn at borders of bands
        ({"audience_vote_group": "nobody-knows"}, "audience_vote_group", "nobody-knows"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_next_to_its_field(world, sign_in, fields, field, words):
    before = ballot(world).audience
    answer = send(sign_in(world.ada), filled(ballot(world), **fields))
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert set(errors) == {field}
    assert words in errors[field][0]
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert ballot(world).audience == before


def test_the_same_people_for_all_acts(world, sign_in):
    form = filled(ballot(world), audience_vote_places=["auental"], same_audience="vote")
    assert send(sign_in(world.ada), form).status_code == 302
    stored = ballot(world).audience
    assert stored["vote"] == stored["see_results"] == {"level": "verified", "places": ["auental"]}


def test_what_the_editor_cannot_show_stays_as_it_is(world, sign_in):
    deep = {"group": "a", "any": [{"group": "b"}, {"code": True}]}
    assert alternatives(Audience.read(deep)) is None
    Phase.objects.filter(pk=ballot(world).pk).update(audience={"vote": deep})
    ada = sign_in(world.ada)
    assert 'value="kept"' in ada.get(PHASE).content.decode()
    assert send(ada, filled(ballot(world), audience_vote="kept")).status_code == 302
    assert Audience.read(ballot(world).audience["vote"]) == Audience.read(deep)


def test_ways_with_a_common_condition_are_multiplied_out():
    audience = Audience.read({"group": "a", "any": [{"code": True}, {"places": ["lindach"]}]})
    found = alternatives(audience)
    assert [way.store() for way in found] == [
        {"group": "a", "code": True},
        {"level": "verified", "places": ["lindach"], "group": "a"},
    ]


# --- drafts save themselves ---


def test_a_draft_saves_itself_and_says_when(world, sign_in):
    phase = ballot(world)
    answer = send(sign_in(world.ada), filled(phase, name_en="Choose"), "save")
    assert answer.status_code == 200
    assert "Saved at" in live(answer, "saved")
    assert f'name="version" value="{phase.version + 1}"' in answer.content.decode()
    assert (ballot(world).name_en, ballot(world).changed_by) == ("Choose", world.ada)
    assert not Entry.objects.filter(verb="process.changed").exists()


def test_what_is_wrong_is_not_saved_and_nothing_of_it_is_lost(world, sign_in):
    phase = ballot(world)
    form = filled(phase, name_en="Choose", **moment("ends", phase.starts))
    answer = send(sign_in(world.ada), form, "save")
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"ends"}
    assert 'value="Choose"' in answer.content.decode()
    assert ballot(world).name_en == phase.name_en


def test_saving_what_is_stored_already_changes_no_version(world, sign_in):
    ada, phase = sign_in(world.ada), ballot(world)
    send(ada, filled(phase), "save")
    first = ballot(world).version
    send(ada, filled(ballot(world)), "save")
    assert ballot(world).version == first


def test_a_public_process_never_saves_itself_but_shows_what_would_be(world, sign_in):
    public = world.processes["collecting"]
    phase: Any = Phase.objects.get(process=public, key="ballot")
    form = filled(phase, name_en="Other", audience_vote_places=["lindach"])
    answer = send(sign_in(world.ada), form, "save", "/en/studio/collecting/phases/ballot/")
    assert answer.status_code == 200
    assert live(answer, "say-vote") == "For people who live in Lindach."
    phase.refresh_from_db()
    assert phase.name_en == "Vote"


def test_who_saves_second_sees_both_versions_and_decides(world, sign_in):
    ada, phase = sign_in(world.ada), ballot(world)
    opened = filled(phase, name_en="Mine", audience_vote="confirmed")
    by = world.people["olga"]
    change_phase(
        phase=phase, change=change(phase, name={"de": "Wahl", "en": "Theirs"}), by=world.ada, at=world.now
    )
    Phase.objects.filter(pk=phase.pk).update(changed_by=by)
    answer = send(ada, opened, "save")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Olga Brandt changed this meanwhile" in page
    rows = {str(each.label): (str(each.mine), str(each.theirs)) for each in answer.context["differences"]}
    assert rows["Name of the phase (English)"] == ("Mine", "Theirs")
    assert rows["Who may do this: vote?"] == (
        "everyone with a confirmed e-mail address", "residents whose address is confirmed",
    )  # fmt: skip
    assert ballot(world).name_en == "Theirs"
    # The page now knows the newer version: saving it again is meant.
    again = opened | {"version": ballot(world).version}
    assert f'name="version" value="{again["version"]}"' in page
    assert send(ada, again).status_code == 302
    assert ballot(world).name_en == "Mine"


def test_the_texts_of_a_draft_save_themselves_too(world, sign_in):
    ada, draft = sign_in(world.ada), world.processes["draft"]
    page = ada.get("/en/studio/draft/texts/")
    form = {
        name: field.value() for name in page.context["form"].fields if (field := page.context["form"][name])
    }
    form = {name: value for name, value in form.items() if value is not None and name != "answer_by"}
    form |= {
        "places": [world.town.pk],
        "question_de": "Die Ideen werden durch die Ämter geprüft.",
        "question_en": "",
    }
    answer = send(ada, form, "save", "/en/studio/draft/texts/")
    assert answer.status_code == 200, answer.context["form"].errors
    draft.refresh_from_db()
    assert (draft.question_en, draft.version) == ("", 1)
    assert live(answer, "languages") == "German: complete English: 1 text is missing"
    assert "say who does it" in live(answer, "about-question_de")
    assert "still missing (English)" in live(answer, "about-question_en")
    form["version"] = 0
    assert send(ada, form, "save", "/en/studio/draft/texts/").status_code == 409


# --- the line, without a script ---


def keys(lane: int = 0) -> list[str]:
    process = Process.objects.get(slug="draft")
    return [phase.key for phase in process.line if phase.lane == lane]


def test_a_phase_is_added_moved_doubled_and_taken_out_by_plain_forms(world, sign_in):
    ada = sign_in(world.ada)
    page = ada.get("/en/studio/draft/add/").content.decode()
    assert "The offices check what is feasible" in page
    assert 'value="0:after=ballot" selected' in page  # before the answer of the city
    sent = ada.post("/en/studio/draft/add/", {"method": "ideas", "where": "0:after=ballot"}, **HERE)
    assert sent.url == "/en/studio/draft/phases/ideas-2/"
    assert keys() == ["ideas", "assessment", "ballot", "ideas-2", "answer"]
    overview = ada.get("/en/studio/draft/").content.decode()
    assert "to a new lane 3" in overview
    move = "/en/studio/draft/phases/ideas-2/move/"
    assert re.search(r'name="to" value="0:2" aria-describedby="say-ideas-2-1"', overview)
    assert "keeps its dates. No other dates move." in overview
    assert ada.get(f"{move}?to=0:2", HTTP_X_REQUESTED_WITH="fetch").content.decode().startswith("“Collect")
    assert keys()[3] == "ideas-2"  # looking changed nothing
    assert ada.post(move, {"to": "0:2"}, **HERE).status_code == 302
    assert keys() == ["ideas", "assessment", "ideas-2", "ballot", "answer"]
    assert "is moved. New dates have: “Vote”" in ada.get("/en/studio/draft/").content.decode()
    assert ada.post(move, {"to": "1:0"}, **HERE).status_code == 302
    assert keys(1) == ["ideas-2", "talk"]
    assert ada.post(move, {"to": "7:0"}, **HERE).status_code == 422
    assert ada.post("/en/studio/draft/phases/ideas-2/duplicate/", **HERE).status_code == 302
    assert keys(1) == ["ideas-2", "ideas-3", "talk"]
    assert ada.post("/en/studio/draft/phases/ideas-2/remove/", **HERE).status_code == 302
    overview = ada.get("/en/studio/draft/").content.decode()
    back = re.search(r'action="(/en/studio/draft/removed/\d+/)"', overview)[1]
    assert ada.post(back, **HERE).status_code == 302
    assert keys(1) == ["ideas-2", "ideas-3", "talk"]


def test_another_method_is_asked_for_before_it_resets_anything(world, sign_in):
    ada = sign_in(world.ada)
    path = "/en/studio/draft/phases/assessment/method/"
    Phase.objects.filter(key="assessment", process__slug="draft").update(acts=["assess"])
    asked = ada.post(path, {"method": "ideas"}, **HERE)
    assert asked.status_code == 200
    assert "keeps its name and its dates" in asked.content.decode()
    assert Phase.objects.get(process__slug="draft", key="assessment").method == "assessment"
    assert ada.post(path, {"method": "ideas", "sure": "1"}, **HERE).status_code == 302
    changed: Any = Phase.objects.get(process__slug="draft", key="assessment")
    assert (changed.method, changed.acts, changed.name_en) == (
        "ideas",
        ["propose", "support", "comment", "amend"],
        "Assessment",
    )


def test_an_overlap_names_the_phase_next_to_the_date(world, sign_in):
    phase, answer = ballot(world), Phase.objects.get(process__slug="draft", key="answer")
    sent = send(sign_in(world.ada), filled(phase, **moment("ends", answer.ends)))
    assert sent.status_code == 422
    assert set(sent.context["form"].errors) == {"ends"}
    assert "“The city's answer” runs" in sent.context["form"].errors["ends"][0]


def test_the_page_of_a_phase_costs_the_same_for_many_phases(world, sign_in, django_assert_max_num_queries):
    ada = sign_in(world.ada)
    ada.get(PHASE)
    with django_assert_max_num_queries(30) as few:
        ada.get("/en/studio/draft/")
    most = len(few)
    for _number in range(4):
        ada.post("/en/studio/draft/phases/assessment/duplicate/", **HERE)
    ada.get("/en/studio/draft/")
    with django_assert_max_num_queries(most):
        ada.get("/en/studio/draft/")


# --- groups ---


def test_a_group_is_made_and_somebody_added_by_exact_address(world, sign_in):
    ada = sign_in(world.ada)
    path = "/en/studio/draft/groups/"
    assert ada.post(path, {"name_de": "Jury", "name_en": "", "whose": "process"}, **HERE).status_code == 422
    sent = ada.post(path, {"name_de": "Jüry", "name_en": "Jury", "whose": "process"}, **HERE)
    assert sent.url == "/en/studio/draft/groups/juery/"
    group = Group.objects.get(slug="juery")
    assert group.process == world.processes["draft"]
    for email, status in [("amina@example", 422), ("nobody@example.org", 422), ("AMINA@example.org", 302), ("amina@example.org", 422)]:  # fmt: skip
        assert ada.post(sent.url, {"act": "add", "email": email}, **HERE).status_code == status
    assert "Amina" in ada.get(sent.url).content.decode()
    membership = group.memberships.get()
    assert (membership.person, membership.added_by) == (world.amina, world.ada)
    # Its name stands in the sentence at once, in both languages.
    with translation.override("de"):
        assert str(Audience.read({"group": "juery"}).sentence()) == "Menschen, die zur Gruppe „Jüry“ gehören"
    # A group of one process is not shown in another.
    assert ada.get("/en/studio/collecting/groups/juery/").status_code == 404


def test_whoever_is_invited_joins_by_their_own_act_and_can_leave(world, sign_in):
    amina, path = sign_in(world.amina), f"/en/groups/join/{world.invitation.code}/"
    assert "Do you want to belong to “Youth council”?" in amina.get(path).content.decode()
    assert not world.amina.group_memberships.exists()
    assert amina.post(path, **HERE).status_code == 302
    membership = world.amina.group_memberships.get()
    assert (membership.group, membership.added_by) == (world.group, None)
    assert "Youth council" in amina.get("/en/me/").content.decode()
    with pytest.raises(Refused, match="already"), translation.override("en"):
        group_actions.accept(code=world.invitation.code, by=world.amina, at=world.now)
    assert amina.post("/en/groups/jugendrat/leave/", **HERE).status_code == 302
    membership.refresh_from_db()
    assert membership.ended_at is not None
    assert "Youth council" not in amina.get("/en/me/").content.decode().replace(
        "You left “Youth council”", ""
    )
    verbs = Entry.objects.filter(verb__startswith="group.").values_list("verb", flat=True).order_by("pk")
    assert list(verbs) == ["group.joined", "group.left"]


def test_an_ended_invitation_lets_nobody_in(world, sign_in):
    ada = sign_in(world.ada)
    before = GroupMembership.objects.count()
    ada.post("/en/studio/draft/groups/jugendrat/", {"act": "invite"}, **HERE)  # the new link ends the old one
    assert sign_in(world.amina).get(f"/en/groups/join/{world.invitation.code}/").status_code == 404
    with pytest.raises(Refused):
        group_actions.accept(code=world.invitation.code, by=world.amina, at=world.now)
    assert GroupMembership.objects.count() == before


@pytest.mark.parametrize("name", ["amina", "olga", "mo", "clara"])
def test_only_the_administration_fills_groups(world, name):
    by, before = world.people[name], GroupMembership.objects.count()
    for act in (
        lambda: group_actions.create_group(name={"de": "X", "en": "X"}, process=None, by=by),
        lambda: group_actions.add_member(group=world.group, email="ines@example.org", by=by, at=world.now),
        lambda: group_actions.invite(group=world.group, by=by, at=world.now),
        lambda: group_actions.end_membership(membership=world.group.memberships.get(), by=by, at=world.now),
    ):
        with pytest.raises(Refused):
            act()
    assert GroupMembership.objects.filter(ended_at=None).count() == before
    assert Group.objects.count() == 1
