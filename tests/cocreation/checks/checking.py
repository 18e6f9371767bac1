"""A process to check people with: Lindach and its neighbours, a small register, every way switched on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from cocreation.checks import jobs, register
from cocreation.models import CheckSource, Process, RegisterImport
from cocreation.models.pending import new_token
from groundwork import private

WAYS = ("register", "letters", "postal", "oidc", "desk")
POSTAL = {"86150": "auental", "86199": "lindach"}
HEAD = "Ordnungsmerkmal;Familienname;PLZ;Geburtsdatum"
LINES = [
    "4711;Yıldız;86199;17.05.1988",
    "4712;Petersen;86150;01.02.1990",
    "4713;Zwilling;86150;03.03.2010",
    "4714;Zwilling;86150;03.03.2010",
    "4715;Kramer;86150;04.04.1970",
    "4716;Öztürk;86150;04.04.1970",
]


def switch_on(process: Process, ways: Iterable[str] = WAYS, **options: dict[str, Any]) -> Process:
    """The process checks by itself, with these ways."""
    Process.objects.filter(pk=process.pk).update(identity=Process.Identity.REGISTER)
    for way in WAYS:
        about = options.get(way, {"postal": POSTAL} if way == "register" else {})
        CheckSource.objects.update_or_create(
            process=process, adapter=way, defaults={"active": way in ways, "options": about}
        )
    return Process.objects.get(pk=process.pk)


def table(*lines: str, head: str = HEAD, encoding: str = "utf-8") -> bytes:
    return "\r\n".join([head, *lines, ""]).encode(encoding)


def upload(process: Process, by: Any, data: bytes, at: datetime | None = None) -> RegisterImport:
    token = new_token()
    private.keep(token, [data])
    return register.upload(process=process, token=token, by=by, at=at or timezone.now())


def import_table(
    process: Process, by: Any, data: bytes, *, columns: dict[str, int | None] | None = None
) -> RegisterImport:
    """Upload, take the guessed columns, and do the work of the worker here."""
    job = upload(process, by, data)
    guess = register.Layout.read(job.layout).guess(register.COLUMNS)
    RegisterImport.objects.filter(pk=job.pk).update(
        state="queued", columns=columns or guess, beat_at=timezone.now()
    )
    jobs.run(RegisterImport, job.pk, register.read)
    return RegisterImport.objects.get(pk=job.pk)
