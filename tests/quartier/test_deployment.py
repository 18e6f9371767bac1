"""docker-compose.yml, Dockerfile and .env.example agree with each other and with the settings."""

import re
import subprocess
from typing import Any

import jsonschema
import pytest
import yaml

from devtools.paths import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
EXAMPLE = dict(re.findall(r"^([A-Z0-9_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.M))
CITY = dict(re.findall(r"^([A-Z0-9_]+)=(.*)$", (ROOT / ".env.city.example").read_text(), re.M))
SINGLE = {"proxy", "migrate", "web", "live", "worker", "beat", "postgres", "redis"}
CITY_ONLY = {"replica", "pooler", "pages"}
APP = {"migrate", "web", "live", "worker", "beat"}

# An exact minor version or more; `latest`, `18` and nothing at all move under our feet.
PINNED = re.compile(r"^[\w./-]+:\d+\.\d+[\w.-]*$")


def names_in_settings() -> set[str]:
    folder = ROOT / "platform" / "quartier" / "settings"
    source = "\n".join(path.read_text() for path in folder.glob("*.py"))
    return set(re.findall(r'(?:\benv(?:\.\w+)?|_required)\(\s*"([A-Z0-9_]+)"', source))


def test_the_services_of_the_house():
    assert set(SERVICES) == SINGLE | CITY_ONLY


def test_images_are_pinned():
    images = {service["image"] for service in SERVICES.values()}
    images |= set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.M))
    assert len(images) >= 6
    assert [image for image in images if not PINNED.match(image)] == []


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_each_service_runs_without_the_superuser_and_says_how_it_is(name):
    service = SERVICES[name]
    assert service["user"] not in ("root", "0", 0)
    if name == "migrate":
        assert service["restart"] == "no"  # it ends; the others wait for its success
    else:
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"][0] == "CMD"


def test_each_built_image_drops_the_superuser_itself():
    assert {service["build"]["target"] for service in SERVICES.values() if "build" in service} == {
        "app",
        "proxy",
        "pooler",
    }
    for target in ("app", "proxy", "pooler"):
        stage = re.search(rf"^FROM \S+ AS {target}$(.*?)(?=^FROM |\Z)", DOCKERFILE, re.M | re.S)
        assert stage
        assert re.search(r"^USER \d+$", stage[1], re.M)


def test_the_image_holds_neither_test_tools_nor_embedded_servers():
    assert "uv sync --frozen --no-default-groups" in DOCKERFILE


def test_every_variable_of_the_application_is_known_to_the_settings():
    known = names_in_settings() | {"WEB_CONCURRENCY"}  # read by gunicorn
    assert {"SECRET_KEY", "DATABASE_URL", "SITE_URL"} <= known
    for name in APP:
        assert set(SERVICES[name]["environment"]) - known == set()


def test_everything_production_requires_is_given():
    required = set(
        re.findall(r'_required\("([A-Z_]+)"\)', (ROOT / "platform/quartier/settings/prod.py").read_text())
    )
    assert required
    for name in APP:
        assert required <= set(SERVICES[name]["environment"])


def test_every_variable_compose_asks_for_stands_in_the_example():
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    assert asked | {"COMPOSE_PROFILES"} == set(EXAMPLE)
    assert EXAMPLE["SECRET_KEY"] == EXAMPLE["POSTGRES_PASSWORD"] == ""


def test_vote_keys_are_apart_from_the_database():
    holders = {
        name
        for name, service in SERVICES.items()
        if any("vote-keys" in v for v in service.get("volumes", []))
    }
    assert holders == {"web", "worker"}
    for volume in ("database", "vote-keys", "media", "queue", "certificates"):
        assert volume in COMPOSE["volumes"]


def test_who_counts_has_the_folder_to_count_in():
    """The others are read-only: a folder they cannot write would keep them from starting."""
    for name in APP:
        mounted = any(volume.endswith(":/var/lib/metrics") for volume in SERVICES[name].get("volumes", []))
        assert ("METRICS_DIR" in SERVICES[name]["environment"]) == mounted == (name in {"web", "worker"})
    assert "/var/lib/metrics" in DOCKERFILE


def test_backups_have_programs_of_the_servers_version_and_a_place_without_the_keys():
    (client,) = re.findall(r"postgresql-client-(\d+)", DOCKERFILE)
    assert SERVICES["postgres"]["image"].startswith(f"postgres:{client}.")
    worker = SERVICES["worker"]
    assert f"backups:{worker['environment']['BACKUP_DIR']}" in worker["volumes"]
    assert worker["environment"]["BACKUP_DIR"] in DOCKERFILE
    assert not worker["environment"]["VOTE_KEYS_DIR"].startswith(worker["environment"]["MEDIA_ROOT"])


def test_database_and_queue_are_not_on_the_outer_network():
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"proxy"}
    for name in ("postgres", "redis", "beat", "migrate", *CITY_ONLY):
        assert SERVICES[name]["networks"] == ["inside"]


def test_web_sockets_reach_the_live_server_and_everything_else_the_web_server():
    caddy = (ROOT / "deploy" / "Caddyfile").read_text()
    assert re.findall(r"reverse_proxy (\S+ )?(\w+):(\d+)", caddy) == [
        ("/ws/* ", "live", "8001"),
        ("", "web", "8000"),
    ]
    live = SERVICES["live"]
    assert live["command"][:2] == ["uvicorn", "quartier.asgi:application"]
    assert live["command"][live["command"].index("--port") + 1] == "8001"
    assert live["healthcheck"]["test"] == ["CMD", "python", "deploy/healthy.py", "live"]
    assert not live.get("volumes")  # neither vote keys nor files
    assert "LIVE_PORT" not in live["environment"]  # one port for all, that of the proxy


