"""The pages of the work with ballots on paper."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.request import person_here
from proposals.ballots.models import Vote
from proposals.ballots.paperwork.models import Batch, votes_of


def find_vote(request: HttpRequest, vote: int) -> Vote:
    """A vote this person works on, with its phase and process."""
    return get_object_or_404(votes_of(person_here(request)).select_related("phase__process"), pk=vote)


def find_batch(request: HttpRequest, batch: int) -> Batch:
    seen = Batch.objects.visible_to(person_here(request))
    return get_object_or_404(seen.select_related("vote__phase__process", "first_by", "second_by"), pk=batch)
