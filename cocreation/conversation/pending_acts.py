"""Acts that wait until a visitor has identified: a comment, a "helpful". The hall keeps them and calls these."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cocreation import pending
from cocreation.conversation.actions import CommentText, find_helpful, publish_comment
from cocreation.conversation.models import Comment, Helpful
from cocreation.conversation.talks import Talk
from cocreation.models import Contribution, Phase
from groundwork.answer import No, Refused

if TYPE_CHECKING:
    from accounts.models import Person


def payload_of(talk: Talk, written: dict[str, Any], parent: Comment | None = None) -> dict[str, Any]:
    """What a visitor wrote and where, as it is kept."""
    where: dict[str, Any] = {"phase": talk.phase.pk} if talk.phase else {"on": talk.on.receipt}  # type: ignore[union-attr]
    return where | {"written": written} | ({"parent": parent.receipt} if parent else {})


def complete_comment(person: Person, payload: dict[str, Any], at: datetime) -> str:
    parent = None
    if payload.get("parent"):
        parent = _comment(person, payload["parent"])
        talk = Talk.of(parent)
    elif "phase" in payload:
        phase = Phase.objects.published().select_related("process").filter(pk=payload["phase"]).first()
        if phase is None:
            raise Refused(No(_("This debate is not public any more.")))
        talk = Talk(phase=phase)
    else:
        seen = Contribution.objects.visible_to(person).select_related("process", "author")
        on = seen.filter(receipt=payload["on"]).first()
        if on is None:
            raise Refused(No(_("What you wrote about is not public any more.")))
        talk = Talk(on=on)
    written = payload["written"]
    text = CommentText(
        written["text"], written["language"], written.get("stance", ""), written.get("paragraph")
    )
    comment = publish_comment(talk=talk, text=text, by=person, at=at, parent=parent)
    return comment.get_absolute_url()


def complete_helpful(person: Person, payload: dict[str, Any], at: datetime) -> str:
    """Somebody who found it helpful already (and had not logged in) gets what they wanted: it stands."""
    comment = _comment(person, payload["comment"])
    if not Helpful.objects.filter(comment=comment, person=person).exists():
        find_helpful(comment=comment, by=person, at=at)
    return comment.get_absolute_url()


def _comment(person: Person, receipt: str) -> Comment:
    found = Comment.objects.visible_to(person).select_related(
        "contribution", "process", "phase", "on", "parent"
    )
    comment = found.filter(receipt=receipt).first()
    if comment is None:
        raise Refused(No(_("This comment is not public any more.")))
    return comment


def _title(payload: dict[str, Any]) -> str:
    text = str(payload.get("written", {}).get("text", ""))
    return text if len(text) <= 120 else f"{text[:119]}…"


pending.acts.add(
    "comment", pending.PendingKind("comment", _("Your comment"), complete_comment, _title, act="comment")
)
pending.acts.add(
    "rate", pending.PendingKind("rate", _("You find a comment helpful"), complete_helpful, act="rate")
)
