"""The log-ins of the demo city. Invented people, a password everybody may know, no use anywhere else."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from groundwork.answer import Words
from quartier.builders import DEMO_SECRET

PASSWORD = "auental-demo-2026"  # noqa: S105 - printed at every start of the demo


@dataclass(frozen=True, slots=True)
class Login:
    """One way in: what the person is, how they sign in, and the secret of their second factor where they need one."""

    role: Words
    email: str
    password: str = PASSWORD
    totp_secret: str | None = None


LOGINS = [
    Login(_("Resident, address not confirmed"), "jonas-petersen@example.org"),
    Login(_("Resident, address confirmed"), "miriam-okafor@example.org"),
    Login(_("Writes for an organisation"), "david-kowalski@example.org"),
    Login(_("Official"), "lena-brandt@example.org", totp_secret=DEMO_SECRET),
    Login(_("Process owner"), "anke-feldmann@example.org", totp_secret=DEMO_SECRET),
    Login(_("Moderator"), "tarek-bilgin@example.org", totp_secret=DEMO_SECRET),
    Login(_("Administration"), "sofia-lindqvist@example.org", totp_secret=DEMO_SECRET),
]
