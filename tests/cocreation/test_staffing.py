"""Giving and ending roles, with a way back, and a trace of everything staff did with the data of others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.actions import close_account
from accounts.models import Organisation
from cocreation import actions, audit, four_eyes, roles, staffing
from cocreation.models import Approval, RoleGrant
from cocreation.staffing import end_grant, grant_role, undo_end
from groundwork.answer import Refused
from groundwork.journal.api import verbs
from groundwork.journal.models import Entry
from quartier.builders import give_role
from tests.cocreation.test_roles import HERE, again, hide

DAY = timedelta(days=1)


def test_an_administrator_gives_a_role_by_exact_address_and_it_counts_with_the_second_factor(world, sign_in):
    client = sign_in(world.ada)
    form = {"email": "JONAS@example.org", "role": "clerk", "where": "city"}
    assert client.post("/de/desk/people/new/", form, **HERE).status_code == 302
    grant = RoleGrant.objects.get(person=world.jonas)
    assert (grant.role, grant.granted_by) == ("clerk", world.ada)
    assert (
        roles.roles_of(again(world.jonas)).held.may_verify
        and not roles.roles_of(again(world.jonas)).may_verify
    )
    page = client.get(f"/de/desk/people/{world.jonas.pk}/").content.decode()
    assert "kein zweiter Faktor" in page
    entry = Entry.objects.get(verb="role.granted")
    assert (entry.actor_id, entry.data["about"]) == (world.ada.pk, world.jonas.pk)


@pytest.mark.parametrize("form, field", [
    ({"email": "nobody@example.org", "role": "clerk"}, "email"),
    ({"email": "jonas@example.org", "role": "owner"}, "where"),
    ({"email": "jonas@example.org", "role": "clerk", "where": "place"}, "where"),
    ({"email": "jonas@example.org"}, "role"),
    ({"email": "jonas@example.org", "role": "clerk", "starts_0": "2030-05-02", "starts_1": "08:00",
      "ends_0": "2030-05-01", "ends_1": "08:00"}, "ends"),
    ({"email": "mo@example.org", "role": "moderator"}, "where"),
    ({"email": "ada@example.org", "role": "clerk"}, "__all__"),
])  # fmt: skip
def test_a_wrong_grant_says_what_is_wrong_beside_its_field_and_nothing_is_given(world, sign_in, form, field):
    form = {"where": "city"} | form
    if form["where"] == "place":
        form["where"] = f"place:{world.town.pk}"
    before = RoleGrant.objects.count()
    page = sign_in(world.ada).post("/de/desk/people/new/", form, **HERE)
    assert page.status_code == 422 and page.context["form"].errors.keys() == {field}
    assert RoleGrant.objects.count() == before


def test_a_role_can_be_ended_the_end_undone_and_given_again_later(world, sign_in):
    grant, client = world.mo.grants.get(), sign_in(world.ada)
    client.post(f"/de/desk/roles/{grant.pk}/end/", **HERE)
    with pytest.raises(Refused):
        hide(world, "fountain", world.mo)
    client.post(f"/de/desk/roles/{grant.pk}/undo/", **HERE)
    assert roles.may_moderate(again(world.mo))
    end_grant(grant=grant, by=world.ada, at=world.now)
    grant_role(person=world.mo, role="moderator", by=world.ada, at=world.now + DAY)
    with pytest.raises(Refused, match="zu lange her"):
        undo_end(grant=grant, by=world.ada, at=world.now + 2 * DAY)
    assert [entry.verb for entry in Entry.objects.filter(verb__startswith="role.").order_by("id")] == [
        "role.ended", "role.resumed", "role.ended", "role.granted",
    ]  # fmt: skip


def test_the_last_administrator_stays(world):
    grant = world.ada.grants.get()
    give_role(world.jonas, "admin", second_factor=None)  # could not do anything
    with pytest.raises(Refused):
        end_grant(grant=grant, by=world.ada, at=world.now)
    give_role(world.clara, "admin")
    end_grant(grant=grant, by=world.ada, at=world.now)
    assert not roles.roles_of(again(world.ada)).is_staff


def test_only_administrators_give_and_end_roles(world):
    for name in ("amina", "olga", "mo", "clara"):
        with pytest.raises(Refused):
            grant_role(person=world.jonas, role="clerk", by=world.people[name], at=world.now)
        with pytest.raises(Refused):
            end_grant(grant=world.ada.grants.get(), by=world.people[name], at=world.now)
    assert not world.jonas.grants.exists()


def test_residents_are_not_looked_at_here(world, sign_in):
    assert sign_in(world.ada).get(f"/de/desk/people/{world.amina.pk}/").status_code == 404
    assert sign_in(world.ada).get(f"/de/desk/people/{world.amina.pk}/training/").status_code == 404


def test_what_staff_did_with_the_data_of_others_stands_in_the_audit_with_keys_only(world, sign_in):
    hide(world, "fountain", world.mo)
    lines, _next = audit.lines(None, about=world.amina.pk)
    hidden = next(line for line in lines if line.did == verbs.get("contribution.hidden").label)
    assert (hidden.by, hidden.about) == ("Mo Bilgin", "Amina Yıldız")
    found = set(Entry.objects.filter(data__has_key="about").values_list("verb", flat=True))
    assert {"contribution.hidden", "proposal.assessed", "contribution.answered", "identity.asked"} <= found
    for entry in Entry.objects.filter(data__has_key="about"):
        told = str(entry.data)
        assert not any(person.email in told or person.public_name in told for person in world.people.values())
    page = sign_in(world.ada).get("/de/desk/people/acts/").content.decode()
    assert "Mo Bilgin" in page and "amina@example.org" not in page


# Staff do these with what belongs to somebody else: their entries say whose it was.
AUDITED = {
    "contribution.hidden", "contribution.restored", "contribution.held", "contribution.released", "contribution.answered", "proposal.assessed", "person.verified",
    "organisation.confirmed", "role.granted", "role.ended", "role.resumed", "training.recorded", "training.withdrawn",
    "identity.asked", "identity.approved", "identity.declined", "result.asked", "result.approved", "result.declined",
}  # fmt: skip


# Acts of a room a city may do without.
OF_ROOMS = {"moderation.decided", "moderation.appeal_decided"}


def test_every_staff_act_on_somebodys_data_is_audited_in_the_code_that_records_it(world):
    """A new action of staff has to say whose data it touches: what the desk records is in the audit."""
    actions.verify_person(person=world.jonas, residence="lindach", by=world.clara, at=world.now)
    actions.confirm_organisation(
        organisation=Organisation.objects.get(slug="verein-neu"), by=world.clara, at=world.now
    )
    actions.restore_contribution(contribution=world.hidden.contribution, by=world.mo, at=world.now)
    staffing.grant_role(person=world.jonas, role="observer", by=world.ada, at=world.now)
    four_eyes.approve(approval=world.asked, by=world.clara, at=world.now)
    staff = {person.pk for person in (world.olga, world.mo, world.clara, world.ada)}
    done = Entry.objects.filter(actor_id__in=staff)
    assert {entry.verb for entry in done if "about" in entry.data} <= AUDITED | OF_ROOMS
    # What staff did without touching anybody's data: promises, replies and questions of the city itself, groups of things.
    quiet = {entry.verb for entry in done if "about" not in entry.data} - {"contribution.landed"}
    assert {verb.split(".")[0] for verb in quiet} <= {
        "answer",
        "clarification",
        "cluster",
        "comment",
        "commitment",
        "money",
        "plan",
        "privacy_breach",
        "task",
        "milestone",
        "paper",
    }
    assert set(verbs.slugs()) >= AUDITED
    whose = dict(done.filter(verb__in=AUDITED).order_by("id").values_list("verb", "data__about"))
    assert (
        whose["person.verified"] == whose["organisation.confirmed"] == whose["role.granted"] == world.jonas.pk
    )
    assert whose["contribution.restored"] == world.jonas.pk and whose["identity.approved"] == world.amina.pk


def test_the_audit_cannot_be_changed(world):
    entry = Entry.objects.filter(data__has_key="about").first()
    assert entry is not None
    for spoil in (lambda rows: rows.update(data={}), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            spoil(Entry.objects.filter(pk=entry.pk))


def test_the_audit_can_be_narrowed_to_the_data_of_one_person(world, sign_in):
    hide(world, "fountain", world.mo)
    client = sign_in(world.ada)
    page = client.get(f"/de/desk/people/acts/?about={world.amina.pk}")
    assert {line.about_key for line in page.context["lines"]} == {world.amina.pk}
    for nonsense in ("x", "²", "9" * 40):
        assert client.get("/de/desk/people/acts/", {"about": nonsense}).context["about"] is None


def test_when_an_account_closes_the_reasons_for_look_ups_go_with_it(world):
    close_account(person=again(world.amina), at=world.now)
    approval = Approval.objects.get(pk=world.asked.pk)
    assert (approval.about, approval.reason) == (None, "–")
