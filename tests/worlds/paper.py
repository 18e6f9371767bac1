"""The open vote is also held on paper: ballots were printed, Paula voted at the town hall, Clara typed her batch, a scan."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from django.apps import apps

if TYPE_CHECKING:
    from tests.world import World

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def build_paper(world: World) -> None:
    if not apps.is_installed("proposals.ballots.paperwork"):
        return
    from accounts.models import Person
    from proposals.ballots.models import Paper, Vote
    from proposals.ballots.paperwork import actions, scans
    from quartier.builders import make_person

    phase = next(phase for phase in world.processes["voting"].line if phase.method == "ballot")
    if not Vote.objects.filter(pk=phase.pk).update(paper=Paper.PAPER_COUNTS):
        return  # the world before the votes
    vote = Vote.objects.select_related("phase__process").get(pk=phase.pk)
    # People of this function alone: who acts remembers their roles, and tests give the world's people others.
    ada, clara = (Person.objects.get(pk=each.pk) for each in (world.ada, world.clara))
    paula = make_person("paula", "Paula", lives_in="lindach", verified=True)
    run, _codes = actions.print_run(
        vote=vote, way="paper", copies=2, language="de", large=False, by=ada, at=world.now
    )
    actions.hand_out(vote=vote, key=str(paula.pk), by=clara, at=world.now)
    batch = actions.open_batch(vote=vote, way="desk", size=1, by=clara, at=world.now)
    actions.type_ballot(batch=batch, number=1, text="1", by=clara, at=world.now)
    scan = scans.add_scan(batch=batch, file=BytesIO(PDF), name="0017.pdf", by=clara, at=world.now)
    world.paper = {"vote": vote.pk, "run": run.pk, "batch": batch.pk, "scan": scan.key}
