"""What is true everywhere. Nothing here depends on the environment except addresses of services."""

import json
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from quartier.settings.env import ROOT, VAR, env

INSTALLED_APPS = [
    "modeltranslation",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "template_partials",
    "groundwork",
    "groundwork.journal",
    "groundwork.jobs",
    "groundwork.webapi",
    "accounts",
    "accounts.privacy",
    "accounts.tokens",
    "cocreation",
    "cocreation.conversation",
    "cocreation.moderation",
    "proposals",
    "proposals.ballots",
    "proposals.ballots.paperwork",
    "proposals.budgets",
    "proposals.merging",
    "proposals.amendments",
    "proposals.searches",
    "proposals.cowriting",
    "proposals.variants",
    "feedback",
    "feedback.webhooks",
    "feedback.notices",
    "feedback.opendata",
    "feedback.council",
    "feedback.reach",
    "feedback.defects",
    "quartier",
]

MIDDLEWARE = [
    "groundwork.watch.middleware.watched",
    "groundwork.shared_pages.middleware.shared_pages",
    "django.middleware.security.SecurityMiddleware",
    "groundwork.html.middleware.security_headers",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "groundwork.html.middleware.same_origin",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.guest_session.middleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cocreation.views.stand_in.stand_in",
    "groundwork.html.middleware.refusals",
]

ROOT_URLCONF = "quartier.urls"
WSGI_APPLICATION = "quartier.wsgi.application"
SITE_URL = env("SITE_URL", default="http://localhost:8000")

# --- the city ---
CITY_NAME = env("CITY_NAME", default="Auental")
# The result of a vote becomes public when two people have confirmed the count. Only a city with one person for it
# switches this off.
QUARTIER_RESULT_NEEDS_TWO = env("QUARTIER_RESULT_NEEDS_TWO", default="yes") != "no"
# Which part of the world the map of the city shows, for programs that speak of latitude and longitude: its north, west,
# south and east edge in degrees. Without it reports name places in words (feedback/defects/geo.py).
CITY_MAP_CORNERS = env("CITY_MAP_CORNERS", default="")
CITY_PHONE = env("CITY_PHONE", default="0000 115-20")
CITY_EMAIL = env("CITY_EMAIL", default="beteiligung@example.org")
CITY_DESK = {"de": "Bürgerbüro, Am Markt 1", "en": "Citizens' office, Am Markt 1"}
CITY_HOURS = {"de": "Mo bis Fr 8 bis 16 Uhr", "en": "Mon to Fri, 8 am to 4 pm"}
# Where people report security holes: an address of mail or https://. Empty: the city's own mail address.
SECURITY_CONTACT = env("SECURITY_CONTACT", default="")
DEMO = False
# Days a phase of a method lasts at least, and days between the publication and the first phase.
QUARTIER_MINIMUM_DAYS = {"ideas": 21, "debate": 21, "ballot": 7, "notice": 7}
# From which age one agrees for oneself to an account: by country, in a table a city may edit or replace.
QUARTIER_COUNTRY = env("QUARTIER_COUNTRY", default="DE")
AGE_OF_CONSENT_FILE = env("AGE_OF_CONSENT_FILE", default=str(ROOT / "accounts" / "age_of_consent.toml"))

# --- templates ---
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "quartier.context.city",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "template_partials.templatetags.partials",
                "groundwork.html.tags",
            ],
        },
    },
]
FORM_RENDERER = "groundwork.html.forms.Renderer"

# --- database ---
DATABASES = {"default": env.db_url("DATABASE_URL", default="postgres:///quartier")}
DATABASES["default"].update(
    ENGINE="django.db.backends.postgresql",
    CONN_MAX_AGE=None,
    CONN_HEALTH_CHECKS=False,
)
# A pooler in transaction mode (docs/scale.md): "prepares" where it follows prepared statements (pgbouncer from 1.21 with
# max_prepared_statements), "plain" where it does not, empty for none. It takes no settings of a session; the role has them.
DATABASE_POOLER = env("DATABASE_POOLER", default="")
if DATABASE_POOLER not in ("", "plain", "prepares"):
    raise ImproperlyConfigured("DATABASE_POOLER is 'plain', 'prepares' or empty.")
DATABASES["default"].setdefault("OPTIONS", {}).update(
    server_side_binding=True,
    prepare_threshold=None if DATABASE_POOLER == "plain" else 5,
)
if DATABASE_POOLER:
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
else:
    # An abandoned transaction must not hold locks; `-c` works through a pooler in session mode too.
    DATABASES["default"]["OPTIONS"]["options"] = "-c idle_in_transaction_session_timeout=60000 -c jit=off"
