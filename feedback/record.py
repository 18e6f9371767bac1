"""What answers leave on the life record of a proposal beside its moves: clocks, later answers, questions, where it landed."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cocreation.record import Entry
from feedback.models import OfficialAnswer, ReasonCode
from groundwork.html import say
from proposals import memory
from proposals.models import Proposal
from proposals.record import record_sources

_ALL = """
select 'clock' kind, reached_at at, null::bigint office, threshold::text one, to_json(due) #>> '{{}}' two
from feedback_replyclock where contribution_id = %(key)s
union all
select 'answer', published_at, office_id, status || ' ' || reason_code, coalesce(nullif(reason_{l}, ''), reason)
from feedback_officialanswer where contribution_id = %(key)s
union all
select 'asked', f.asked_at, a.office_id, f.question, '' from feedback_followup f
join feedback_officialanswer a on a.id = f.answer_id where a.contribution_id = %(key)s
union all
select 'replied', f.replied_at, a.office_id, coalesce(nullif(f.reply_{l}, ''), f.reply), '' from feedback_followup f
join feedback_officialanswer a on a.id = f.answer_id where a.contribution_id = %(key)s and f.replied_at is not null
union all
select 'landed', t.published_at, t.office_id, coalesce(nullif(t.title_{l}, ''), t.title), string_agg(g."order"::text, ', ' order by g."order")
from feedback_plansource s join feedback_planparagraph g on g.id = s.paragraph_id
join feedback_plan t on t.id = g.plan_id and t.published_at is not null
where s.contribution_id = %(key)s group by t.id
"""


def entries_of(proposal: Proposal) -> Iterable[Entry]:
    """One query. Answers say their words here; the move of the proposal is the step itself."""
    language = "en" if get_language() == "en" else "de"
    with connection.cursor() as cursor:
        cursor.execute(_ALL.format(l=language), {"key": proposal.pk})
        rows = cursor.fetchall()
    for kind, at, office, one, two in rows:
        known = memory.offices.get(office)
        by = known.name if known else ""
        if kind == "clock":
            words = ngettext("%(n)s person supports it", "%(n)s people support it", int(one)) % {"n": one}
            due = _("The city answers by %(day)s.") % {"day": _day(two)}
            yield Entry(at, words, "", due, icon="clock")
        elif kind == "answer":
            status, _blank, code = one.partition(" ")
            words = _("The office says: %(status)s") % {"status": OfficialAnswer.Status(status).label}
            why = f"{ReasonCode(code).label}. {two}" if code else two
            yield Entry(at, words, by, why, icon="message-square-reply")
        elif kind == "asked":
            yield Entry(
                at, _("The author asks about the answer"), "", one, icon="message-circle-question-mark"
            )
        elif kind == "replied":
            yield Entry(at, _("The office replies to the question"), by, one, icon="message-square-reply")
        else:
            words = _("It stands in “%(title)s”, paragraph %(numbers)s") % {"title": one, "numbers": two}
            yield Entry(at, words, by, icon="file-text")


def _day(stored: str) -> str:
    from datetime import datetime

    return say.day(datetime.fromisoformat(stored))


record_sources.add("answers", entries_of)
