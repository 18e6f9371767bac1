"""Copied numbers can be rebuilt from the rows they came from."""

from django.core.management import call_command

from proposals.actions import support_proposal
from proposals.models import ListCount, Proposal


def test_recount_repairs_every_copied_number_and_leaves_right_ones_alone(world):
    support_proposal(proposal=world.fountain, by=world.jonas, at=world.now)
    Proposal.objects.filter(pk=world.fountain.pk).update(supports=17)
    right = Proposal.objects.get(pk=world.trees.pk).supports
    before = sum(ListCount.objects.values_list("n", flat=True))
    ListCount.objects.all().delete()
    call_command("recount", verbosity=0)
    assert Proposal.objects.get(pk=world.fountain.pk).supports == 1
    assert Proposal.objects.get(pk=world.trees.pk).supports == right
    assert sum(ListCount.objects.values_list("n", flat=True)) == before
