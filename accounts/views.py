"""Pages of one's own area, and the public pages of organisations."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions, rules
from accounts.forms import CloseForm, OrganisationForm, ProfileForm
from accounts.hooks import data_sections, keep_act, sections
from accounts.models import Membership, Organisation
from accounts.pages import own_page
from accounts.privacy import forgetting
from accounts.queries import residence_words
from accounts.request import NEEDS_ACCOUNT, account_required, person_here, person_of
from groundwork import clock
from groundwork.answer import Refused

MOST_MEMBERS = 100


@login_required
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """What waits for me and what became of what I said: sections that the houses above register."""
    person, at = person_here(request), clock.now()
    columns: dict[str, list[dict[str, Any]]] = {"top": [], "main": [], "side": []}
    for section in sorted(sections, key=lambda section: section.order):
        context = section.context(person, at)
        if context is not None:
            columns.setdefault(section.column, columns["main"]).append(
                {"template": section.template, "context": context, "slug": section.slug}
            )
    return render(request, "accounts/me.html", own_page("overview") | {"columns": columns, "at": at})


@account_required
@require_http_methods(["GET", "HEAD", "POST"])
def data(request: HttpRequest) -> HttpResponse:
    """See and correct what others see; the ways to mail address, password, second factor, export and closing."""
    person = person_here(request)
    form = ProfileForm(request.POST if request.method == "POST" else None, person=person)
    if request.method == "POST" and form.is_valid():
        actions.change_profile(person=person, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("accounts:data")
    status = 422 if form.is_bound else 200
    parts = [(each, each.context(person, clock.now())) for each in data_sections]
    return render(
        request,
        "accounts/data.html",
        own_page("data") | {"form": form, "person": person, "sections": parts},
        status=status,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """End the account, or what there is of one: also who takes part without an account may have their name deleted."""
    person = person_here(request)
    form = CloseForm(request.POST if request.method == "POST" else None, person=person)
    if request.method == "POST" and form.is_valid():
        forgetting.ask(person=person, way=form.cleaned_data["way"], at=clock.now())
        logout(request)
        return render(request, "accounts/closed.html")
    status = 422 if form.is_bound else 200
    going, staying = forgetting.preview(person)
    context = own_page("data") | {"form": form, "going": going, "staying": staying}
    return render(request, "accounts/close.html", context, status=status)


@account_required
@require_safe
def verifications(request: HttpRequest) -> HttpResponse:
    valid = person_here(request).verifications.valid(clock.now()).first()
    context = own_page("verifications") | {
        "verification": valid,
        "place": residence_words(valid.residence) if valid else "",
    }
    return render(request, "accounts/verifications.html", context)


@account_required
@require_http_methods(["GET", "HEAD", "POST"])
def organisations(request: HttpRequest) -> HttpResponse:
    """My memberships, and registering an organisation, which then waits for the city's confirmation."""
    person, at = person_here(request), clock.now()
    form = OrganisationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            organisation = actions.register_organisation(**form.cleaned_data, by=person, at=at)
        except Refused as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, _("Registered. The citizens' office confirms it soon."))
            return redirect(organisation)
    mine = Membership.objects.filter(person=person, ended_at__isnull=True).select_related("organisation")
    context = own_page("organisations") | {
        "memberships": list(mine.order_by("organisation__name")),
        "form": form,
    }
    return render(request, "accounts/organisations.html", context, status=422 if form.is_bound else 200)


@require_safe
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """The public page. An organisation that waits for its confirmation is seen by its own people alone."""
    person = person_of(request)
    mine = None
    found = get_object_or_404(Organisation, slug=slug)
    if person is not None:
        mine = Membership.objects.filter(organisation=found, person=person, ended_at__isnull=True).first()
    if found.confirmed_at is None and mine is None:
        return render(request, "404.html", status=404)
    leads = person is not None and bool(rules.may_lead(person, found))
    members = found.memberships.filter(ended_at__isnull=True).select_related("person")
    if not leads:
        members = members.filter(confirmed_at__isnull=False)
    context = {
        "organisation": found,
        "mine": mine,
        "leads": leads,
        "members": list(members.order_by("confirmed_at", "pk")[:MOST_MEMBERS]),
        "may_join": rules.may_join(person, found) if person is not None else None,
    }
    return render(request, "accounts/organisation.html", context)


@require_POST
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask to join; the wish of somebody who has no account yet is kept until they have one."""
    found = get_object_or_404(Organisation, slug=slug, confirmed_at__isnull=False)
    person, at = person_of(request), clock.now()
    if person is None or person.is_guest:
        answer = None if person is None else NEEDS_ACCOUNT
        about = {"organisation": found.slug, "title": found.name}
        return redirect(keep_act("join", about, person=person, answer=answer, at=at))
    actions.ask_to_join(organisation=found, by=person)
    messages.success(request, _("Asked. Somebody who speaks for the organisation confirms you."))
    return redirect(found)


@login_required
@require_POST
def member(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Confirm a member, or end a membership (leaving is ending one's own)."""
    membership = get_object_or_404(Membership, pk=pk, organisation__slug=slug)
    person, at = person_here(request), clock.now()
    if request.POST.get("act") == "confirm":
        actions.confirm_member(membership=membership, by=person, at=at)
        messages.success(request, _("Confirmed."))
    else:
        actions.end_membership(membership=membership, by=person, at=at)
        messages.success(request, _("The membership has ended."))
    if membership.person_id == person.pk:
        return redirect("accounts:my_organisations")
    return redirect(reverse("accounts:organisation", args=[slug]))
