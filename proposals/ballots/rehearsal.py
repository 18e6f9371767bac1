"""What invented residents vote, for dry runs; the key file goes with the rehearsal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from django.utils.translation import ngettext

from cocreation.dry_run import Rehearsal, Scene, rehearsals
from cocreation.models import Process
from groundwork.answer import Words
from proposals.ballots import actions, keys, questions, rules
from proposals.ballots.kinds import Filled, Kind
from proposals.ballots.models import BallotOption, Vote

BALLOTS = 40


def invent_ballots(scene: Scene) -> Words:
    """Open the vote and cast ballots of nobody: each takes projects by chance, as long as they fit."""
    vote = actions.open_vote(phase=scene.phase, at=scene.starts)
    options = actions.options_of(vote)
    papers = [_ballot(vote, options, scene.dice) for _number in range(BALLOTS)]
    entered = actions.enter_ballots(vote=vote, ballots=papers)
    actions.mix_and_publish(vote=vote, at=scene.until)
    return ngettext("%(n)s invented ballot", "%(n)s invented ballots", entered) % {"n": entered}


def _ballot(vote: Vote, options: Sequence[BallotOption], dice: Random) -> Filled:
    """What one invented person fills in: projects by chance, as long as the rules admit one more."""
    if vote.kind == Kind.ANSWERS:
        asked = questions.read(vote.questions)
        lines = [(line.key, question.values) for question in asked for line in question.lines]
        return {key: dice.choice(values) for key, values in lines if dice.random() < 0.8}
    chosen: Filled = {} if vote.kind == Kind.POINTS else ()
    for option in dice.sample(options, len(options)):
        if isinstance(chosen, dict):
            more: Filled = chosen | {option.pk: dice.randint(1, rules.most_for_one(vote))}
        else:
            more = (*chosen, option.pk)
        if dice.random() < 0.6 and rules.is_castable(vote, options, more):
            chosen = more
    return chosen


def count(scene: Scene) -> Words:
    vote = Vote.objects.filter(pk=scene.phase.pk).first()
    if vote is None:
        return ""
    tally = actions.close_and_count(vote=vote, at=scene.until + timedelta(minutes=5))
    if tally is None:
        return ""
    actions.publish_tally(tally, at=scene.until + timedelta(minutes=5))
    chosen = len(tally.result["selected"])
    if vote.questions:
        asked = len(vote.questions)
        return ngettext("%(n)s question counted", "%(n)s questions counted", asked) % {"n": asked}
    return ngettext("%(n)s project chosen", "%(n)s projects chosen", chosen) % {"n": chosen}


def forget_keys(process: Process) -> None:
    for vote, public in Vote.objects.filter(phase__process=process).values_list("pk", "public_key"):
        keys.forget(vote, public)


rehearsals.add("ballot", Rehearsal("ballot", play=invent_ballots, end=count, clear=forget_keys))
