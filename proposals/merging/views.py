"""The pages of joining: proposing it, the table, what changed, separating; groups; and the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.request import person_here, person_of, signed_in
from cocreation.desk import desk_context, staff_required
from cocreation.querysets import find_process
from cocreation.roles import Role, Roles
from groundwork import clock
from groundwork.answer import require
from groundwork.html.paging import keyset
from proposals.cards import cards
from proposals.merging import actions, cluster_actions, queries, rules
from proposals.merging.forms import AddForm, ClusterForm, ProposeForm, ReasonForm, TextForm, numbers_in
from proposals.merging.models import Cluster, ClusterMember, Merge, MergePart
from proposals.models import Proposal

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Process

PER_PAGE = 20
LISTED = 50


def _merge(key: int, person: Person | None) -> Merge:
    return get_object_or_404(Merge.objects.visible_to(person).with_all(), pk=key)


def _on(url: str) -> HttpResponse:
    return HttpResponseRedirect(url)


# --- proposing it ---


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, receipt: str) -> HttpResponse:
    """Choose what to join this proposal with. `?with=2027-0012` ticks one."""
    person, at, language = signed_in(request), clock.now(), get_language() or "de"
    seen = Proposal.objects.visible_to(person).select_related("process", "contribution")
    found = get_object_or_404(seen, receipt=receipt)
    require(rules.may_propose_merge(person, found, at))
    there = MergePart.objects.filter(proposal=found, is_open=True).values_list("merge", flat=True).first()
    if there is not None and request.method != "POST":
        return _on(reverse("merging:merge", args=[there]))
    form = ProposeForm(request.POST if request.method == "POST" else None, proposal=found)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        made = actions.propose_merge(
            target=cleaned["target"], sources=cleaned["sources"], by=person, at=at, as_writer_of=found
        )
        messages.success(
            request, _("The authors of all parts were invited. Now write the joint text together.")
        )
        return _on(made.get_absolute_url())
    wanted = numbers_in(request.GET.get("with", ""))
    if wanted and not form.is_bound:
        form.ticked = wanted
    like = queries.suggestions(found, language)
    listed = {each.proposal.receipt for each in like}
    more = [number for number in form.ticked if number not in listed and number != receipt]
    if more and not form.is_bound:
        form.initial["numbers"] = ", ".join(more)
    context = {
        "menu": "proposals",
        "proposal": found,
        "process": found.process,
        "form": form,
        "suggestions": like,
        "accompanies": rules.accompanies(person, found.process),
    }
    return render(request, "proposals/merging/propose.html", context, status=422 if form.is_bound else 200)


# --- the table ---


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, key: int) -> HttpResponse:
    """The parts side by side, the joint text, who agreed and what is missing. By POST a new version of the text."""
    if request.method != "POST":
        return _table(request, _merge(key, person_of(request)), person_of(request))
    person, at = signed_in(request), clock.now()
    found = _merge(key, person)
    require(rules.sits_at(person, found))
    form = TextForm(request.POST, text=found.text)
    if not form.is_valid():
        return _table(request, found, person, form=form)
    try:
        text = actions.change_text(
            merge=found, wording=form.wording(), by=person, at=at, seen=form.cleaned_data["seen"]
        )
    except actions.TextOvertaken:
        return _overtaken(request, _merge(key, person), person, form)
    words = _("Saved as version %(n)s. Everybody who agreed to an older one is asked again.")
    messages.success(request, words % {"n": text.version})
    return _on(f"{found.get_absolute_url()}#text")


def _overtaken(request: HttpRequest, found: Merge, person: Person, form: TextForm) -> HttpResponse:
    """Nothing is lost: one's own words stay in the form, the newer version stands above it."""
    kept = {name: form.cleaned_data.get(name, "") for name in ("title", "summary", "body")}
    again = TextForm({**kept, "seen": found.version}, text=found.text)
    again.is_valid()
    return _table(request, found, person, form=again, overtaken=True)


