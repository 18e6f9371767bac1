"""The tests: quick hashing, mail in memory, throw-away keys. The services are the embedded ones (tests/services.py)."""

from quartier.settings.base import *  # noqa: F403
from quartier.settings.base import CACHES, STORAGES, VAR

DEBUG = False
DEMO = True
SECRET_KEY = "only-for-tests-" + "0" * 40
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SESSION_COOKIE_NAME = "session"
SESSION_COOKIE_SECURE = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
EMAIL_FILE_PATH = VAR / "test-outbox"
VOTE_KEYS_DIR = str(VAR / "test-vote-keys")
CACHES = CACHES | {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = STORAGES | {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ACCOUNT_RATE_LIMITS = False
LISTS_COUNT_SHOWN = False  # tests that are about it switch it on
