"""Where the room joins the house: a journal reader, a tab and a section of one's own page, the number of new messages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts import hooks
from feedback.notices import claiming as _claiming  # noqa: F401 - registers itself
from feedback.notices import fanout, inbox
from feedback.notices import told as _told  # noqa: F401 - registers itself
from groundwork.journal import api as journal
from groundwork.journal.models import Entry


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
hooks.unread.add("notices", inbox.unread)
