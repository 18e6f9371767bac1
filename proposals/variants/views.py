"""The page of the designs of a proposal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Person
from accounts.request import person_of
from cocreation import pending
from cocreation.models import Attachment
from cocreation.pictures import COLUMNS, Shown, shown
from cocreation.roles import roles_of
from groundwork import clock
from groundwork.answer import Answer, No, Refused
from proposals import memory
from proposals.models import Proposal
from proposals.variants import actions, rules
from proposals.variants.forms import NoteForm, VariantForm, spot_words
from proposals.variants.models import Annotation, Preference, Variant
from proposals.views.page import get_proposal


@require_http_methods(["GET", "HEAD", "POST"])
def variants(request: HttpRequest, receipt: str) -> HttpResponse:
    """All designs side by side; its writers add one by POST."""
    person, at = person_of(request), clock.now()
    found = get_proposal(receipt, person)
    may_add = rules.may_add(person, found, at)
    form = None
    if may_add or request.method == "POST":
        if isinstance(may_add, No):
            raise Refused(may_add)
        pictures = list(Attachment.objects.images().filter(contribution=found.pk))
        form = VariantForm(request.POST if request.method == "POST" else None, pictures=pictures)
        if form.is_bound and form.is_valid() and person is not None:
            added = actions.add_variant(
                proposal=found, title=form.cleaned_data["title"], words=form.cleaned_data["words"],
                picture=form.picture, by=person, at=at,
            )  # fmt: skip
            return HttpResponseRedirect(_address(found, added.number))
    return _page(request, found, person, at, form=form)


@require_POST
def note(request: HttpRequest, receipt: str, number: int) -> HttpResponse:
    person, at = person_of(request), clock.now()
    found, variant = _variant(receipt, number, person)
    answer = rules.may_note(person, found, at)
    form = NoteForm(request.POST, prefix=f"note-{number}")
    if isinstance(answer, No) and not answer.identify:
        raise Refused(answer)
    if not form.is_valid():
        return _page(request, found, person, at, notes={number: form}, status=422)
    x, y = form.place()
    written = {"x": x, "y": y, "text": form.cleaned_data["text"], "language": get_language() or "de"}
    if waits := _keep("annotate", found, variant, written, person, answer, at):
        return waits
    assert person is not None
    actions.note_at(variant=variant, by=person, at=at, **written)
    return HttpResponseRedirect(_address(found, number))


@require_POST
def prefer(request: HttpRequest, receipt: str, number: int) -> HttpResponse:
    person, at = person_of(request), clock.now()
    found, variant = _variant(receipt, number, person)
    answer = rules.may_prefer(person, found, at)
    choice = request.POST.get("choice", "")
    if choice not in ("", *Preference.Choice.values) or (isinstance(answer, No) and not answer.identify):
        raise Refused(answer if isinstance(answer, No) else No(_("This answer does not exist.")))
    if waits := _keep(
        "prefer", found, variant, {"choice": choice, "title": variant.title}, person, answer, at
    ):
        return waits
    assert person is not None
    actions.prefer(variant=variant, choice=choice, by=person, at=at)
    return HttpResponseRedirect(_address(found, number))


@require_POST
def remove(request: HttpRequest, receipt: str, number: int) -> HttpResponse:
    person, at = person_of(request), clock.now()
    found, variant = _variant(receipt, number, person)
    if person is None:
        raise Refused(No(_("Please sign in first."), _("Sign in"), "account_login", identify=True))
    actions.remove_variant(variant=variant, by=person, at=at)
    return HttpResponseRedirect(reverse("variants:variants", args=[found.receipt]))


def _variant(receipt: str, number: int, person: Person | None) -> tuple[Proposal, Variant]:
    found = get_proposal(receipt, person)
    variant = get_object_or_404(Variant, proposal=found.pk, number=number, removed_at__isnull=True)
    variant.proposal = found
    return found, variant


def _keep(
    act: str, found: Proposal, variant: Variant, written: dict[str, Any], person: Person | None, answer: Answer,
    at: datetime,
) -> HttpResponse | None:  # fmt: skip
    """Who is not known yet, or lacks a confirmation, finds what they did waiting."""
    if person is not None and answer:
        return None
    payload = written | {"receipt": found.receipt, "number": variant.number}
    kept = pending.keep(act, payload, process=found.process, at=at, person=person, answer=answer)
    return HttpResponseRedirect(reverse("cocreation:waiting", args=[kept.token]))


def _address(found: Proposal, number: int) -> str:
    return f"{reverse('variants:variants', args=[found.receipt])}#variant-{number}"


def _page(
    request: HttpRequest, found: Proposal, person: Person | None, at: datetime, *, form: VariantForm | None = None,
    notes: dict[int, NoteForm] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    rows = list(Variant.objects.filter(proposal=found.pk, removed_at__isnull=True).select_related("picture"))
    may_add = form is not None or bool(rules.may_add(person, found, at))
    said: dict[int, list[Annotation]] = {row.pk: [] for row in rows}
    for each in Annotation.objects.public().filter(variant__in=rows).select_related("contribution__author"):
        said[each.variant_id].append(each)
    counted: dict[int, dict[str, int]] = {row.pk: {} for row in rows}
    for key, choice, n in (
        Preference.objects.filter(variant__in=rows).values_list("variant", "choice").annotate(n=Count("pk"))
    ):
        counted[key][choice] = n
    mine = (
        dict(Preference.objects.filter(variant__in=rows, person=person).values_list("variant", "choice"))
        if person is not None
        else {}
    )
    may_note, may_prefer = rules.may_note(person, found, at), rules.may_prefer(person, found, at)
    bound = notes or {}
    shows = [
        {
            "variant": row,
            "drawing": _drawing(row),
            "pins": [_pin(each, row) for each in said[row.pk]],
            "counts": [
                {"choice": choice.value, "words": choice.label, "n": counted[row.pk].get(choice.value, 0),
                 "mine": mine.get(row.pk) == choice.value}
                for choice in Preference.Choice
            ],
            "form": bound.get(row.number) or NoteForm(prefix=f"note-{row.number}"),
        }
        for row in rows
    ]  # fmt: skip
    place = memory.places.get(found.place_id)
    context = {
        "menu": "proposals",
        "proposal": found,
        "process": found.process,
        "place": place,
        "title": found.in_language("title"),
        "shows": shows,
        "form": form,
        "may_add": may_add,
        "may_note": may_note or _waits(may_note),
        "may_prefer": may_prefer or _waits(may_prefer),
        "why_not": may_prefer if not may_prefer and not _waits(may_prefer) else None,
        "visitor": person is None,
        "may_moderate": roles_of(person).moderates.covers(found.process),
    }
    if form is not None and form.is_bound:
        status = 422
    return render(request, "proposals/variants/variants.html", context, status=status)


def _waits(answer: Answer) -> bool:
    return isinstance(answer, No) and answer.identify


def _drawing(row: Variant) -> Shown | None:
    picture = row.picture
    return shown([{name: getattr(picture, name) for name in COLUMNS}])[0] if picture is not None else None


def _pin(each: Annotation, row: Variant) -> dict[str, Any]:
    """Where the pin stands in the drawing's own measure, and the same in words."""
    author = each.contribution.author
    width, height = (row.picture.width or 0, row.picture.height or 0) if row.picture else (0, 0)
    return {
        "note": each,
        "x": f"{each.x * width / 100:.0f}",
        "y": f"{each.y * height / 100:.0f}",
        "where": spot_words(each.x, each.y),
        "by": author.public_name if author and author.public_name else _("Someone from here"),
        "receipt": each.contribution.receipt,
    }
