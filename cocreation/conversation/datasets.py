"""What the room publishes as data: that and where something was said. The words stay on the pages, where they can be taken back."""

from django.utils.translation import gettext_lazy as _

from cocreation.conversation.models import Comment, Stance
from cocreation.datasets import TAKING_PART, process_column, receipt_column
from groundwork.datasets import INTEGER, MOMENT, ON_REQUEST, STRING, Column, Dataset, add

KNOWN = (
    receipt_column(),
    process_column(),
    Column("on", "on__receipt", _("About"), _("The number of what it is about; empty for the process as a whole.")),
    Column("reply_to", "parent__receipt", _("Reply to"), _("The number of the comment it replies to.")),
    Column("stance", "stance", _("Stance"), _("What the comment says it is; empty where nothing was chosen."), choices=tuple(Stance.choices)),
    Column("language", "contribution__language", _("Language"), _("The language it is written in."), required=True),
    Column("helpful", "helpful", _("Helpful"), _("How often somebody found it helpful."), INTEGER, unit=_("clicks"), required=True),
    Column("published", "contribution__published_at", _("Published"), _("When it became public."), MOMENT, required=True),
)  # fmt: skip

add(
    Dataset(
        "comments",
        _("Comments, without their words"),
        _("When and about what people commented, with which stance and in which language. The words are on the pages."),
        rows=lambda: Comment.objects.visible_to(None),
        order=("pk",),
        columns=KNOWN,
        chart="stance",
        receipts="number",
        keywords=TAKING_PART,
    )
)  # fmt: skip

add(
    Dataset(
        "comments-with-words",
        _("Comments with their words"),
        _("The same table with what was written, for research on conversations."),
        rows=lambda: Comment.objects.visible_to(None),
        order=("pk",),
        columns=(
            *KNOWN,
            Column("text", "text", _("Words"), _("What was written, without the name."), STRING, required=True),
        ),
        tier=ON_REQUEST,
        why=_("People can be recognised by how they write, and a file that went out cannot be taken back when somebody erases a comment."),
        receipts="number",
        keywords=TAKING_PART,
    )
)  # fmt: skip
