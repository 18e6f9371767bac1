"""The tests: quick hashing, mail in memory, throw-away keys. The services are the embedded ones (tests/services.py)."""

from quartier.settings.base import *  # noqa: F403
from quartier.settings.base import CACHES, STORAGES, VAR

DEBUG = False
DEMO = True
# Auental is invented, and so is where it lies.
CITY_MAP_CORNERS = "50.975,10.9,50.895,11.073"
SECRET_KEY = "only-for-tests-" + "0" * 40
WEBPUSH_PRIVATE_KEY = "aUnOyZ-BhOP_3bDwz8nL76Dqs3_wWNwpWdH-FykBSyc"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SESSION_COOKIE_NAME = "session"
SESSION_COOKIE_SECURE = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
EMAIL_FILE_PATH = VAR / "test-outbox"
VOTE_KEYS_DIR = str(VAR / "test-vote-keys")
TOMBSTONES_FILE = str(VAR / "test-tombstones" / "erasures.jsonl")
CACHES = CACHES | {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"},
    # Every act sends for the readers: workers of tests share no memory with them.
    "wakes": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
}
SHARED_PAGES = False  # tests that are about it switch it on
STORAGES = STORAGES | {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ACCOUNT_RATE_LIMITS = False
LISTS_COUNT_SHOWN = False  # tests that are about it switch it on
API_READS_A_MINUTE = API_WRITES_A_MINUTE = 1_000_000  # tests that are about it set their own
