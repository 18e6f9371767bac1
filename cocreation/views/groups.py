"""Groups of people: made and filled in the studio, joined by an invitation, left on one's own page."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.request import person_here
from cocreation import group_actions
from cocreation.desk import staff_required
from cocreation.forms import GroupForm, MemberForm
from cocreation.models import Group, GroupInvitation, GroupMembership
from cocreation.views.studio import find_process, may_configure, studio_page
from groundwork import clock
from groundwork.answer import Refused

STANDING = Q(memberships__ended_at__isnull=True, memberships__isnull=False)
LISTED = 200


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_configure)
def groups(request: HttpRequest, slug: str) -> HttpResponse:
    """The groups this process can speak of, its own and those of the city, and a new one."""
    process = find_process(request, slug)
    form = GroupForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        group = group_actions.create_group(
            name=form.names(),
            process=None if form.cleaned_data["whose"] == "city" else process,
            by=person_here(request),
        )
        messages.success(request, _("“{group}” is there. Now let people in.").format(group=group.name))
        return redirect("cocreation:studio_group", slug=slug, group=group.slug)
    found = Group.objects.filter(Q(process=None) | Q(process=process)).annotate(
        people=Count("memberships", filter=STANDING)
    )
    return studio_page(
        request, process, "cocreation/studio/groups.html", current="groups", form=form, groups=list(found)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_configure)
def group(request: HttpRequest, slug: str, group: str) -> HttpResponse:
    """Who belongs to a group, and the ways in."""
    process, at, by = find_process(request, slug), clock.now(), person_here(request)
    found = Group.objects.filter(Q(process=None) | Q(process=process), slug=group).first()
    if found is None:
        raise Http404
    act = request.POST.get("act", "")
    form = MemberForm(request.POST if act == "add" else None)
    here = redirect("cocreation:studio_group", slug=slug, group=group)
    if act == "add" and form.is_valid():
        try:
            membership = group_actions.add_member(group=found, email=form.cleaned_data["email"], by=by, at=at)
        except Refused as refused:
            form.add_error("email", str(refused))
        else:
            messages.success(
                request,
                _("{person} belongs to the group now and finds it on their page.").format(
                    person=membership.person.public_name
                ),
            )
            return here
    elif act == "remove":
        membership = get_object_or_404(GroupMembership, pk=_key(request.POST.get("membership")), group=found)
        group_actions.end_membership(membership=membership, by=by, at=at)
        messages.success(request, _("Taken out of the group."))
        return here
    elif act == "invite":
        group_actions.invite(group=found, by=by, at=at)
        return here
    elif act == "end":
        for invitation in found.invitations.valid(at):  # type: ignore[attr-defined]
            group_actions.end_invitation(invitation=invitation, by=by, at=at)
        messages.success(request, _("The link lets nobody in any more."))
        return here
    open_link = found.invitations.valid(at).first()  # type: ignore[attr-defined]
    members = found.memberships.filter(ended_at__isnull=True).select_related("person")
    link = reverse("cocreation:group_invitation", args=[open_link.code]) if open_link else ""
    return studio_page(
        request,
        process,
        "cocreation/studio/group.html",
        current="groups",
        form=form,
        group=found,
        members=list(members.order_by("since", "pk")[:LISTED]),
        invitation=open_link,
        link=request.build_absolute_uri(link) if link else "",
        status=422 if request.method == "POST" and act != "add" else 200,
    )


def _key(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def invitation(request: HttpRequest, code: str) -> HttpResponse:
    """What the group is, what is kept, and the button to join. Looking changes nothing."""
    at, person = clock.now(), person_here(request)
    found = GroupInvitation.objects.valid(at).filter(code=code).select_related("group__process").first()
    if found is None:
        raise Http404
    if request.method == "POST":
        group_actions.accept(code=code, by=person, at=at)
        messages.success(request, _("You belong to “{group}” now.").format(group=found.group.name))
        return redirect("accounts:me")
    belongs = found.group.memberships.filter(person=person, ended_at__isnull=True).exists()  # type: ignore[attr-defined]
    context = {"invitation": found, "group": found.group, "belongs": belongs}
    return render(request, "cocreation/group_invitation.html", context)


@require_POST
@login_required
def leave(request: HttpRequest, group: str) -> HttpResponse:
    person = person_here(request)
    membership = get_object_or_404(
        GroupMembership.objects.select_related("group"),
        group__slug=group,
        person=person,
        ended_at__isnull=True,
    )
    group_actions.end_membership(membership=membership, by=person, at=clock.now())
    messages.success(request, _("You left “{group}”.").format(group=membership.group.name))
    return redirect("accounts:me")
