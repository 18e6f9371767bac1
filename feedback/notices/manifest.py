"""Where the room joins the house: a journal reader, a tab and a section of one's own page, the number of new messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts import hooks
from accounts.privacy import consents
from cocreation.desk import Queue, queues
from feedback.notices import actions, devices, fanout, inbox, pushing, sending
from feedback.notices import claiming as _claiming  # noqa: F401 - registers itself
from feedback.notices import reaching as _reaching  # noqa: F401 - registers itself
from feedback.notices import told as _told  # noqa: F401 - registers itself
from feedback.notices.models import Kind, Rhythm
from groundwork.jobs import api as jobs
from groundwork.jobs.retention import Rule, rules
from groundwork.journal import api as journal
from groundwork.journal.api import Verb, declare
from groundwork.journal.models import Entry
from groundwork.watch.figures import Figure, figures

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Person

declare(
    Verb("newsletter.planned", _("Newsletter planned"), public=False),
    Verb("newsletter.sent", _("Newsletter sent"), public=False),
)


@journal.reader("notices", verbs=fanout.VERBS)
def read(entries: list[Entry]) -> None:
    """Leave the work in the rows of the journal's own transaction; do it after the commit."""
    from feedback.notices.tasks import wake_after_commit

    if fanout.plan(entries):
        wake_after_commit()


hooks.tabs.add("messages", hooks.Tab("messages", _("Messages"), "notices:inbox", order=20, guests=True))
hooks.tabs.add("mail", hooks.Tab("mail", _("E-mails"), "notices:settings", order=30))
hooks.sections.add(
    "new",
    hooks.Section("new", "feedback/notices/section_new.html", inbox.section_new, column="side", order=10),
)
hooks.sections.add(
    "mail",
    hooks.Section("mail", "feedback/notices/section_mail.html", inbox.section_mail, column="side", order=20),
)
hooks.closing.add("notices", actions.leave)
hooks.restricting.add("notices", actions.hold_back)


def _no_newsletter(person: Person, thing: str, at: datetime) -> None:
    actions.choose_rhythm(by=person, rhythms={Kind.NEWS.value: Rhythm.NONE.value}, at=at)


def _no_device(person: Person, thing: str, at: datetime) -> None:
    devices.remove(by=person, key=int(thing) if thing.isdigit() else 0, at=at)


consents.purposes.add(
    "newsletter",
    consents.Purpose(
        "newsletter",
        _("Newsletters of the city"),
        _(
            "With any choice but “never” you agree that the city sends you newsletters. You can stop them at any time."
        ),
        stop=_no_newsletter,
        order=20,
    ),
)
consents.purposes.add(
    devices.PUSH,
    consents.Purpose(
        devices.PUSH,
        _("Messages on a device"),
        _(
            "You agree that we send messages to this browser through the push service of its maker. It passes them on sealed."
            " You can stop them at any time."
        ),
        stop=_no_device,
        order=30,
    ),
)
queues.add(
    "newsletters",
    Queue(
        "newsletters", _("Newsletters"), "mail", "notices:newsletters", lambda person, at: None,
        lambda roles: roles.is_admin, order=90,
    ),
)  # fmt: skip
queues.add(
    "mails",
    Queue(
        "mails", _("Mails"), "bell", "notices:mails", lambda person, at: None,
        lambda roles: roles.is_admin, order=91,
    ),
)  # fmt: skip
jobs.backlogs.add("mails", jobs.Backlog("mails", _("Mails that are due"), sending.waiting))
jobs.backlogs.add("pushes", jobs.Backlog("pushes", _("Messages to devices that are due"), pushing.waiting))
jobs.backlogs.add("fan_out", jobs.Backlog("fan_out", _("Events people are told of"), fanout.waiting))
figures.add("mails_hour", Figure("mails_hour", _("Mails handed over in the last hour"), sending.sent_lately))
figures.add(
    "mails_given_up",
    Figure("mails_given_up", _("Mails nobody tries any more"), lambda at: float(sending.given_up())),
)
hooks.unread.add("notices", inbox.unread)
hooks.asked_with_person.add("unread", inbox.asked_unread)
rules.add(
    "mails",
    Rule("mails", _("When which mail was sent"), _("90 days"), ("notices.Mail",), actions.forget_mails),
)
rules.add(
    "messages",
    Rule(
        "messages",
        _("Messages people were told"),
        _("two years"),
        ("notices.Notice",),
        actions.forget_notices,
    ),
)
