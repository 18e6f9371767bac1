"""Where the room joins the house: a journal reader, a tab and a section of one's own page, the number of new messages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts import hooks
from cocreation.desk import Queue, queues
from feedback.notices import actions, fanout, inbox, sending
from feedback.notices import claiming as _claiming  # noqa: F401 - registers itself
from feedback.notices import told as _told  # noqa: F401 - registers itself
from groundwork.jobs import api as jobs
from groundwork.journal import api as journal
from groundwork.journal.api import Verb, declare
from groundwork.journal.models import Entry

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
jobs.backlogs.add("fan_out", jobs.Backlog("fan_out", _("Events people are told of"), fanout.waiting))
hooks.unread.add("notices", inbox.unread)
