"""docker-compose.yml promises no default secrets, a Redis that loses nothing, and health checks."""

import re
import subprocess
from pathlib import Path
from shutil import which
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


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_service_fills_the_disk_or_the_memory(name: str) -> None:
    assert set(SERVICES[name]["logging"]["options"]) == {"max-size", "max-file"}
    assert re.fullmatch(r"\d+[mg]", SERVICES[name]["mem_limit"])


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_has_time_to_end(name: str) -> None:
    grace = int(SERVICES[name]["stop_grace_period"].removesuffix("s"))
    needed = 90 if "cache:/cache" in SERVICES[name].get("volumes", []) else 30
    assert grace >= needed


def test_units_of_systemd_run_what_compose_runs() -> None:
    units = {
        file.stem.removeprefix("newsroom-"): file.read_text()
        for file in (ROOT / "docs" / "operation" / "systemd").glob("*.service")
    }
    assert set(units) == OURS - {"migrate"}
    for name, unit in units.items():
        command = " ".join(SERVICES[name]["command"]).replace("%h", "%H")
        command = command.replace("/data/", "/var/lib/newsroom/")
        own = command.replace(" --worker-tmp-dir=/dev/shm", "")
        [started] = re.findall(r"^ExecStart=/opt/newsroom/.venv/bin/(.+)$", unit, re.MULTILINE)
        assert set(own.split()) <= set(started.split()), name
        seconds = SERVICES[name]["stop_grace_period"].removesuffix("s")
        assert name == "beat" or f"TimeoutStopSec={seconds}\n" in unit
        assert "MemoryMax=" in unit


@pytest.mark.skipif(which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_units_of_systemd_are_valid(tmp_path: Path) -> None:
    """Verified with their programs in a place where there are any."""
    for file in (ROOT / "docs" / "operation" / "systemd").glob("*.service"):
        unit = re.sub(r"/opt/newsroom/\.venv/bin/\w+", "/bin/true", file.read_text())
        (tmp_path / file.name).write_text(unit)
    units = [str(file) for file in tmp_path.iterdir()]
    done = subprocess.run(
        ["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False
    )
    ours = [line for line in done.stderr.splitlines() if "newsroom-" in line]
    assert ours == []


def test_nginx_asks_what_is_published_and_hides_what_is_for_operators() -> None:
    proxy = (ROOT / "docs" / "operation" / "nginx.conf").read_text()
    assert "server 127.0.0.1:8000;" in proxy
    for address in ("/metrics", "/readyz"):
        [block] = re.findall(rf"location = {address} \{{(.*?)\}}", proxy, re.DOTALL)
        assert "deny all;" in block
    assert proxy.count("{") == proxy.count("}")
