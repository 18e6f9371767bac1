"""The demo and development: plain HTTP on loopback, mail kept in a local outbox, the demo page with log-ins."""

import secrets

from quartier.settings.base import *  # noqa: F403
from quartier.settings.base import LOGGING, VAR, env


def _own_secret() -> str:
    """A secret of this checkout, made once: a second start must not log everybody out."""
    file = VAR / "secret-key"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(secrets.token_urlsafe(48))
    return file.read_text()


DEBUG = False
LOGGING["formatters"]["quiet"]["how"] = env("LOG_FORMAT", default="line")  # type: ignore[index]
DEMO = True
# Auental is invented, and so is where it lies.
CITY_MAP_CORNERS = "50.975,10.9,50.895,11.073"
SECRET_KEY = env("SECRET_KEY", default="") or _own_secret()
# The demo's key for messages on devices; everybody may know it.
WEBPUSH_PRIVATE_KEY = env("WEBPUSH_PRIVATE_KEY", default="aUnOyZ-BhOP_3bDwz8nL76Dqs3_wWNwpWdH-FykBSyc")
ALLOWED_HOSTS = ["*"]
# `__Host-` names need HTTPS; browsers treat loopback as safe only for some of them.
SESSION_COOKIE_NAME = "session"
SESSION_COOKIE_SECURE = False
EMAIL_BACKEND = "quartier.outbox.OutboxBackend"
EMAIL_FILE_PATH = VAR / "outbox"
