"""The ways of checking Quartier brings, registered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cocreation.checks import codes, forms, letters, online, register
from cocreation.checks.attributes import Problem, Reader
from cocreation.checks.base import Adapter, Attributes, adapters
from cocreation.models import Process
from groundwork.answer import No, Words


def _document(
    process: Process, options: dict[str, Any], sample: dict[str, Any], at: datetime
) -> Attributes | No:
    try:
        return Reader(process, at).attributes(
            place=sample.get("place", ""), postal=sample.get("postal", ""), born=sample.get("born", "")
        )
    except Problem as problem:
        return No(problem.words)


def _code(process: Process, options: dict[str, Any], sample: dict[str, Any], at: datetime) -> Attributes | No:
    return Attributes() if codes.read(sample["code"]) else letters.NO_CODE


def _claims(
    process: Process, options: dict[str, Any], sample: dict[str, Any], at: datetime
) -> Attributes | No:
    providers = online.offered(process)
    if not providers or not isinstance(sample["claims"], dict):
        return online.BROKEN_OFF
    given = online.read_claims(providers[0], sample["claims"])
    return _document(process, options, given, at)


def _no_register(process: Process) -> Words:
    return "" if register.size_of(process) else _("No register has been imported yet.")


def _no_provider(process: Process) -> Words:
    return (
        ""
        if online.offered(process)
        else _("The city has set up no online identity yet; whoever runs this server can do it.")
    )


adapters.add(
    "register",
    Adapter(
        "register",
        _("Register of residents"),
        _(
            "A table from your register: every row becomes a keyed hash at once, numbers and names are not kept."
        ),
        "users",
        forms.RegisterOptions,
        forms.DocumentSample,
        _document,
        _no_register,
    ),
)
adapters.add(
    "letters",
    Adapter(
        "letters",
        _("Codes by letter"),
        _(
            "Letters with a code each, as PDF to print: to people of a list, or as invitations without a name."
        ),
        "mail",
        forms.NoOptions,
        forms.CodeSample,
        _code,
    ),
)
adapters.add(
    "postal",
    Adapter(
        "postal",
        _("Postal code and date of birth"),
        _(
            "Compared with the imported register. Quick, but others may know both: not for decisions about much money."
        ),
        "map-pin",
        forms.NoOptions,
        forms.PostalSample,
        _document,
        _no_register,
    ),
)
adapters.add(
    "oidc",
    Adapter(
        "oidc",
        _("Online identity"),
        _(
            "People prove who they are with a service of the state or a bank; it is used as a check, not as a log-in."
        ),
        "shield-check",
        forms.OnlineOptions,
        forms.ClaimsSample,
        _claims,
        _no_provider,
    ),
)
adapters.add(
    "desk",
    Adapter(
        "desk",
        _("At the citizens' office"),
        _(
            "People show a document; a clerk finds their entry and attaches it, or gives them a slip with a code."
        ),
        "landmark",
        forms.DeskOptions,
        forms.DocumentSample,
        _document,
    ),
)
