"""How many public comments a contribution has, for whoever lists contributions: recounted when the journal says so."""

from __future__ import annotations

from django.db.models import Count

from cocreation.conversation.models import Comment
from cocreation.panels import comment_counters
from groundwork.journal import api as journal
from groundwork.journal.models import Entry

VERBS = (
    "comment.published", "contribution.withdrawn", "contribution.erased", "contribution.hidden", "contribution.restored", "contribution.held",
    "contribution.released",
)  # fmt: skip


@journal.reader("conversation.counts", verbs=VERBS)
def recount(entries: list[Entry]) -> None:
    """Two queries a batch, and one for each counter; running it again changes nothing."""
    about = {"conversation.Comment", "cocreation.Contribution"}
    keys = {int(entry.subject_key) for entry in entries if entry.subject_label in about}
    subjects = set(Comment.objects.filter(pk__in=keys, on__isnull=False).values_list("on", flat=True))
    if not subjects:
        return
    found = Comment.objects.filter(on__in=subjects, is_public=True).order_by().values_list("on")
    counts = dict.fromkeys(subjects, 0) | dict(found.annotate(n=Count("pk")))
    for keep in comment_counters:
        keep(counts)
