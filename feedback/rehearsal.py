"""What an invented office answers, for dry runs. It promises nothing: promises are made to people."""

from __future__ import annotations

from django.utils.translation import ngettext

from cocreation.dry_run import Rehearsal, Scene, rehearsals
from feedback.actions import answer_contribution
from feedback.models import OfficialAnswer
from groundwork.answer import Words
from proposals.models import Proposal, Stage

YES = {"de": "Das machen wir.", "en": "We will do it."}
NO = {"de": "Das können wir nicht machen. Der Grund steht in der Prüfung.", "en": "We cannot do this. The assessment says why."}  # fmt: skip
GOOD = (Stage.CHOSEN, Stage.FEASIBLE)


def invent_answers(scene: Scene) -> Words:
    """One answer for every proposal that can be answered."""
    found = (
        Proposal.objects.filter(process=scene.phase.process, is_public=True)
        .exclude(stage=Stage.ON_BALLOT)
        .select_related("contribution")
        .order_by("pk")
    )
    answered = 0
    for proposal in found:
        good = proposal.stage in GOOD
        answer_contribution(
            contribution=proposal.contribution,
            office=scene.office,
            status=OfficialAnswer.Status.ACCEPTED if good else OfficialAnswer.Status.NOT_ACCEPTED,
            reason=YES if good else NO,
            by=scene.official,
            at=scene.moment(0.5),
        )
        answered += 1
    return ngettext("%(n)s answered", "%(n)s answered", answered) % {"n": answered}


rehearsals.add("answer", Rehearsal("answer", play=invent_answers))
