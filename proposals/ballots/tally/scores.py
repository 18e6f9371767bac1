"""What a ballot gives to a project: one vote, the points on it, or Borda points. Integers or fractions, never rounded."""

from __future__ import annotations

from collections.abc import Iterator

from proposals.ballots.tally.amounts import Amount, whole_if_possible
from proposals.ballots.tally.types import Ballot, BallotKind, Profile, WrongBallots


def need(profile: Profile, *kinds: BallotKind) -> None:
    """Raise WrongBallots unless the ballots are of one of these kinds."""
    if profile.kind not in kinds:
        wanted = " or ".join(kind.value for kind in kinds)
        raise WrongBallots(f"This rule counts {wanted} ballots, and these are {profile.kind.value} ballots.")


def given(ballot: Ballot, kind: BallotKind) -> Iterator[tuple[str, Amount]]:
    """Project and score for everything this ballot supports.

    Approval: 1. Points: the points. Ranking: Borda points, as many as projects stand below it on the ballot, so
    the last one named gets none; a project named twice counts where it stands first.
    """
    if kind is BallotKind.APPROVAL:
        for id in ballot.choices:
            yield id, 1
    elif kind is BallotKind.ORDINAL:
        order = tuple(dict.fromkeys(ballot.choices))
        for place, id in enumerate(order, start=1):
            yield id, len(order) - place
    else:
        sums: dict[str, Amount] = {}
        for id, points in zip(ballot.choices, ballot.points or (), strict=True):
            sums[id] = sums.get(id, 0) + points
        yield from sums.items()


def totals(profile: Profile) -> dict[str, Amount]:
    """The sum of all scores per project id, 0 included."""
    sums: dict[str, Amount] = {project.id: 0 for project in profile.projects}
    for ballot, weight in profile.ballots.items():
        for id, score in given(ballot, profile.kind):
            sums[id] += weight * score
    return {id: whole_if_possible(score) for id, score in sums.items()}