def _table(
    request: HttpRequest,
    found: Merge,
    person: Person | None,
    *,
    form: TextForm | None = None,
    overtaken: bool = False,
    decline: ReasonForm | None = None,
) -> HttpResponse:
    table = queries.table_of(found, person, clock.now())
    context = {
        "menu": "proposals",
        "merge": found,
        "process": found.process,
        "table": table,
        "text": found.text,
        "form": form or (TextForm(text=found.text) if table.sits else None),
        "overtaken": overtaken,
        "decline": decline or ReasonForm(needed=True, auto_id="decline_%s"),
    }
    refused = form is not None or decline is not None
    return render(request, "proposals/merging/merge.html", context, status=422 if refused else 200)


def _my_part(found: Merge, receipt: str) -> MergePart:
    part = next((part for part in found.here if part.proposal.receipt == receipt), None)
    if part is None:
        raise Http404
    part.merge = found
    return part


@require_POST
def agree(request: HttpRequest, key: int) -> HttpResponse:
    """Agree to the version that was shown, for one part. The last one to agree joins them."""
    person, at = signed_in(request), clock.now()
    found = _merge(key, person)
    part = _my_part(found, request.POST.get("part", found.target.proposal.receipt))
    version = request.POST.get("version", "")
    try:
        after = actions.agree(
            merge=found, part=part, by=person, at=at, version=int(version) if version.isdigit() else 0
        )
    except actions.TextOvertaken:
        messages.warning(request, _("The joint text was changed just now. Please read it again, then agree."))
        return _on(f"{found.get_absolute_url()}#text")
    if after.state == Merge.State.COMPLETED:
        messages.success(
            request, _("Done: the proposals are one. Everybody who wrote or supported a part is told.")
        )
    else:
        messages.success(request, _("You agreed to version %(n)s.") % {"n": after.version})
    return _on(found.get_absolute_url())


@require_POST
def decline(request: HttpRequest, key: int) -> HttpResponse:
    person, at = signed_in(request), clock.now()
    found = _merge(key, person)
    part = _my_part(found, request.POST.get("part", found.target.proposal.receipt))
    require(rules.may_agree(person, part, rules.leads_of([part.proposal_id])))
    form = ReasonForm(request.POST, needed=True, auto_id="decline_%s")
    if not form.is_valid():
        return _table(request, found, person, decline=form)
    actions.decline(merge=found, part=part, by=person, at=at, reason=form.cleaned_data["reason"])
    messages.success(request, _("You declined. Your proposal stays as it is; the others read your reason."))
    return _on(part.proposal.get_absolute_url())


@require_POST
def without(request: HttpRequest, key: int) -> HttpResponse:
    """Go on without a part that cannot be joined any more."""
    person, at = signed_in(request), clock.now()
    found = _merge(key, person)
    part = _my_part(found, request.POST.get("part", found.target.proposal.receipt))
    actions.go_on_without(merge=found, part=part, by=person, at=at)
    messages.success(request, _("You go on without it. Please agree again: fewer are joined now."))
    return _on(found.get_absolute_url())


@require_POST
def stop(request: HttpRequest, key: int) -> HttpResponse:
    person, at = signed_in(request), clock.now()
    found = _merge(key, person)
    actions.stop(merge=found, by=person, at=at)
    messages.success(request, _("It is over. All proposals stay as they are."))
    return _on(found.target.proposal.get_absolute_url())


# --- afterwards ---


