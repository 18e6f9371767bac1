"""Proposals, their immutable revisions, their authors and supporters, assessments and the moves along their line."""

from proposals.models.assessments import (
    Assessment,
    AssessmentQuerySet,
    Assignment,
    AssignmentQuerySet,
    Clarification,
    Competence,
    ReasonCode,
)
from proposals.models.exports import ListExport
from proposals.models.finding import SearchWord, Shown
from proposals.models.hands import Authorship, AuthorshipQuerySet, TakeOver, TextDraft
from proposals.models.proposals import (
    ANSWERED,
    PERSON,
    ListCount,
    Proposal,
    ProposalQuerySet,
    Revision,
    Stage,
    StageMove,
    Support,
    Theme,
)

__all__ = [
    "ANSWERED",
    "PERSON",
    "Assessment",
    "AssessmentQuerySet",
    "Assignment",
    "AssignmentQuerySet",
    "Authorship",
    "AuthorshipQuerySet",
    "Clarification",
    "Competence",
    "ListCount",
    "ListExport",
    "Proposal",
    "ProposalQuerySet",
    "ReasonCode",
    "Revision",
    "SearchWord",
    "Shown",
    "Stage",
    "StageMove",
    "Support",
    "TakeOver",
    "TextDraft",
    "Theme",
]
