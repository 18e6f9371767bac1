"""docker-compose.yml, Dockerfile and .env.example agree with each other and with the settings."""

import re
from typing import Any

import pytest
import yaml

from devtools.paths import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
EXAMPLE = dict(re.findall(r"^([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.M))
APP = {"migrate", "web", "live", "worker", "beat"}

# An exact minor version or more; `latest`, `18` and nothing at all move under our feet.
PINNED = re.compile(r"^[\w./-]+:\d+\.\d+[\w.-]*$")


def names_in_settings() -> set[str]:
    folder = ROOT / "platform" / "quartier" / "settings"
    source = "\n".join(path.read_text() for path in folder.glob("*.py"))
    return set(re.findall(r'(?:\benv(?:\.\w+)?|_required)\(\s*"([A-Z_]+)"', source))


def test_the_services_of_the_house():
    assert set(SERVICES) == {"proxy", "migrate", "web", "live", "worker", "beat", "postgres", "redis"}


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
    }
    for target in ("app", "proxy"):
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
    assert asked == set(EXAMPLE)
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


def test_database_and_queue_are_not_on_the_outer_network():
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"proxy"}
    for name in ("postgres", "redis", "beat", "migrate"):
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
