"""Three ideas become one proposal: joined, improved by a fourth person, costed after a question; nobody is forgotten.

Through the pages, as each of them, without a script.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organisation, Person
from cocreation.models import Phase, RoleGrant
from groundwork.journal.models import Entry
from proposals import assess_actions
from proposals.amendments.models import Amendment
from proposals.merging.models import Merge
from proposals.models import Assignment, Clarification, Proposal
from quartier.builders import give_role, make_organisation, make_person
from tests.world import DAY, World, tell_everybody

pytestmark = pytest.mark.django_db

HERE = {"sec-fetch-site": "same-origin"}
SignIn = Callable[[Person | None], Client]
IDEAS = {
    "jonas": "Ein Brunnen für den Markt",
    "ines": "Bäume für den Markt",
    "wanda": "Bänke für den Markt",
}


def send(client: Client, address: str, **form: object) -> str:
    """A form, sent; where it leads."""
    answer = client.post(address, form, headers=HERE)
    assert answer.status_code == 302, answer.content.decode()[:4000]
    return str(answer["Location"])


def told(person: Person) -> set[str]:
    from feedback.notices.models import Notice

    return set(Notice.objects.filter(person=person).values_list("verb", flat=True))


def propose(world: World, client: Client, title: str, organisation: Organisation | None) -> Proposal:
    form = {
        "title": title, "summary": f"{title}, damit alle gern dort sind.", "body": "Heute ist er leer und heiß.",
        "theme": "green", "place": world.village.pk, "language": "de",
        **({"organisation": organisation.pk} if organisation else {}),
    }  # fmt: skip
    send(client, reverse("proposals:propose", args=["collecting"]), **form)
    return Proposal.objects.get(title=title)


def test_three_ideas_become_one_and_everybody_is_credited_and_told(world: World, sign_in: SignIn) -> None:
    wanda = make_person("wanda", "Wanda Lenz", lives_in="auental")
    club = make_organisation("marktverein", "Marktverein", "civil_society", members=[wanda])
    people = {"jonas": world.jonas, "ines": world.ines, "wanda": wanda}
    speaks_for = {"ines": world.garden, "wanda": club}
    clients = {name: sign_in(person) for name, person in people.items()}

    # --- three ideas: a resident's, a company's, an association's ---
    ideas = {
        name: propose(world, clients[name], title, speaks_for.get(name)) for name, title in IDEAS.items()
    }
    receipts = {name: idea.receipt for name, idea in ideas.items()}
    send(sign_in(world.amina), reverse("proposals:support", args=[receipts["wanda"]]))

    # --- joined: one proposes it, another writes the joint text, every lead agrees ---
    address = reverse("merging:propose", args=[receipts["jonas"]])
    table = send(
        clients["jonas"],
        address,
        part=[receipts["ines"], receipts["wanda"]],
        lead=receipts["jonas"],
        numbers="",
    )
    joint = {
        "title": "Ein Markt zum Bleiben",
        "summary": "Brunnen, Bäume und Bänke zusammen.",
        "body": "Am Rand des Marktes entsteht ein Platz zum Sitzen.",
    }
    send(clients["ines"], table, **joint, seen=1)
    merge = Merge.objects.latest("pk")
    for name, client in clients.items():
        send(client, reverse("merging:agree", args=[merge.pk]), version=2, part=receipts[name])
    living = Proposal.objects.get(receipt=receipts["jonas"])
    assert living.title == joint["title"] and living.supports == 1
    tell_everybody(world)
    assert "merge.completed" in told(world.amina)  # who only supported one of them

    # --- improved by a fourth person ---
    clara = sign_in(world.clara)
    start = len("Am Rand des Marktes")
    form = {"passage": f"body-0-{start}", "revision": 2, "new": "In der Mitte des Marktes", "reason": "Dort ist Platz.", "named": "on"}  # fmt: skip
    send(clara, reverse("amendments:amend", args=[living.receipt]), **form)
    amendment = Amendment.objects.get(new="In der Mitte des Marktes")
    send(clients["jonas"], reverse("amendments:decide", args=[amendment.receipt]), act="accept", seen=2)
    assert living.revisions.order_by("-number").first().body.startswith("In der Mitte des Marktes entsteht")

    # --- costed by an office, after a question to the authors ---
    Phase.objects.filter(process=world.collecting, method="ideas").update(ends=world.now - timedelta(hours=1))
    Phase.objects.filter(process=world.collecting, method="assessment").update(
        starts=world.now - timedelta(hours=1)
    )
    assess_actions.assign_what_waits(world.now)
    work = Assignment.objects.get(proposal=living, ended_at=None)
    asked = assess_actions.ask_authors(
        assignment=work, question="Wie viele Bänke?", due=world.now + 6 * DAY, by=world.olga, at=world.now
    )
    page = clients["wanda"].get("/de/me/").content.decode()
    assert "Wie viele Bänke?" in page
    send(
        clients["wanda"], reverse("proposals:answer_office", args=[living.receipt, asked.pk]), answer="Acht."
    )
    assert Clarification.objects.get(pk=asked.pk).answered_by == wanda
    found = {
        "office": world.parks.pk, "verdict": "feasible", "cost_from": "40000", "cost": "45000", "competence": "city",
        "reason_de": "Das geht.", "do": "hand_in",
    }  # fmt: skip
    otto = make_person("otto", "Otto Kern", lives_in="auental")
    give_role(otto, RoleGrant.Role.OFFICIAL, office=world.parks, since=world.now - 90 * DAY)
    desk = reverse("proposals:assess", args=[living.receipt])
    send(sign_in(world.olga), desk, **found)
    work.refresh_from_db()
    if work.done_at is None:  # the money at stake asks for a second person
        send(sign_in(otto), desk, do="sign", office=world.parks.pk)
    living.refresh_from_db()
    assert living.stage == "feasible" and living.cost == 45_000

    # --- every old address and every receipt leads to the living page, which names all of them ---
    visitor = sign_in(None)
    for name, receipt in receipts.items():
        answer = visitor.get(reverse("proposals:proposal", args=[receipt]), follow=True)
        assert answer.request["PATH_INFO"] == reverse("proposals:proposal", args=[living.receipt]), name
        record = visitor.get(f"/r/{receipt}", follow=True).content.decode()
        assert living.get_absolute_url() in record and "Acht." in record, name
    page = visitor.get(living.get_absolute_url()).content.decode()
    for name in ("Jonas Petersen", "Gärtnerei Pohl", "Marktverein", "Wanda Lenz", "Clara Sommer"):
        assert name in page, name

    # --- and each of them was told at each step ---
    tell_everybody(world)
    steps = {"merge.proposed", "amendment.published", "clarification.asked", "proposal.assessed"}
    for name, person in people.items():
        own = {"jonas": {"merge.proposed"}}.get(name, set())  # nobody is told of what they did themselves
        assert told(person) >= steps - own, (name, told(person))
    assert "merge.completed" in told(world.jonas) and "merge.completed" in told(
        world.ines
    )  # Wanda was the last to agree
    assert "amendment.accepted" in told(world.clara) and "proposal.assessed" in told(world.clara)
    assert "proposal.assessed" in told(world.amina)
    assert Entry.objects.filter(verb="merge.completed").exists()
