"""A role opens what it is for, where it holds, while it counts; and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from cocreation import actions, roles
from cocreation.models import Contribution, Hiding, Process, RoleGrant, Training
from cocreation.recipes import recipes
from groundwork.answer import Refused
from proposals.models import Proposal
from quartier.builders import both, give_role, make_process

HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}
DAY = timedelta(days=1)
Role = RoleGrant.Role


def again(person: Person) -> Person:
    """The same person in their next request."""
    return Person.objects.get(pk=person.pk)


def hide(world, name, by):
    actions.hide_contribution(
        contribution=world.proposals[name].contribution,
        by=again(by),
        at=world.now,
        rule="respect",
        reason="…",
    )


@pytest.fixture
def nina(world):
    """Somebody without any role so far."""
    return world.jonas


# --- scope ---


def test_a_moderator_of_one_process_cannot_hide_in_another_and_nothing_changes(world, nina, sign_in):
    give_role(nina, Role.MODERATOR, process=world.assessing)
    with pytest.raises(Refused, match="moderieren dieses Verfahren nicht"):
        hide(world, "fountain", nina)
    form = {"rule": "respect", "reason": "…"}
    receipt = world.fountain.receipt
    assert sign_in(nina).post(f"/de/contributions/{receipt}/hide/", form, **HERE).status_code == 403
    assert sign_in(nina).get(f"/de/contributions/{receipt}/hide/").status_code == 403
    assert not Hiding.objects.filter(contribution=world.fountain.contribution).exists()
    hide(world, "to_assess", nina)
    assert Hiding.objects.filter(contribution=world.to_assess.contribution, by=nina).exists()


def test_a_moderator_sees_what_is_hidden_in_their_process_only(world, sign_in):
    nina = world.ines  # wrote none of it
    hidden = {world.hidden.pk, world.proposals["answering2"].pk}

    def seen(person):
        return set(Contribution.objects.visible_to(person).filter(pk__in=hidden).values_list("pk", flat=True))

    assert seen(again(nina)) == set()
    give_role(nina, Role.MODERATOR, process=world.collecting)
    assert seen(again(nina)) == {world.hidden.pk}
    for process, found in [(world.collecting, {world.hidden.pk}), (world.answering, set())]:
        rows = Proposal.objects.visible_to(again(nina), process=process).filter(pk__in=hidden)
        assert set(rows.values_list("pk", flat=True)) == found
    queue = sign_in(nina).get("/de/desk/hidden/").content.decode()
    assert world.hidden.receipt in queue
    assert world.proposals["answering2"].receipt not in queue


def test_a_role_for_a_place_holds_for_all_places_below_it_and_for_none_above(world, nina):
    local = make_process(
        "dorf", both("Dorf", "Village"), office=world.money, places=[world.village], published_at=world.now
    )
    give_role(nina, Role.MODERATOR, place=world.town)
    held = roles.roles_of(again(nina)).moderates
    assert held.covers(local) and held.covers(world.collecting)
    RoleGrant.objects.filter(person=nina).update(place=world.village)
    held = roles.roles_of(again(nina)).moderates
    assert held.covers(local) and not held.covers(world.collecting)
    assert roles.may_moderate(again(nina)) and not roles.may_moderate(again(nina), world.collecting)


def test_an_owner_sets_up_the_processes_of_their_office_and_no_other(world, nina, sign_in):
    give_role(nina, Role.OWNER, office=world.money)
    foreign = world.processes["draft"]
    theirs = make_process("geld", both("Geld", "Money"), office=world.money, places=[world.town])
    client = sign_in(nina)
    assert client.get("/de/studio/geld/").status_code == 200
    assert client.get("/de/studio/draft/").status_code == 404  # nobody told them of this draft
    assert client.get("/de/studio/collecting/").status_code == 403
    listed = client.get("/de/studio/").content.decode()
    assert "Geld" in listed and str(foreign.title) not in listed
    assert not roles.may_configure(again(nina), foreign)
    assert roles.may_configure(again(nina), theirs)
    recipe = next(iter(recipes))
    about = {"title": both("Neu", "New"), "places": [world.town], "starts": world.now + DAY, "at": world.now}
    with pytest.raises(Refused, match="eigenen Amtes"):
        actions.create_process(recipe=recipe, office=world.parks, by=again(nina), **about)
    made = actions.create_process(recipe=recipe, office=world.money, by=again(nina), **about)
    assert made.office == world.money
    # Nor can a process be handed to an office that is not theirs.
    form = client.get("/de/studio/geld/texts/").context["form"]
    sent = {name: value for name, value in form.initial.items() if isinstance(value, str | int)}
    sent |= {"office": world.parks.pk, "places": world.town.pk}
    assert client.post("/de/studio/geld/texts/", sent, **HERE).status_code == 422
    assert Process.objects.get(slug="geld").office == world.money


def test_owning_is_not_answering(world, nina):
    give_role(nina, Role.OWNER, office=world.parks)
    assert not roles.may_act_for(again(nina), world.parks)
    assert not roles.roles_of(again(nina)).may_assess


def test_an_observer_reads_desk_and_studio_and_changes_nothing(world, nina, sign_in):
    give_role(nina, Role.OBSERVER, process=world.collecting)
    nina, client = again(nina), sign_in(nina)
    assert world.hidden.receipt in client.get("/de/desk/hidden/").content.decode()
    assert (
        "contributions/" + world.hidden.receipt + "/restore"
        not in client.get("/de/desk/hidden/").content.decode()
    )
    for page in ("", "texts/", "phases/ideas/"):
        assert client.get(f"/de/studio/collecting/{page}").status_code == 200
    page = client.get("/de/studio/collecting/texts/").content.decode()
    assert 'id="id_title_de" disabled' in page or "disabled" in page
    for path in ("studio/collecting/texts/", "studio/collecting/phases/ideas/", "studio/collecting/publish/"):
        assert client.post(f"/de/{path}", {"title_de": "Anders"}, **HERE).status_code == 403
    assert client.get("/de/studio/new/").status_code == 403
    assert client.get("/de/studio/voting/").status_code == 403
    assert not roles.may_moderate(nina, world.collecting) and not roles.may_configure(nina, world.collecting)
    with pytest.raises(Refused):
        hide(world, "fountain", nina)


def test_an_observer_looks_on_while_offices_work_and_writes_nothing(world, nina, sign_in):
    give_role(nina, Role.OBSERVER, process=world.assessing)
    client = sign_in(nina)
    assert world.to_assess.receipt in client.get("/de/desk/assess/").content.decode()
    at_work = f"/de/desk/assess/{world.to_assess.receipt}/"
    page = client.get(at_work)
    assert page.status_code == 200 and "<textarea" not in page.content.decode()
    sent = {"office": world.parks.pk, "verdict": "feasible", "cost": "1", "reason_de": "Ja."}
    assert client.post(at_work, sent, **HERE).status_code == 403
    assert Proposal.objects.get(pk=world.to_assess.pk).stage == "received"
    assert world.to_answer.receipt not in client.get("/de/desk/answers/").content.decode()
    elsewhere = f"/de/desk/answers/{world.to_answer.receipt}/"
    assert client.get(elsewhere).status_code == 403
    RoleGrant.objects.filter(person=nina).update(process=world.answering)
    assert client.get(at_work).status_code == 403
    assert client.get(elsewhere).status_code == 200
    assert world.to_answer.receipt in client.get("/de/desk/answers/").content.decode()
    assert client.post(elsewhere, {"status": "accepted"}, **HERE).status_code == 403


def test_a_facilitator_sees_the_draft_they_will_lead_and_leads_nothing_else(world, nina):
    draft = world.processes["draft"]
    assert not Process.objects.visible_to(again(nina)).filter(pk=draft.pk).exists()
    give_role(nina, Role.FACILITATOR, process=draft)
    assert Process.objects.visible_to(again(nina)).filter(pk=draft.pk).exists()
    assert roles.may_facilitate(again(nina), draft) and not roles.may_facilitate(again(nina), world.voting)
    assert not roles.may_moderate(again(nina), draft)


# --- what makes a role count ---

CASES = [
    (Role.ADMIN, {}), (Role.OWNER, {"office": "parks"}), (Role.FACILITATOR, {}), (Role.MODERATOR, {}),
    (Role.OFFICIAL, {"office": "parks"}), (Role.CLERK, {}), (Role.OBSERVER, {}),
]  # fmt: skip


@pytest.mark.parametrize("role, scope", CASES)
def test_no_second_factor_no_role_on_no_page_and_in_no_action(world, role, scope):
    person = world.jonas
    give_role(person, role, **{key: getattr(world, value) for key, value in scope.items()})
    assert roles.roles_of(again(person)).names == {role}
    Authenticator.objects.filter(user=person).delete()
    bare = again(person)
    held = roles.roles_of(bare)
    assert not held.is_staff and held.held.names == {role}
    asked = [
        held.is_admin, held.may_assess, held.may_verify, held.may_moderate, held.may_configure, held.may_read_hidden,
        held.may_read_drafts, held.acts_for(world.parks),
        *(rule(bare, world.collecting) for rule in (roles.may_configure, roles.may_moderate, roles.may_facilitate)),
    ]  # fmt: skip
    assert not any(asked)
    assert not Process.objects.visible_to(bare).filter(pk=world.processes["draft"].pk).exists()
    assert not Contribution.objects.visible_to(bare).filter(pk=world.proposals["answering2"].pk).exists()
    with pytest.raises(Refused):
        hide(world, "fountain", person)
    with pytest.raises(Refused):
        actions.verify_person(person=world.ines, residence="lindach", by=again(person), at=world.now)


def test_the_roles_of_a_person_cost_one_query_whatever_they_hold(world):
    give_role(world.mo, Role.OBSERVER, place=world.town)
    give_role(world.mo, Role.OWNER, office=world.money)
    mo = again(world.mo)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        roles.may_configure(mo, world.collecting)
        roles.may_moderate(mo, world.voting)
        assert roles.roles_of(mo).may_moderate
    assert len(asked) == 1


# --- what the database refuses ---


@pytest.mark.parametrize("role, scope", [
    ("admin", {"office": "parks"}), ("clerk", {"place": "town"}), ("official", {}), ("owner", {}),
    ("owner", {"office": "parks", "process": "voting"}), ("moderator", {"office": "parks", "place": "town"}),
    ("observer", {"place": "town", "process": "voting"}), ("mayor", {}),
])  # fmt: skip
def test_the_database_refuses_a_role_with_the_wrong_scope(world, role, scope):
    about = {key: getattr(world, value) for key, value in scope.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(person=world.jonas, role=role, starts=world.now, **about)


def test_the_database_refuses_a_training_one_recorded_for_oneself_or_in_no_topic(world):
    about: dict[str, Any] = {"person": world.mo, "completed_on": world.now.date(), "recorded_at": world.now}
    wrongs: list[dict[str, Any]] = [
        {"topics": ["ethics"], "recorded_by": world.mo},
        {"topics": []},
        {"topics": ["cooking"]},
    ]
    for wrong in wrongs:
        with pytest.raises(IntegrityError), transaction.atomic():
            Training.objects.create(**about, **wrong)
