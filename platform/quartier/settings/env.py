"""The one door through which the environment enters the settings.

Names: SECRET_KEY, DATABASE_URL, REDIS_URL, ALLOWED_HOSTS, SITE_URL, EMAIL_URL, DEFAULT_FROM_EMAIL, MEDIA_ROOT,
VOTE_KEYS_DIR, PRIVATE_DIR, LOG_FORMAT, SLOW_QUERY_MS, METRICS_DIR, METRICS_TOKEN, METRICS_NETWORKS, ERRORS_DSN,
BACKUP_DIR, BACKUP_PUBLIC_KEY, BACKUP_HOURS, BACKUP_KEEP, PG_BIN, CHECK_PROVIDERS, SECURITY_CONTACT, CITY_NAME, CITY_PHONE, TRUST_PROXY, SECURE_COOKIES, DEBUG (refused),
QUARTIER_VAR (files of this installation), QUARTIER_QUEUE (name of the task queue), LIVE_PORT (only without a proxy),
DATABASE_POOLER, DATABASE_REPLICA_URL, PAGES_REDIS_URL, SHARED_PAGES, MEDIA_STORAGE, S3_ENDPOINT, S3_BUCKET, S3_REGION,
S3_KEY, S3_SECRET (docs/scale.md), QUARTIER_RESULT_NEEDS_TWO ("no" only where one person has to publish results alone). Development has defaults for all of them, production for none that matter.
"""

from pathlib import Path

import environ

env = environ.Env()

ROOT = Path(__file__).resolve().parents[3]
VAR = Path(env("QUARTIER_VAR", default=str(ROOT / "var")))
