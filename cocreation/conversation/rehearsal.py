"""What invented people say in a debate, for dry runs."""

from __future__ import annotations

from django.utils.translation import ngettext

from cocreation.conversation.actions import CommentText, publish_comment
from cocreation.conversation.models import Comment
from cocreation.conversation.talks import Talk
from cocreation.dry_run import Rehearsal, Scene, rehearsals
from groundwork.answer import No, Refused, Words

# What is said, and whether it is for, against or a question.
SAID: list[tuple[str, str]] = [
    ("Das wäre für unsere Straße ein großer Gewinn.", "for"),
    ("Bitte denken Sie an alle, die nicht gut zu Fuß sind.", "question"),
    ("Mir geht das zu schnell. Ich möchte erst wissen, was es jedes Jahr kostet.", "against"),
    ("Wer kümmert sich darum, wenn es fertig ist?", "question"),
    ("Wir im Verein helfen gern mit.", "for"),
]


def invent_comments(scene: Scene) -> Words:
    """Each says one thing; one answers the first. Who may not, does not."""
    talk = Talk(phase=scene.phase)
    made: list[Comment] = []
    reason: No | None = None
    for number, (words, stance) in enumerate(SAID):
        by = scene.people[number % len(scene.people)]
        try:
            text, at = CommentText(words, "de", stance), scene.moment(0.2 + number * 0.1)
            made.append(publish_comment(talk=talk, text=text, by=by, at=at))
        except Refused as refused:
            reason = refused.answer
    if not made:
        raise Refused(reason or No(""))
    publish_comment(
        talk=talk,
        text=CommentText("Das sehe ich auch so.", "de"),
        by=scene.people[-1],
        at=scene.moment(0.9),
        parent=made[0],
    )
    n = len(made) + 1
    return ngettext("%(n)s invented comment", "%(n)s invented comments", n) % {"n": n}


rehearsals.add("debate", Rehearsal("debate", play=invent_comments))
