"""The board of a vote, one's own receipt, and the files and the program to check both."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.request import person_here, person_of
from cocreation.desk import staff_required
from groundwork import clock
from groundwork.answer import No, Refused
from groundwork.html.pictures import qr_code
from groundwork.watch.context import unobserved
from proposals.ballots import actions, destroying, kind_words, mailing, receipts
from proposals.ballots.board import files
from proposals.ballots.board.leaves import Receipt, prefix_of
from proposals.ballots.models import Tally, Vote
from proposals.ballots.views import find_phase, may_publish

SHOWN = 12


def _vote(request: HttpRequest, slug: str) -> Vote:
    """The vote an address is about, once it has opened. Votes taken over from published data have no board."""
    phase = find_phase(request, slug, clock.now())
    vote = get_object_or_404(Vote.objects.filter(public_key__isnull=False), pk=phase.pk)
    vote.phase = phase
    return vote


def _published(vote: Vote) -> Tally | None:
    return Tally.objects.published().filter(pk=vote.pk).first()


@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """What the board is, its newest heads, and "check my vote" by the code of a receipt."""
    vote = _vote(request, slug)
    heads = [
        {
            "at": head.at,
            "size": head.size,
            "root": (told := bytes(head.root).hex()),
            "short": f"{told[:12]} …",
        }
        for head in vote.heads.order_by("-size")[:SHOWN]
    ]
    context: dict[str, Any] = {
        "process": vote.phase.process,
        "phase": vote.phase,
        "vote": vote,
        "heads": heads,
        "tally": _published(vote),
        "code": request.GET.get("code", "").replace("\x00", "").strip()[:60],
        "menu": "results",
    }
    if context["code"]:
        context["check"] = _checked(vote, context["code"], context["tally"])
    return render(request, "proposals/ballots/board.html", context)


def _checked(vote: Vote, code: str, tally: Tally | None) -> dict[str, Any]:
    """What the board says about a code: where its leaf stands, and after the result whether it counts and what it says."""
    prefix = prefix_of(code)
    row = files.found_by_code(vote, prefix) if prefix else None
    if row is None:
        return {"kind": "unknown" if prefix else "no_code"}
    kind = "there"
    chosen: list[str] = []
    if tally is not None:
        kind = "counts" if row.nonce is not None else "superseded"
        chosen = kind_words.told(vote, row.choice or [], actions.options_of(vote))
    return {"kind": kind, "row": row, "chosen": chosen, "leaf": bytes(row.leaf).hex()}


# --- one's own receipt ---


@unobserved
@never_cache
@require_safe
def receipt(request: HttpRequest, slug: str) -> HttpResponse:
    """While the vote is open: what to keep, to find one's ballot on the board. `?as=json` and `?as=pdf` are files."""
    vote, person = _vote(request, slug), person_of(request)
    if person is None:
        raise Refused(No(_("Please sign in first."), _("Sign in"), "account_login", identify=True))
    own, wanted = actions.own_receipt_and_wish(vote, person) or (None, False)
    leave = f"{reverse('ballots:ballot', args=[slug])}?phase={vote.phase.key}"
    if own is None:
        answer = (
            _(
                "The vote is over. Receipts could be loaded until its end; whoever kept theirs can check it here."
            )
            if vote.counted_at or vote.phase.is_over(clock.now())
            else _(
                "There is no ballot of yours in the box yet. As soon as you have chosen, your receipt stands here."
            )
        )
        context = {"process": vote.phase.process, "phase": vote.phase, "answer": answer, "leave_url": leave}
        return render(request, "proposals/ballots/receipt.html", context)
    kind = request.GET.get("as", "")
    if kind == "json":
        return _download(json.dumps(own.told(), indent=1), "application/json", f"receipt-{slug}.json")
    address = _check_address(request, slug, own)
    chosen = kind_words.told(vote, own.choice, actions.options_of(vote))
    if kind == "pdf":
        told = receipts.as_pdf(vote, own, chosen, address)
        return _download(told, "application/pdf", f"receipt-{slug}.pdf")
    context = {
        "process": vote.phase.process,
        "phase": vote.phase,
        "leave_url": leave,
        "receipt": own,
        "chosen": chosen,
        "on_board": vote.leaves.filter(leaf=own.leaf).exists(),
        "qr": qr_code(address, _("QR code with the address of this receipt")),
        "address": address,
        "mail": mailing.state_of(vote, person, wanted=wanted),
    }
    return render(request, "proposals/ballots/receipt.html", context)


@unobserved
@never_cache
@require_POST
def receipt_mail(request: HttpRequest, slug: str) -> HttpResponseRedirect:
    """Ask for a mail when one's ballot is on the board (`wanted`), or take that back."""
    vote, person = _vote(request, slug), person_of(request)
    if person is None:
        raise Refused(No(_("Please sign in first."), _("Sign in"), "account_login", identify=True))
    # The page itself says what holds now: a message would be a second thing that is stored at this moment.
    actions.ask_for_mail(vote=vote, by=person, wanted=bool(request.POST.get("wanted")), at=clock.now())
    return redirect(f"{reverse('ballots:receipt', args=[slug])}?phase={vote.phase.key}#mail")


def _check_address(request: HttpRequest, slug: str, own: Receipt) -> str:
    return request.build_absolute_uri(reverse("ballots:board", args=[slug])) + f"?code={own.code}"


def _download(content: str | bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


# --- files ---


@require_safe
def board_file(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    vote = _vote(request, slug)
    response = StreamingHttpResponse(
        files.board_file(vote, _published(vote)), content_type="application/json"
    )
    response["Content-Disposition"] = f'attachment; filename="board-{slug}.json"'
    return response


@require_safe
def heads_file(request: HttpRequest, slug: str) -> JsonResponse:
    return JsonResponse(files.heads_file(_vote(request, slug)))


@require_safe
def proof(request: HttpRequest, slug: str) -> JsonResponse:
    """`?leaf=hex`: that it is on the board. `?first=20&second=60`: that the one board is the beginning of the other."""
    vote = _vote(request, slug)
    try:
        if "leaf" in request.GET:
            found = files.inclusion(vote, bytes.fromhex(request.GET["leaf"]))
        else:
            found = files.consistency(vote, int(request.GET["first"]), int(request.GET["second"]))
    except (ValueError, KeyError) as error:
        raise Http404 from error
    if found is None:
        raise Http404
    return JsonResponse(found)


@require_safe
def program(request: HttpRequest) -> FileResponse:
    """The program that checks a board, as one file."""
    return FileResponse(
        files.PROGRAM.open("rb"), as_attachment=True, filename="verify.py", content_type="text/x-python"
    )


# --- destroying the keys ---


@require_POST
@staff_required(may_publish)
def destroy_keys(request: HttpRequest, vote: int) -> HttpResponseRedirect:
    """The first of two people confirms it, the second does it."""
    found = get_object_or_404(Vote.objects.filter(tally__published_at__isnull=False), pk=vote)
    done = destroying.confirm_destruction(vote=found, by=person_here(request), at=clock.now())
    if done:
        messages.success(
            request, _("The keys are destroyed. From now on nobody can tell whose a ballot was.")
        )
    else:
        messages.success(
            request, _("Confirmed. The keys are destroyed when a second person has confirmed it.")
        )
    return redirect("ballots:to_publish")
