"""The answer to a reporter who left an address instead of an account.

It leaves ten minutes after the decision: so long one click takes a decision back, and nobody gets two answers. Each mail is
claimed by its row, and its Message-ID says whether it was handed over already.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.mail.message import EmailMessage
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from cocreation.moderation.models import TO_UNDO, Case, Decision, Report

MOST = 200


def due(now: datetime):  # type: ignore[no-untyped-def]
    """Reports with an address whose answer has not left yet."""
    settled = Decision.objects.standing().filter(case=OuterRef("case"), at__lte=now - TO_UNDO)
    return (
        Report.objects.filter(Exists(settled), upheld__isnull=False, mailed_at__isnull=True)
        .exclude(email="")
        .exclude(case__state=Case.State.OPEN)
        .order_by("pk")
    )


def answer_reporters(now: datetime, most: int = MOST) -> int:
    """One transaction a mail: what was claimed and not sent is found again."""
    sent = 0
    while sent < most:
        with transaction.atomic():
            report = due(now).select_for_update(skip_locked=True, of=("self",)).first()
            if report is None:
                break
            report.mailed_at = now
            report.save(update_fields=["mailed_at"])
            letter(report).send()
        sent += 1
    return sent


def letter(report: Report) -> EmailMessage:
    decision = report.case.decisions.standing().prefetch_related("appeals").order_by("-at").first()
    appeals = [each for each in decision.appeals.all() if each.decided_at] if decision else []
    with override(report.language):
        words = {
            "report": report,
            "decision": decision,
            "appeals": appeals,
            "url": f"{settings.SITE_URL}{report.get_absolute_url()}",
        }
        body = render_to_string("cocreation/moderation/answer.txt", words)
        subject = _("What came of your report (number %(number)s)") % {"number": report.contribution.receipt}
    host = settings.SITE_URL.split("//")[-1].split(":")[0]
    number = len(appeals)
    return EmailMessage(
        subject, body, settings.DEFAULT_FROM_EMAIL, [report.email],
        headers={"Message-ID": f"<report-{report.token}-{number}@{host}>"},
    )  # fmt: skip
