"""What moderation has to do in the world: a case, a report with an account and one without, a change asked for, an appeal."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.apps import apps

if TYPE_CHECKING:
    from tests.world import World


def build_moderation(world: World) -> None:
    """Jonas' debate comment waits for a change, his hidden proposal has an appeal, Ines reported Amina's comment."""
    if not (apps.is_installed("cocreation.moderation") and apps.is_installed("cocreation.conversation")):
        return
    from cocreation.conversation.actions import CommentText, publish_comment
    from cocreation.conversation.talks import Talk
    from cocreation.moderation import actions
    from cocreation.moderation.models import Decision

    now, hour = world.now, timedelta(hours=1)
    talk = Talk(phase=next(phase for phase in world.collecting.line if phase.key == "talk"))
    comment = publish_comment(
        talk=talk, text=CommentText("Geheimnis wartet auf eine Änderung."), by=world.jonas, at=now - 9 * hour
    )
    asked = actions.report(
        contribution=comment.contribution,
        rule="private",
        words="Eine Nummer.",
        email="leser@example.org",
        at=now - 8 * hour,
    )
    verdict = actions.Verdict("change", "private", "Eine Telefonnummer.", "Bitte ohne die Nummer.")
    world.moderation["asked"] = actions.decide(
        case=asked.case, verdict=verdict, by=world.ada, at=now - 7 * hour
    )
    decision = Decision.objects.get(contribution=world.hidden.contribution)
    world.moderation["decision"] = decision
    world.moderation["appeal"] = actions.appeal(
        decision=decision, words="Ich habe niemanden beleidigt.", by=world.jonas, at=now - hour
    )
    thing = world.comments["public"].contribution
    report = actions.report(
        contribution=thing, rule="respect", words="Zu viel.", by=world.ines, at=now - 2 * hour
    )
    world.moderation["report"] = report
    world.moderation["anonymous"] = actions.report(
        contribution=thing, rule="topic", words="Passt nicht.", email="anna@example.org", at=now - hour
    )
    world.moderation["case"] = report.case
