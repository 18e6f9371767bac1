"""What helps to find proposals: the words of public texts, and how often lists showed each proposal."""

from __future__ import annotations

from django.db import models

from cocreation.models import Process
from proposals.models.proposals import Proposal


class SearchWord(models.Model):
    """A word of public titles and summaries and in how many proposals it stands: what a mistyped word may have meant.

    The database appends +1 or -1 (migration 0007) as it does for `ListCount`, so a word that only a hidden text knows is
    known no longer; `fold_words` adds the lines up.
    """

    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    word = models.CharField(max_length=60)
    n = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["process", "word"], include=["n"], name="proposals_search_words")]

    def __str__(self) -> str:
        return f"{self.word}: {self.n}"


class Shown(models.Model):
    """How often lists showed a proposal on one day. A number: nobody's visit can be told from it."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="shown_on")
    day = models.DateField()
    n = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "day"], name="proposals_shown_once_a_day")]
        indexes = [models.Index(fields=["day", "proposal"], include=["n"], name="proposals_shown_by_day")]

    def __str__(self) -> str:
        return f"{self.proposal_id} on {self.day}: {self.n}"
