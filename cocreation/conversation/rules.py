"""Questions about conversations; no writes, no request."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation
from cocreation.conversation.models import Comment
from cocreation.conversation.talks import Talk
from cocreation.models import Office
from cocreation.roles import may_act_for, roles_of
from cocreation.words import Moment, not_open_yet
from groundwork.answer import Answer, No, Yes

if TYPE_CHECKING:
    from accounts.models import Person

# So long after writing one may still change the words; later they belong to those who answered them.
WINDOW = timedelta(minutes=30)


def may_comment(person: Person | None, talk: Talk, at: datetime, office: Office | None = None) -> Answer:
    """While the phase is open and the conversation has no conclusion. An office may still answer after the phase."""
    if not talk.is_public():
        if talk.on is not None and talk.on.lives_on:
            return No(
                _("It was joined with others. What was said stays here; the conversation goes on there.")
            )
        return No(_("This is not public."))
    if isinstance(answer := is_going_on(talk), No):
        return answer
    if office is not None:
        if talk.phase and not talk.has_begun(at):
            return not_open_yet(talk.phase)
        return may_act_for(person, office)
    if talk.phase:
        return talk.phase.allows("comment", person, at)
    return talk.process.allows("comment", person, at)


def is_going_on(talk: Talk) -> Answer:
    if talk.conclusion is None:
        return Yes()
    when = Moment(talk.conclusion.at)
    return No(format_lazy(_("This conversation was closed with a conclusion on {when}."), when=when))


def may_reply(
    person: Person | None, talk: Talk, parent: Comment, at: datetime, office: Office | None = None
) -> Answer:
    if not parent.is_public:
        return No(_("What you want to answer is not shown any more."))
    return may_comment(person, talk, at, office)


def may_speak_for(person: Person, organisation: Organisation | None) -> Answer:
    if organisation is None:
        return Yes()
    if Membership.objects.confirmed().filter(person=person, organisation=organisation).exists():
        return Yes()
    return No(_("Only confirmed members may write for this organisation."))


def may_edit(person: Person | None, comment: Comment, talk: Talk, at: datetime) -> Answer:
    """One's own words, for half an hour."""
    if person is None or comment.contribution.author_id != person.pk:
        return No(_("Only the author can change this."))
    if not comment.is_public:
        return No(_("This is not shown any more and cannot be changed."))
    if at >= comment.contribution.created_at + WINDOW:
        return No(_("A comment can be changed for 30 minutes. You can still withdraw it."))
    return is_going_on(talk)


def may_withdraw(person: Person | None, comment: Comment) -> Answer:
    if person is None or comment.contribution.author_id != person.pk:
        return No(_("Only the author can take this back."))
    if comment.contribution.withdrawn_at:
        return No(_("This was withdrawn already."))
    return Yes()


def may_find_helpful(person: Person | None, comment: Comment, talk: Talk, at: datetime) -> Answer:
    """In a debate the phase says who may; on a contribution whoever may comment may also say this."""
    if not comment.is_public or not talk.is_public():
        return No(_("This is not public."))
    if person is not None and comment.contribution.author_id == person.pk:
        return No(_("You wrote this yourself. Others say whether it is helpful."))
    if talk.phase:
        return talk.phase.allows("rate", person, at)
    return talk.process.allows("comment", person, at)


def may_pin(person: Person | None, comment: Comment) -> Answer:
    """The office that wrote it puts its reply on top."""
    if comment.office_id is None or not comment.is_public:
        return No(_("Only replies of the city can be put on top."))
    if roles_of(person).acts_for(comment.office_id):
        return Yes()
    return No(_("Only the responsible office may do this."))


def may_summarise(person: Person | None, talk: Talk) -> Answer:
    """Moderators, and the office the process belongs to."""
    roles = roles_of(person)
    if (
        roles.moderates.covers(talk.process)
        or roles.where("facilitator").covers(talk.process)
        or roles.acts_for(talk.process.office_id)
    ):
        return Yes()
    return No(_("Only moderators and the responsible office may do this."))
