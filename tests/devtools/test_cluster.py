"""The topology of several nodes, as real processes: a copy that follows, a pooler Django is safe behind, parts that come back."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import psycopg
import pytest

from devtools import cluster as nodes
from devtools.paths import ROOT

# Behind the pooler each statement may land on another connection of the database; the same query over and over is what
# would be prepared. Cursors that outlive a transaction would not.
PROGRAM = """
import json, django
django.setup()
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections
from groundwork import replica

with connection.cursor() as cursor:
    cursor.execute("create table if not exists thing (n int)")
    for n in range(30):
        cursor.execute("insert into thing values (%s)", [n])
    cursor.execute("show idle_in_transaction_session_timeout")
    timeout = cursor.fetchone()[0]
reached = replica.written_to()
for _ in range(100):
    if replica.copy.has_replayed(int(reached)):
        break
    replica.copy.asked = 0
    import time; time.sleep(0.1)
with connections["replica"].cursor() as cursor:
    cursor.execute("select count(*) from thing")
    seen = cursor.fetchone()[0]
    try:
        cursor.execute("insert into thing values (1)")
        wrote = True
    except Exception:
        wrote = False
print(json.dumps({"timeout": timeout, "seen": seen, "wrote": wrote, "threshold": connection.connection.prepare_threshold,
                  "cursors": connection.features.can_introspect_default and connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS", False)}))
"""


@pytest.mark.services
def test_what_is_written_through_the_pooler_is_read_from_the_copy_and_parts_come_back(tmp_path) -> None:
    environ = {"DJANGO_SETTINGS_MODULE": "quartier.settings.dev", "QUARTIER_VAR": str(tmp_path)}
    with nodes.running(environ) as cluster:
        pooled = "pooler" in cluster.parts
        assert set(cluster.parts) >= {"primary", "replica", "redis"}
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM], cwd=ROOT, env=cluster.environ, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert told["seen"] == 30 and told["wrote"] is False and told["timeout"] == "1min"
        if pooled:
            mode = cluster.environ["DATABASE_POOLER"]
            assert told["cursors"] is True and told["threshold"] == (None if mode == "plain" else 5)
        cluster["replica"].kill()
        cluster["replica"].start()
        with psycopg.connect(cluster.database_url, autocommit=True) as database:
            database.execute("insert into thing values (99)")
            deadline = time.monotonic() + 30
            while time.monotonic() < deadline:
                standby = psycopg.connect(cluster.environ["DATABASE_REPLICA_URL"], autocommit=True)
                (seen,) = standby.execute("select count(*) from thing").fetchone() or (0,)
                standby.close()
                if seen == 31:
                    break
                time.sleep(0.2)
        assert seen == 31
