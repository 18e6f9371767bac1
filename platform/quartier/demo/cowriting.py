"""A draft that is being written together in the demo city: Jonas and Miriam on the shade for the cycle path."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.apps import apps

from proposals.actions import Wording
from proposals.models import Authorship, Proposal

if TYPE_CHECKING:
    from quartier.demo.seed import Town

TITLE = "Schatten für den Radweg nach Niederaue"
SUMMARY = "Fünf Kilometer ohne Baum: eine Reihe Pappeln und zwei Bänke im Schatten."
WHERE = """

Anfangen sollte man an der Wehrbrücke. Dort ist der Streifen breit genug, und dort werden die meisten langsamer, weil es \
bergauf geht. Dreißig Pappeln reichen für den ersten Winter."""
WATER = """

Im ersten Sommer brauchen junge Bäume Wasser. Die Radrunde gießt mittwochs, wenn die Stadt zwei Kanister und einen Hahn an \
der Brücke stellt. (Miriam fragt noch, wem der Hahn gehört.)"""


def start_a_shared_draft(town: Town) -> None:
    if not apps.is_installed("proposals.cowriting"):
        return
    from proposals.cowriting import actions

    jonas, miriam = town.people["jonas-petersen"], town.people["miriam-okafor"]
    proposal = Proposal.objects.filter(title=TITLE, contribution__author=jonas).first()
    if proposal is None:
        return
    at = town.today - timedelta(days=1, hours=2)
    Authorship.objects.get_or_create(
        proposal=proposal, person=miriam, left_at=None, declined_at=None,
        defaults={"role": Authorship.Role.AUTHOR, "invited_by": jonas, "invited_at": at, "accepted_at": at},
    )  # fmt: skip
    draft = actions.open_draft(proposal=proposal, by=jonas, at=at)
    newest = proposal.revisions.latest("number")
    steps = [(jonas, newest.body + WHERE), (miriam, newest.body + WHERE + WATER)]
    for number, (person, body) in enumerate(steps):
        words = Wording(newest.title, SUMMARY if number else newest.summary, body)
        actions.write_words(
            draft=draft,
            seen=actions.state_of(draft),
            words=words,
            by=person,
            at=at + timedelta(minutes=9 * number),
        )
