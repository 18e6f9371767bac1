"""Counting no further than somebody wants to know."""

from __future__ import annotations

from django.db.models import IntegerField, Subquery


class Capped(Subquery):
    """How many rows another query has, in the same query: `Capped(found.values("pk")[:1001])`."""

    template = "(select count(*) from (%(subquery)s) capped)"
    output_field = IntegerField()
