"""The only place where designs, their notes and preferences change."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from cocreation.models import Attachment, Contribution
from groundwork.answer import No, Refused, require
from groundwork.journal import api as journal
from proposals.locking import locked
from proposals.models import Proposal
from proposals.variants import rules
from proposals.variants.models import MOST, Annotation, Preference, Variant

if TYPE_CHECKING:
    from accounts.models import Person


@transaction.atomic
def add_variant(
    *, proposal: Proposal, title: str, words: str, picture: Attachment | None, by: Person, at: datetime
) -> Variant:
    """Add a design, by one of the writers. At most five stand at a time; its drawing is one of the proposal's pictures."""
    proposal = locked(proposal.pk)
    require(rules.may_add(by, proposal, at))
    if picture is not None and (picture.contribution_id != proposal.pk or not picture.is_image):
        raise Refused(No(_("This picture does not stand beside the proposal.")))
    if proposal.variants.filter(removed_at__isnull=True).count() >= MOST:
        raise Refused(No(_("There are five designs already. Please remove one first.")))
    newest = proposal.variants.aggregate(n=Max("number"))["n"] or 0
    variant = Variant(
        proposal=proposal,
        number=newest + 1,
        title=title,
        words=words,
        picture=picture,
        added_by=by,
        added_at=at,
    )
    variant.full_clean(exclude=["proposal", "added_by", "picture"])
    variant.save(force_insert=True)
    journal.record(
        "variant.added",
        by=by,
        on=proposal,
        process=proposal.process_id,
        at=at,
        data={"number": variant.number},
    )
    return variant


@transaction.atomic
def remove_variant(*, variant: Variant, by: Person, at: datetime) -> None:
    """Take a design off the page. What people said about it stays stored; its number is not given again."""
    proposal = locked(variant.proposal.pk)
    require(rules.may_add(by, proposal, at))
    if not Variant.objects.filter(pk=variant.pk, removed_at__isnull=True).update(removed_at=at):
        raise Refused(No(_("This design was removed already.")))
    journal.record(
        "variant.removed",
        by=by,
        on=proposal,
        process=proposal.process_id,
        at=at,
        data={"number": variant.number},
    )


@transaction.atomic
def note_at(
    *, variant: Variant, x: float, y: float, text: str, language: str, by: Person, at: datetime
) -> Annotation:
    """Say something about a spot of the drawing. It is a contribution: it has a receipt number and can be moderated."""
    proposal = locked(variant.proposal.pk)
    require(rules.may_note(by, proposal, at))
    _standing(variant)
    contribution = Contribution(
        kind="annotation", process=proposal.process, phase=proposal.process.phase_with("comment", at), author=by,
        language=language, created_at=at,
    )  # fmt: skip
    contribution.publish(at)
    contribution.save()
    newest = variant.annotations.aggregate(n=Max("number"))["n"] or 0
    note = Annotation(contribution=contribution, variant=variant, number=newest + 1, x=x, y=y, text=text)
    note.full_clean(exclude=["contribution", "variant"])
    note.save(force_insert=True)
    journal.record(
        "annotation.published", by=by, on=contribution, process=proposal.process_id, at=at,
        data={"proposal": proposal.pk, "variant": variant.number},
    )  # fmt: skip
    return note


@transaction.atomic
def prefer(*, variant: Variant, choice: str, by: Person, at: datetime) -> None:
    """Say what one thinks of a design, or something else than before; "" takes it back. One row per person and design."""
    require(rules.may_prefer(by, variant.proposal, at))
    _standing(variant)
    if choice == "":
        changed = bool(Preference.objects.filter(variant=variant, person=by).delete()[0])
    elif choice in Preference.Choice.values:
        Preference.objects.update_or_create(
            variant=variant,
            person=by,
            defaults={"choice": choice, "at": at},
            create_defaults={"choice": choice, "at": at},
        )
        changed = True
    else:
        raise Refused(No(_("This answer does not exist.")))
    if changed:
        journal.record(
            "preference.given", by=by, on=variant.proposal, process=variant.proposal.process_id, at=at,
            data={"variant": variant.number},
        )  # fmt: skip


def _standing(variant: Variant) -> None:
    if variant.removed_at is not None:
        raise Refused(No(_("This design was removed.")))