# A reading copy for visitors' pages, reached without the pooler; slow to answer is as good as away.
if env("DATABASE_REPLICA_URL", default=""):
    DATABASES["replica"] = env.db_url("DATABASE_REPLICA_URL") | {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": None,
        "TEST": {"MIRROR": "default"},
    }
    DATABASES["replica"].setdefault("OPTIONS", {}).update(
        options="-c jit=off -c statement_timeout=5000 -c default_transaction_read_only=on",
        server_side_binding=True,
        prepare_threshold=5,
        connect_timeout=2,
    )
    DATABASE_ROUTERS = ["groundwork.replica.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- cache, sessions, background work ---
REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "groundwork.redis_cache.RedisCache",
        "LOCATION": REDIS_URL.replace("redis+socket://", "unix://").replace("virtual_host=", "db="),
    },
    # Rendered fragments that hold nothing personal: local memory is five times quicker than a network cache.
    "fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "fragments",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}
# Pages as visitors see them, and what says that they still hold: one for all web servers (docs/scale.md). It may be
# emptied at any moment and be away; pages are drawn for everybody then.
PAGES_REDIS_URL = env("PAGES_REDIS_URL", default=REDIS_URL)
CACHES["pages"] = {
    "BACKEND": "groundwork.redis_cache.RedisCache",
    "LOCATION": PAGES_REDIS_URL.replace("redis+socket://", "unix://").replace("virtual_host=", "db="),
    "KEY_PREFIX": env("QUARTIER_QUEUE", default="quartier"),
    "OPTIONS": {"socket_timeout": 0.3, "socket_connect_timeout": 0.3},
}
# Says that a message to the readers of the journal is on its way; shared by web servers and workers like the pages.
CACHES["wakes"] = CACHES["pages"]
SHARED_PAGES = env("SHARED_PAGES", default="yes") != "no"
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_DEFAULT_QUEUE = env("QUARTIER_QUEUE", default="quartier")
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "celerybeat-schedule")

# How often lists show each proposal is counted for the fair order, without anybody (proposals/exposure.py).
LISTS_COUNT_SHOWN = True
# --- live: web sockets, served by quartier.asgi beside the pages ---
ASGI_APPLICATION = "quartier.asgi.application"
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {
            "hosts": [{"address": CACHES["default"]["LOCATION"], "socket_connect_timeout": 2}],
            "prefix": f"{CELERY_TASK_DEFAULT_QUEUE}-live",
            "capacity": 1000,
        },
    }
}
# Where no proxy brings pages and sockets together (the demo), the port of the live server; 0: the same as the pages'.
LIVE_PORT = env.int("LIVE_PORT", default=0)

# --- people ---
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["accounts.backends.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.NoWordsOfTheCity"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:me"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 900
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupForm"
ACCOUNT_FORMS = {"signup": "accounts.sign_up.SignupForm"}
ACCOUNT_LOGOUT_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = f"Quartier {CITY_NAME}"

# --- language and time ---
LANGUAGE_CODE = "de"
LANGUAGES = [("de", _("German")), ("en", _("English"))]
MODELTRANSLATION_LANGUAGES = ("de", "en")
MODELTRANSLATION_DEFAULT_LANGUAGE = "de"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("de", "en")
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Berlin"

# --- static files ---
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [ROOT / "static"]
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Files of people: a folder all web servers and workers share, or a bucket of an S3-compatible storage.
if env("MEDIA_STORAGE", default="") == "s3":
    STORAGES["default"] = {
        "BACKEND": "groundwork.s3.S3Storage",
        "OPTIONS": {
            "endpoint": env("S3_ENDPOINT"),
            "bucket": env("S3_BUCKET"),
            "region": env("S3_REGION", default="eu"),
            "key": env("S3_KEY"),
            "secret": env("S3_SECRET"),
        },
    }
MEDIA_ROOT = env("MEDIA_ROOT", default=str(VAR / "media"))

# --- votes: keys and peppers live outside the database and its backups ---
VOTE_KEYS_DIR = env("VOTE_KEYS_DIR", default=str(VAR / "vote-keys"))

# --- checks: uploads and letters on their way, shared by web and worker; nothing in it is older than a day ---
PRIVATE_DIR = env("PRIVATE_DIR", default=str(VAR / "private"))
# Who was forgotten, for copies of the database that are restored later: kept apart from the database's backups.
TOMBSTONES_FILE = env("TOMBSTONES_FILE", default=str(VAR / "tombstones" / "erasures.jsonl"))
# Online identities the city has a contract with, by slug: {"bund": {"name": "BundID", "issuer": "https://…",
# "client_id": "…", "client_secret": "…", "scope": "openid", "claims": {"number": "…", "postal": "address.postal_code",
# "place": "…", "born": "birthdate", "name": "family_name"}}}
CHECK_PROVIDERS = json.loads(env("CHECK_PROVIDERS", default="") or "{}")

# --- the public interface (docs/api.md) ---
API_READS_A_MINUTE = env.int("API_READS_A_MINUTE", default=300)
API_WRITES_A_MINUTE = env.int("API_WRITES_A_MINUTE", default=60)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.tokens.access.ByToken",
        "groundwork.webapi.access.BySession",
    ],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["groundwork.webapi.access.Json"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "groundwork.webapi.access.AlwaysJson",
    "DEFAULT_SCHEMA_CLASS": "groundwork.webapi.schema.Schema",
    "EXCEPTION_HANDLER": "groundwork.webapi.problems.handler",
}
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "DISABLE_DOCSTRING_DESCRIPTIONS": True,
    "POSTPROCESSING_HOOKS": [],
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
    "COMPONENT_NO_READ_ONLY_REQUIRED": False,
}

