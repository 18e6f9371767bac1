"""What is true everywhere. Nothing here depends on the environment except addresses of services."""

import json

from csp.constants import NONE, SELF
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
    "accounts",
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
    "feedback.notices",
    "quartier",
]

MIDDLEWARE = [
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
CITY_PHONE = env("CITY_PHONE", default="0000 115-20")
CITY_EMAIL = env("CITY_EMAIL", default="beteiligung@example.org")
CITY_DESK = {"de": "Bürgerbüro, Am Markt 1", "en": "Citizens' office, Am Markt 1"}
CITY_HOURS = {"de": "Mo bis Fr 8 bis 16 Uhr", "en": "Mon to Fri, 8 am to 4 pm"}
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
DATABASES["default"].setdefault("OPTIONS", {}).update(
    # An abandoned transaction must not hold locks; `-c` works through a pooler in session mode too.
    options="-c idle_in_transaction_session_timeout=60000 -c jit=off",
    server_side_binding=True,
    prepare_threshold=5,
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- cache, sessions, background work ---
REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL.replace("redis+socket://", "unix://").replace("virtual_host=", "db="),
    },
    # Rendered fragments that hold nothing personal: local memory is five times quicker than a network cache.
    "fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "fragments",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}
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
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = env("MEDIA_ROOT", default=str(VAR / "media"))

# --- votes: keys and peppers live outside the database and its backups ---
VOTE_KEYS_DIR = env("VOTE_KEYS_DIR", default=str(VAR / "vote-keys"))

# --- checks: uploads and letters on their way, shared by web and worker; nothing in it is older than a day ---
PRIVATE_DIR = env("PRIVATE_DIR", default=str(VAR / "private"))
# Online identities the city has a contract with, by slug: {"bund": {"name": "BundID", "issuer": "https://…",
# "client_id": "…", "client_secret": "…", "scope": "openid", "claims": {"number": "…", "postal": "address.postal_code",
# "place": "…", "born": "birthdate", "name": "family_name"}}}
CHECK_PROVIDERS = json.loads(env("CHECK_PROVIDERS", default="") or "{}")

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

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # What a person asks for in a cast must not stand in a log beside its time.
    "loggers": {"django.request": {"level": "ERROR"}},
}
