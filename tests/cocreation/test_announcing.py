"""The clock opens phases; the journal hears of it once."""

from datetime import timedelta

from cocreation.announcing import announce_phases
from cocreation.models import Phase
from groundwork.journal.models import Entry


def entries(verb: str) -> list[str]:
    return list(Entry.objects.filter(verb=verb).values_list("subject_key", flat=True))


def test_an_opening_and_an_end_are_recorded_once_with_the_moment_of_the_border(world):
    phase = world.collecting.phases.get(key="assessment")
    ideas = world.collecting.phases.get(key="ideas")
    before = len(entries("phase.opened"))
    at = phase.starts + timedelta(minutes=3)
    assert announce_phases(at) >= 2
    assert announce_phases(at) == 0
    assert str(phase.pk) in entries("phase.opened")
    assert str(ideas.pk) in entries("phase.closed")
    assert len(entries("phase.opened")) > before
    assert Entry.objects.get(verb="phase.opened", subject_key=str(phase.pk)).at == phase.starts


def test_old_borders_and_drafts_are_no_news(world):
    announce_phases(world.now)
    told = {*entries("phase.opened"), *entries("phase.closed")}
    assert not told & {str(pk) for pk in world.draft.phases.values_list("pk", flat=True)}
    old = Phase.objects.filter(ends__lt=world.now - timedelta(days=2)).values_list("pk", flat=True)
    assert not set(entries("phase.closed")) & {str(pk) for pk in old}