# --- security ---
# Same-origin is proven by Sec-Fetch-Site or Origin on every write (groundwork.html.middleware.same_origin):
# no token and so no cookie before log-in. docs/decisions/0002 says why.
# W002: our own middleware says X-Frame-Options. W004: one address, one person is a constraint on lower(email).
SILENCED_SYSTEM_CHECKS = ["security.W002", "security.W003", "auth.W004"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "img-src": [SELF, "data:"],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}

# --- mail ---
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default=f"Quartier {CITY_NAME} <beteiligung@example.org>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# A mail server that does not answer must not hold a worker and its row.
EMAIL_TIMEOUT = 20
# docs/notices.md: where mail comes back to ("bounces@example.org"), the Maildir it is read from, the pace of each worker
# (0: as quick as the server takes them) and how many mails a week a person gets who chose nothing.
NOTICES_BOUNCE_ADDRESS = env("NOTICES_BOUNCE_ADDRESS", default="")
NOTICES_BOUNCE_MAILDIR = env("NOTICES_BOUNCE_MAILDIR", default="")
NOTICES_MAILS_A_SECOND = env.float("NOTICES_MAILS_A_SECOND", default=0)
NOTICES_MOST_A_WEEK = env.int("NOTICES_MOST_A_WEEK", default=20)
# Messages on devices (`manage.py push_key` makes the key); without a key there are none. Push services write to the contact.
WEBPUSH_PRIVATE_KEY = env("WEBPUSH_PRIVATE_KEY", default="")
WEBPUSH_CONTACT = env("WEBPUSH_CONTACT", default="") or f"mailto:{CITY_EMAIL}"

# --- operators: docs/operations.md ---
# One JSON object a line, or lines for somebody who looks at a terminal ("line").
LOG_FORMAT = env("LOG_FORMAT", default="json")
SLOW_QUERY_MS = env.int("SLOW_QUERY_MS", default=500)
# Counters of all processes of a machine in one folder; empty: each process counts for itself.
METRICS_DIR = env("METRICS_DIR", default="")
# Who may read /metrics: whoever shows this token, or who comes straight from these networks. Neither: nobody.
METRICS_TOKEN = env("METRICS_TOKEN", default="")
METRICS_NETWORKS = [word for word in env("METRICS_NETWORKS", default="").replace(",", " ").split() if word]
# An error tracker that speaks Sentry's protocol: https://KEY@host/PROJECT. Empty: none.
ERRORS_DSN = env("ERRORS_DSN", default="")

# Backups: where to, for whose key (manage.py backup --new-key), how often and how many are kept. PG_BIN: the folder of pg_dump.
BACKUP_DIR = env("BACKUP_DIR", default="")
BACKUP_PUBLIC_KEY = env("BACKUP_PUBLIC_KEY", default="")
BACKUP_HOURS = env.float("BACKUP_HOURS", default=24)
BACKUP_KEEP = env.int("BACKUP_KEEP", default=14)
PG_BIN = env("PG_BIN", default="")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"quiet": {"()": "groundwork.watch.logs.Quiet", "how": LOG_FORMAT}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "quiet"},
        "counting": {"class": "groundwork.watch.logs.Counting", "level": "ERROR"},
        "tracker": {"class": "groundwork.watch.tracking.Tracker", "dsn": ERRORS_DSN},
    },
    "root": {"handlers": ["console", "counting", "tracker"], "level": "INFO"},
    "loggers": {
        # What a person asks for in a cast must not stand in a log beside its time.
        "django.request": {"level": "ERROR"},
        # Servers bring handlers of their own, which print addresses: theirs give way to ours.
        **{
            name: {"handlers": [], "propagate": True, "level": "INFO"}
            for name in ("django", "django.server", "gunicorn.error", "uvicorn", "uvicorn.error", "celery")
        },
        **{
            name: {"handlers": [], "propagate": False, "level": "CRITICAL"}
            for name in ("gunicorn.access", "uvicorn.access")
        },
    },
}