@require_http_methods(["GET", "HEAD", "POST"])
def changed(request: HttpRequest, key: int) -> HttpResponse:
    """What became of the part one supported, and one press to keep the support or take it back."""
    person, at = person_of(request), clock.now()
    found = _merge(key, signed_in(request) if request.method == "POST" else person)
    if request.method == "POST":
        person = signed_in(request)
        if request.POST.get("do") == "withdraw":
            actions.take_support_back(merge=found, by=person, at=at)
            messages.success(
                request, _("Your support is taken back. What you supported before stays on its record.")
            )
        else:
            actions.keep_support(merge=found, by=person, at=at)
            messages.success(request, _("Your support stands, also if the parts are separated again."))
        return _on(found.target.proposal.get_absolute_url())
    change = None
    if found.state == Merge.State.COMPLETED:
        change = queries.change_of(found, person, request.GET.get("part", ""))
    if change is None:
        raise Http404
    context = {
        "menu": "proposals",
        "merge": found,
        "process": found.process,
        "change": change,
        "number": change.part.proposal.receipt.replace(
            "-", "\u2011"
        ),  # a number is not broken over two lines
        "target": found.target.proposal,
    }
    return render(request, "proposals/merging/changed.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, key: int, receipt: str) -> HttpResponse:
    """A page that says what separating means, then the act."""
    person, at = signed_in(request), clock.now()
    found = _merge(key, person)
    part = _my_part(found, receipt)
    leads = rules.leads_of([part.proposal_id])
    require(rules.may_split(person, part, leads, at))
    is_lead = leads.get(part.proposal_id) == person.pk
    form = ReasonForm(request.POST if request.method == "POST" else None, needed=not is_lead)
    if request.method == "POST" and form.is_valid():
        done = actions.split(part=part, by=person, at=at, reason=form.cleaned_data["reason"])
        words = _("%(number)s stands for itself again. Everybody concerned is told.") % {"number": receipt}
        if not done.text_is_back:
            words += " " + _("The joint page keeps its text.")
        messages.success(request, words)
        return _on(part.proposal.get_absolute_url())
    context = {
        "menu": "proposals",
        "merge": found,
        "process": found.process,
        "part": part,
        "target": found.target.proposal,
        "form": form,
    }
    return render(request, "proposals/merging/split.html", context, status=422 if form.is_bound else 200)


# --- groups ---


@require_safe
def cluster(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """The proposals of a group."""
    person, at = person_of(request), clock.now()
    process = find_process(slug, person)
    if process is None:
        raise Http404
    found = get_object_or_404(queries.clusters_of(process), pk=key)
    found.process = process
    page = keyset(
        queries.proposals_in(found), ("-supports", "-pk"), after=request.GET.get("after"), size=PER_PAGE
    )
    context = {
        "menu": "proposals",
        "process": process,
        "cluster": found,
        "page": page,
        "cards": cards(page.items, person, at, process=process),
        "first": not request.GET.get("after"),
        "may_cluster": bool(rules.may_cluster(person, process)),
    }
    return render(request, "proposals/merging/cluster.html", context)


def accompanies_any(roles: Roles) -> bool:
    return bool(roles.where(Role.ADMIN, Role.FACILITATOR, Role.MODERATOR) or roles.offices)


@require_safe
@staff_required(accompanies_any)
def desk(request: HttpRequest) -> HttpResponse:
    """Similar pairs nobody has joined yet, what is being talked about, and the way to the groups."""
    person = person_here(request)
    processes = list(queries.in_their_care(person)[: queries.PROCESSES])
    talked = Merge.objects.open().filter(process__in=processes).with_all().order_by("proposed_at", "pk")
    context = desk_context(request, "merging") | {
        "pairs": queries.pairs(processes, get_language() or "de"),
        "open": list(talked[:LISTED]),
        "processes": processes,
    }
    return render(request, "proposals/merging/desk.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(accompanies_any)
def clusters(request: HttpRequest, slug: str) -> HttpResponse:
    """All groups of a process on one page: make, fill, empty, dissolve, and undo each of it. `?open=3` opens one."""
    person = person_here(request)
    process = find_process(slug, person)
    if process is None or not process.is_published:
        raise Http404
    require(rules.may_cluster(person, process))
    new, add = ClusterForm(process=process), AddForm(process=process)
    if request.method == "POST":
        done, new, add = _act(request, process, person, new, add)
        if done is not None:
            return done
    elif numbers := numbers_in(" ".join(request.GET.getlist("part"))):
        new = ClusterForm(process=process, initial={"numbers": ", ".join(numbers)})
    wanted = request.POST.get("cluster") or request.GET.get("open", "")
    context = desk_context(request, "merging") | _groups(process, wanted) | {"new": new, "add": add}
    return render(
        request, "proposals/merging/clusters.html", context, status=422 if request.method == "POST" else 200
    )


def _groups(process: Process, wanted: str) -> dict[str, Any]:
    groups = list(queries.clusters_of(process)[:LISTED])
    for group in groups:
        group.process = process
    current = next((group for group in groups if str(group.pk) == wanted), groups[0] if groups else None)
    members: list[Proposal] = []
    removed: list[ClusterMember] = []
    if current is not None:
        members = list(queries.proposals_in(current).order_by("-supports", "-pk")[: LISTED * 2])
        inside = {proposal.pk for proposal in members}
        gone = current.members.filter(removed_at__isnull=False, proposal__is_public=True).select_related(
            "proposal"
        )
        newest = {each.proposal_id: each for each in gone.order_by("removed_at")}
        removed = [each for key, each in newest.items() if key not in inside][-5:]
    language = get_language() or "de"
    return {
        "process": process,
        "groups": groups,
        "current": current,
        "members": members,
        "removed": removed,
        "suggestions": queries.like_these(current, members, language) if current else [],
        "dissolved": list(
            Cluster.objects.filter(process=process, ended_at__isnull=False).order_by("-ended_at")[:5]
        ),
    }


def _act(
    request: HttpRequest, process: Process, person: Person, new: ClusterForm, add: AddForm
) -> tuple[HttpResponse | None, ClusterForm, AddForm]:
    """One of the small verbs of the page; where to go on, or the forms with what is wrong."""
    at, do = clock.now(), request.POST.get("do", "")
    here = reverse("merging:clusters", args=[process.slug])
    if do == "new":
        new = ClusterForm(request.POST, process=process)
        if not new.is_valid():
            return None, new, add
        made = cluster_actions.make_cluster(process=process, naming=new.naming(), by=person, at=at)
        n = cluster_actions.add_to_cluster(
            cluster=made, proposals=new.cleaned_data["numbers"], by=person, at=at
        )
        words = ngettext(
            "The group is there, with %(n)s proposal.", "The group is there, with %(n)s proposals.", n
        )
        messages.success(request, words % {"n": n})
        return _on(f"{here}?open={made.pk}"), new, add
    key = request.POST.get("cluster", "")
    found = get_object_or_404(Cluster.objects.filter(process=process), pk=int(key) if key.isdigit() else 0)
    if do == "add":
        add = AddForm(request.POST, process=process)
        if not add.is_valid():
            return None, new, add
        n = cluster_actions.add_to_cluster(
            cluster=found, proposals=add.cleaned_data["numbers"], by=person, at=at
        )
        messages.success(request, ngettext("%(n)s proposal added.", "%(n)s proposals added.", n) % {"n": n})
    elif do in ("put", "remove"):
        numbers = numbers_in(request.POST.get("part", ""))[:1]
        proposal = Proposal.objects.public(process).filter(receipt__in=numbers).first()
        if proposal is None:
            raise Http404
        if do == "put":
            cluster_actions.add_to_cluster(cluster=found, proposals=[proposal], by=person, at=at)
            messages.success(request, _("“%(title)s” is in the group.") % {"title": proposal.title})
        else:
            cluster_actions.remove_from_cluster(cluster=found, proposal=proposal, by=person, at=at)
            messages.success(
                request,
                _("“%(title)s” was taken out. You can put it back below.") % {"title": proposal.title},
            )
    elif do == "end":
        cluster_actions.end_cluster(cluster=found, by=person, at=at)
        messages.success(request, _("The group is dissolved. You can bring it back below."))
        return _on(here), new, add
    elif do == "restore":
        cluster_actions.restore_cluster(cluster=found, by=person, at=at)
        messages.success(request, _("The group is back."))
    else:
        raise Http404
    return _on(f"{here}?open={found.pk}"), new, add
