"""The mails of `bench faults`: the city answers, and everybody who supports the proposal gets a mail, once the server is back."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.bench import parts

# So long mails may take after the mail server is back (seconds), before they count as lost.
PATIENCE = 420


class Post:
    """An office that answers, and what became of the mails. `taken`: where the mail server notes what it took."""

    def __init__(self, taken: Path) -> None:
        self.taken = taken
        self.office: Any = None
        self.clerk: Any = None
        self.answered: list[int] = []
        self.entries: list[int] = []

    def answer(self) -> None:
        """The city answers the best known proposal that it has not answered yet; its supporters are told."""
        from django.utils import timezone

        from feedback import actions
        from groundwork.journal.models import Entry

        if self.clerk is None:
            self._take_office()
        contribution = self._next()
        actions.answer_contribution(
            contribution=contribution, office=self.office, status="accepted",
            reason={"de": "Wir bauen das.", "en": "We will build it."}, by=self.clerk, at=timezone.now(),
        )  # fmt: skip
        self.answered.append(contribution.pk)
        told = Entry.objects.filter(verb="contribution.answered", actor_id=self.clerk.pk)
        self.entries.append(told.latest("pk").pk)

    def _take_office(self) -> None:
        from cocreation.models import Office
        from quartier.builders import give_role, make_person

        self.office = Office.objects.order_by("pk").first()
        self.clerk = make_person("clerk-of-the-bench", "Olga", verified=True)
        give_role(self.clerk, "official", office=self.office)

    def _next(self) -> Any:
        from cocreation.models import Contribution
        from proposals.models import Proposal

        well_known = Proposal.objects.filter(stage="feasible", is_public=True).exclude(pk__in=self.answered)
        return Contribution.objects.get(pk=well_known.order_by("-supports", "pk")[0].pk)

    def settled(self, back_at: float) -> dict[str, Any]:
        """How many mails there were, how many did not arrive or were recorded twice, how many were taken twice, and how many
        seconds after the server was back (`back_at`, seconds since the epoch) the last one was taken."""
        from feedback.notices.models import Mail, Notice

        due = Notice.objects.filter(entry_id__in=self.entries, rhythm="immediate")
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and (not due.exists() or due.filter(sent_at=None).exists()):
            time.sleep(0.5)
        last = due.exclude(sent_at=None).order_by("-sent_at").values_list("sent_at", flat=True).first()
        recorded = list(Mail.objects.filter(entry_id__in=self.entries).values_list("identity", flat=True))
        taken = Counter(name.strip("<>").partition("@")[0] for name in parts.mails(self.taken))
        people = due.values("entry_id", "person_id").distinct().count()
        found = {
            "mails": people,
            "lost": due.filter(sent_at=None).count() + sum(not taken[identity] for identity in recorded),
            "doubled": due.count() - people,
            "taken_twice": sum(taken[identity] - 1 for identity in recorded if taken[identity]),
            "last_after": round(max(0.0, last.timestamp() - back_at), 1) if last else None,
        }
        self.entries.clear()
        return found
