"""Production. Every unsafe setting is a refusal to start, in one sentence, never a default."""

from django.core.exceptions import ImproperlyConfigured

from quartier.settings.base import *  # noqa: F403
from quartier.settings.base import env

DEBUG = False


def _required(name: str) -> str:
    value = str(env(name, default=""))
    if not value:
        raise ImproperlyConfigured(f"{name} is not set; Quartier does not start without it.")
    return value


SECRET_KEY = _required("SECRET_KEY")
if len(SECRET_KEY) < 40:
    raise ImproperlyConfigured("SECRET_KEY is shorter than 40 characters; make a random one.")
if env.bool("DEBUG", default=False):
    raise ImproperlyConfigured("DEBUG is on; Quartier does not serve a city in debug mode.")
if not env.bool("SECURE_COOKIES", default=True):
    raise ImproperlyConfigured("SECURE_COOKIES is off; log-ins would travel unprotected.")
_required("DATABASE_URL")
_required("REDIS_URL")
ALLOWED_HOSTS = [host.strip() for host in _required("ALLOWED_HOSTS").split(",")]
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is '*'; name the hosts of this city.")
SITE_URL = _required("SITE_URL")
if not SITE_URL.startswith("https://"):
    raise ImproperlyConfigured("SITE_URL must start with https://.")
VOTE_KEYS_DIR = _required("VOTE_KEYS_DIR")

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
METRICS_TOKEN = str(env("METRICS_TOKEN", default=""))
if METRICS_TOKEN and len(METRICS_TOKEN) < 24:
    raise ImproperlyConfigured("METRICS_TOKEN is shorter than 24 characters; make a random one.")
if env.bool("TRUST_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Limits count by address: the one the proxy saw, not the proxy's own.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
vars().update(env.email_url("EMAIL_URL", default="smtp://localhost:25"))
