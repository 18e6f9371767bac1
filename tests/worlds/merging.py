"""What the room of merges adds to the tests' world: a table with two parts, two proposals that became one, a group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps

if TYPE_CHECKING:
    from tests.world import World


def build_merging(world: World, day: Any) -> None:
    """Amina asked Ines to join fountain and trees; long ago two of Amina's own became one; Mo made a group of two."""
    if not apps.is_installed("proposals.merging"):
        return
    from proposals.merging import actions, cluster_actions
    from quartier.builders import both, make_proposal

    now = world.now
    source = make_proposal(
        world.processes["answering"],
        by=world.amina,
        place=world.village,
        at=now - 109 * day,
        title=both("Eine Rutsche für den Hang", "A slide for the slope"),
    )
    merge = actions.propose_merge(
        target=world.proposals["to_answer"],
        sources=[source],
        by=world.amina,
        at=now - 101 * day,
        as_writer_of=source,
    )
    target = world.proposals["to_answer"].newest
    text = actions.change_text(
        merge=merge,
        wording=actions.Wording(target.title, target.summary, target.body),
        by=world.amina,
        at=now - 101 * day,
        seen=1,
    )
    for part in merge.here:
        actions.agree(merge=merge, part=part, by=world.amina, at=now - 100 * day, version=text.version)
    world.merges["completed"] = merge.pk
    world.proposals["joined"] = source
    fountain, trees = world.proposals["fountain"], world.proposals["trees"]
    opened = actions.propose_merge(
        target=fountain, sources=[trees], by=world.amina, at=now - day, as_writer_of=fountain
    )
    world.merges["at the table"] = opened.pk
    naming = cluster_actions.Naming(
        "Am Dorfplatz", "Was den Dorfplatz schöner macht.", "Village square", "For the square."
    )
    group = cluster_actions.make_cluster(
        process=world.processes["collecting"], naming=naming, by=world.mo, at=now - day
    )
    cluster_actions.add_to_cluster(cluster=group, proposals=[fountain, trees], by=world.mo, at=now - day)
    world.clusters["there"] = group.pk
