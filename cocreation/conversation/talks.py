"""A conversation: everything said in one debate phase, or about one contribution."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any

from django.urls import reverse

from cocreation.conversation.models import Comment, CommentQuerySet, Summary
from cocreation.kinds import About, about
from cocreation.models import Contribution, Phase, Process
from groundwork.addresses import address
from groundwork.prepared import Prepared

_newest = Summary.objects.select_related("office", "by").order_by("-at", "-pk")
_on: Prepared[Summary] = Prepared(lambda on: _newest.filter(on=on)[:20], on=-1)
_in: Prepared[Summary] = Prepared(lambda phase: _newest.filter(phase=phase)[:20], phase=-1)


class Talk:
    """`Talk(phase=…)` or `Talk(on=…)`, with `process` fetched. Asks its summaries once."""

    def __init__(self, *, phase: Phase | None = None, on: Contribution | None = None) -> None:
        assert (phase is None) != (on is None)
        self.phase, self.on = phase, on

    @classmethod
    def of(cls, comment: Comment) -> Talk:
        """The conversation a comment stands in; its phase or contribution and the process fetched or one query each."""
        found = cls(phase=comment.phase, on=comment.on)
        for thing in (comment.phase, comment.on):
            if thing is not None:
                thing.process = comment.process
        return found

    @property
    def process(self) -> Process:
        thing = self.phase or self.on
        assert thing is not None
        return thing.process

    @property
    def key(self) -> dict[str, Any]:
        """The columns that say where: for queries and new rows."""
        return {"phase_id": self.phase.pk} if self.phase else {"on_id": self.on.pk}  # type: ignore[union-attr]

    @property
    def comments(self) -> CommentQuerySet:
        """All that was said in it; whether the conversation itself may be seen was asked before."""
        return Comment.objects.filter(**self.key)

    @cached_property
    def url(self) -> str:
        if self.phase:
            return address("conversation:debate", self.process.slug, self.phase.key)
        return address("conversation:on", self.on.receipt)  # type: ignore[union-attr]

    @property
    def summary_url(self) -> str:
        if self.phase:
            return reverse("conversation:summary", args=[self.process.slug, self.phase.key])
        return reverse("conversation:summary_on", args=[self.on.receipt])  # type: ignore[union-attr]

    @cached_property
    def about(self) -> About:
        """What is spoken about, as pages name it."""
        if self.phase:
            return About(self.phase.name, self.url)
        assert self.on is not None
        return about(self.on)

    @cached_property
    def summaries(self) -> list[Summary]:
        """Newest first."""
        return _on(on=self.on.pk) if self.on is not None else _in(phase=self.phase.pk)  # type: ignore[union-attr]

    @property
    def conclusion(self) -> Summary | None:
        return next((summary for summary in self.summaries if summary.closes), None)

    @property
    def paragraphs(self) -> list[str]:
        return list(self.phase.opts.paragraphs) if self.phase and self.phase.method == "debate" else []

    def is_public(self) -> bool:
        return self.process.is_published and (self.on is None or self.on.is_public)

    def has_begun(self, at: datetime) -> bool:
        return self.phase is None or not self.phase.is_ahead(at)
