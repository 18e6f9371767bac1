"""What rooms let the page of a proposal read in its own query, without being imported from here.

    stories.add("amendments", lambda: Subquery(…OuterRef("pk")…))

adds `story_amendments` to what `ProposalQuerySet.with_story` brings: a number or a small JSON list, so that a panel needs
no query of its own. The expression is the same for every reader; nothing personal.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Expression

from groundwork.registry import Registry

stories: Registry[Callable[[], Expression]] = Registry("story of a proposal")
