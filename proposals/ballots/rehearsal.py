"""What invented residents vote, for dry runs; the key file goes with the rehearsal."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import ngettext

from cocreation.dry_run import Rehearsal, Scene, rehearsals
from cocreation.models import Process
from groundwork.answer import Words
from proposals.ballots import actions, keys, rules
from proposals.ballots.models import Vote

BALLOTS = 40


def invent_ballots(scene: Scene) -> Words:
    """Open the vote and cast ballots of nobody: each takes projects by chance, as long as they fit."""
    vote = actions.open_vote(phase=scene.phase, at=scene.starts)
    options = actions.options_of(vote)
    papers: list[list[int]] = []
    for _number in range(BALLOTS):
        chosen: list[int] = []
        for option in scene.dice.sample(options, len(options)):
            if scene.dice.random() < 0.6 and rules.is_castable(vote, options, [*chosen, option.pk]):
                chosen.append(option.pk)
        if rules.is_castable(vote, options, chosen):
            papers.append(chosen)
    entered = actions.enter_ballots(vote=vote, ballots=papers)
    actions.mix_and_publish(vote=vote, at=scene.until)
    return ngettext("%(n)s invented ballot", "%(n)s invented ballots", entered) % {"n": entered}


def count(scene: Scene) -> Words:
    vote = Vote.objects.filter(pk=scene.phase.pk).first()
    if vote is None:
        return ""
    tally = actions.close_and_count(vote=vote, at=scene.until + timedelta(minutes=5))
    if tally is None:
        return ""
    actions.publish_tally(tally, at=scene.until + timedelta(minutes=5))
    chosen = len(tally.result["selected"])
    return ngettext("%(n)s project chosen", "%(n)s projects chosen", chosen) % {"n": chosen}


def forget_keys(process: Process) -> None:
    for vote, public in Vote.objects.filter(phase__process=process).values_list("pk", "public_key"):
        keys.forget(vote, public)


rehearsals.add("ballot", Rehearsal("ballot", play=invent_ballots, end=count, clear=forget_keys))