def test_what_a_window_may_send_passes_the_live_server():
    from proposals.cowriting.consumers import MOST_BYTES

    for command in (SERVICES["live"]["command"], (ROOT / "devtools" / "demo.py").read_text()):
        most = (
            command[command.index("--ws-max-size") + 1]
            if isinstance(command, list)
            else re.search(r'max-size", "(\d+)"', command)[1]
        )
        assert int(most) > MOST_BYTES


# --- one server, and several ---

TEXT, NUMBER, YES_NO = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}
TEXTS = {"type": "array", "items": TEXT, "uniqueItems": True}
DURATION = {"type": "string", "pattern": r"^\d+(ms|s|m)$"}
# What of the Compose Specification this file uses, and nothing else.
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "services", "networks", "volumes"],
    "patternProperties": {"^x-": {}},
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$"},
        "networks": {"type": "object"},
        "volumes": {"type": "object", "additionalProperties": {"type": "null"}},
        "services": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "required": ["image", "profiles", "networks"],
                "properties": {
                    "image": TEXT, "profiles": TEXTS, "build": {"type": "object", "additionalProperties": False, "properties": {"context": TEXT, "target": TEXT}},
                    "command": {"type": "array", "items": TEXT}, "restart": {"enum": ["unless-stopped", "no"]}, "user": TEXT,
                    "init": YES_NO, "read_only": YES_NO, "tmpfs": TEXTS, "cap_drop": TEXTS, "cap_add": TEXTS, "security_opt": TEXTS,
                    "environment": {"type": "object", "additionalProperties": TEXT}, "ports": TEXTS, "networks": TEXTS, "volumes": TEXTS,
                    "shm_size": TEXT, "stop_grace_period": DURATION,
                    "deploy": {"type": "object", "additionalProperties": False, "properties": {"replicas": {"type": "string", "pattern": r"^\$\{[A-Z_]+:-\d+\}$"}}},
                    "depends_on": {
                        "type": "object",
                        "additionalProperties": {
                            "type": "object", "required": ["condition"], "additionalProperties": False,
                            "properties": {"condition": {"enum": ["service_healthy", "service_started", "service_completed_successfully"]}},
                        },
                    },
                    "healthcheck": {
                        "type": "object", "required": ["test", "interval", "timeout"], "additionalProperties": False,
                        "properties": {"test": {"type": "array", "items": TEXT}, "interval": DURATION, "timeout": DURATION, "start_period": DURATION, "retries": NUMBER},
                    },
                },
            },
        },
    },
}  # fmt: skip


def test_the_file_is_what_compose_understands():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    wrong = jsonschema.Draft202012Validator(SCHEMA).iter_errors(COMPOSE)
    assert [f"{'/'.join(map(str, each.absolute_path))}: {each.message}" for each in wrong] == []


def test_every_name_a_service_uses_exists():
    for name, service in SERVICES.items():
        assert set(service.get("depends_on", {})) <= set(SERVICES), name
        assert set(service["networks"]) <= set(COMPOSE["networks"]), name
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or (ROOT / source).is_file(), f"{name}: {volume}"


@pytest.mark.parametrize(("profile", "expected"), [("single", SINGLE), ("city", SINGLE | CITY_ONLY)])
def test_a_profile_starts_these_and_what_they_wait_for(profile, expected):
    started = {name for name, service in SERVICES.items() if profile in service["profiles"]}
    assert started == expected
    for name in started:
        assert set(SERVICES[name].get("depends_on", {})) <= started


def test_the_lines_of_a_city_replace_lines_of_the_example():
    assert set(CITY) <= set(EXAMPLE)
    assert EXAMPLE["COMPOSE_PROFILES"] == "single" and CITY["COMPOSE_PROFILES"] == "city"
    hosts = {
        CITY["DATABASE_HOST"].split(":")[0],
        *re.findall(r"[@/](\w+):\d+", CITY["DATABASE_REPLICA_URL"] + CITY["PAGES_REDIS_URL"]),
    }
    assert hosts == CITY_ONLY
    assert (
        EXAMPLE["DATABASE_HOST"] == "postgres:5432"
        and EXAMPLE["DATABASE_POOLER"] == EXAMPLE["DATABASE_REPLICA_URL"] == ""
    )


def test_the_pooler_keeps_prepared_statements_and_says_so_to_django():
    ini = (ROOT / "deploy" / "pgbouncer.ini").read_text()
    assert "pool_mode = transaction" in ini and int(re.search(r"max_prepared_statements = (\d+)", ini)[1]) > 0
    assert CITY["DATABASE_POOLER"] == "prepares"
    assert CITY["DATABASE_HOST"].split(":")[1] == re.search(r"listen_port = (\d+)", ini)[1]
    # Django's migrations need a session of their own.
    assert "@postgres:5432" in SERVICES["migrate"]["environment"]["DATABASE_URL"]
    assert SERVICES["migrate"]["environment"]["DATABASE_POOLER"] == ""


def test_what_has_begun_is_finished_before_a_process_ends():
    for name in ("web", "worker"):
        assert int(SERVICES[name]["stop_grace_period"].rstrip("s")) > 30  # gunicorn's own patience
    assert "lb_try_duration" in (ROOT / "deploy" / "Caddyfile").read_text()


@pytest.mark.parametrize("script", ["allow-copy.sh", "pooler.sh", "replica.sh"])
def test_the_scripts_of_the_containers_are_correct_shell(script):
    assert subprocess.run(["bash", "-n", str(ROOT / "deploy" / script)]).returncode == 0
