"""docker-compose.yml promises no default secrets, a Redis that loses nothing, and health checks."""

import re
from typing import Any

import pytest

from tests.services import compose
from tests.services.project import ROOT, SECRET_KEY

SECRETS = {"SECRET_KEY": SECRET_KEY, "POSTGRES_PASSWORD": "pg", "REDIS_PASSWORD": "rd"}
VARIABLES = {**SECRETS, "ALLOWED_HOSTS": "news.example.org"}
SERVICES = compose.services(VARIABLES)
OURS = {"web", "worker-publish", "worker-bulk", "sweeper", "beat", "migrate"}


def test_services() -> None:
    assert set(SERVICES) == OURS | {"postgres", "redis"}


@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_has_a_default(secret: str) -> None:
    without = {name: value for name, value in VARIABLES.items() if name != secret}
    with pytest.raises(compose.MissingVariableError, match=f"set {secret} in .env"):
        compose.services(without)
    assert f"{secret}:-" not in compose.source()


def test_example_names_every_variable() -> None:
    used = {match["name"] for match in compose.VARIABLE.finditer(compose.source())} - {None}
    example = (ROOT / ".env.example").read_text()
    assert set(re.findall(r"^(\w+)=", example, re.MULTILINE)) == used


@pytest.mark.parametrize("secret", SECRETS)
def test_example_holds_no_secret(secret: str) -> None:
    assert f"\n{secret}=\n" in (ROOT / ".env.example").read_text()


def test_only_web_is_published_and_only_to_this_machine() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:8000:8000"]}


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_long_running_services_restart_and_are_watched(name: str) -> None:
    assert SERVICES[name]["restart"] == "unless-stopped"
    assert SERVICES[name]["healthcheck"]["test"]


@pytest.mark.parametrize("name", sorted(OURS))
def test_own_services_can_do_little(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "USER newsroom" in (ROOT / "Dockerfile").read_text()


@pytest.mark.parametrize("name", sorted(OURS - {"migrate"}))
def test_own_services_wait_for_migrations(name: str) -> None:
    condition = SERVICES[name]["depends_on"]["migrate"]["condition"]
    assert condition == "service_completed_successfully"


def test_data_outlives_the_containers() -> None:
    def mounted(service: dict[str, Any]) -> list[str]:
        return [volume.partition(":")[0] for volume in service["volumes"]]

    for name in ("postgres", "redis", "beat"):
        assert mounted(SERVICES[name]) == [name]


def test_those_that_compare_share_one_copy_of_the_corpora() -> None:
    assert {
        name for name, service in SERVICES.items() if "cache:/cache" in service.get("volumes", [])
    } == {
        "worker-publish",
        "worker-bulk",
        "sweeper",
    }
    image = (ROOT / "Dockerfile").read_text()
    assert "--owner=newsroom /data /cache" in image
    assert re.findall(r"(\w+)=/cache/", image) == ["SNAPSHOT_DIR", "NUMBA_CACHE_DIR"]
