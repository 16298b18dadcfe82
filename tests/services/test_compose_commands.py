"""Each command of docker-compose.yml does its work, with the environment that stands beside it."""

import subprocess
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import redis

from tests.services import compose
from tests.services.ports import free_port
from tests.services.project import SECRET_KEY, Project, ProjectProcess

SERVICES = compose.services(
    {
        "SECRET_KEY": SECRET_KEY,
        "POSTGRES_PASSWORD": "pg",
        "REDIS_PASSWORD": "rd",
        "ALLOWED_HOSTS": "news.example.org",
    }
)


class Container:
    """One service of the file, run as a plain process against the services of the tests."""

    def __init__(self, name: str, project: Project) -> None:
        self.service = SERVICES[name]
        self.project = project

    def run(self) -> None:
        self.project.run(self.local(self.service["command"]))

    def start(self) -> ProjectProcess:
        return self.project.start(self.local(self.service["command"]))

    def check_health(self) -> None:
        """Run the health check; a failure raises with what it wrote."""
        self.project.run(self.local(compose.health_command(self.service)))

    def local(self, argv: list[str]) -> list[str]:
        """Return the command with the container's volume in the project's own folder."""
        return [part.replace("/data", str(self.project.directory)) for part in argv]


@pytest.fixture
def make_container(
    make_project: Callable[..., Project], redis_url: str
) -> Callable[[str, str], Container]:
    """Factory of services: the file's environment, with local addresses in place of its own."""

    def make(name: str, database_url: str) -> Container:
        environment: dict[str, str] = {
            **SERVICES[name]["environment"],
            "DATABASE_URL": database_url,
            "CELERY_BROKER_URL": redis_url,
        }
        if "PORT" in environment:
            environment["PORT"] = str(free_port())
        project = make_project(**environment)
        if "PROMETHEUS_MULTIPROC_DIR" in environment:
            project.environment["PROMETHEUS_MULTIPROC_DIR"] = str(project.directory / "metrics")
        return Container(name, project)

    return make


@pytest.fixture
def container(
    make_container: Callable[[str, str], Container], migrated_postgres_url: str
) -> Callable[[str], Container]:
    """Factory of services on a migrated database: `container("web")`."""
    return lambda name: make_container(name, migrated_postgres_url)


def test_migrate(make_container: Callable[[str, str], Container], postgres_url: str) -> None:
    migrate = make_container("migrate", postgres_url)
    migrate.run()
    migrate.project.manage("migrate", "--check")


def test_web(container: Callable[[str], Container], tmp_path: Path) -> None:
    web = container("web")
    # As in the image: hashed names, collected when it was built.
    web.project.environment |= {"HASHED_STATIC": "true", "STATIC_ROOT": str(tmp_path / "static")}
    web.project.manage("collectstatic", "--no-input", "--verbosity", "0")
    process = web.start()
    process.wait_for_output("Listening at")
    address = f"http://127.0.0.1:{web.project.environment['PORT']}"

    process.wait_for(lambda: answers(f"{address}/healthz"))
    web.check_health()
    request = urllib.request.Request(
        f"{address}/", headers={"Host": "news.example.org", "X-Forwarded-Proto": "https"}
    )
    with urllib.request.urlopen(request) as response:
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
        assert response.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert process.stop() == 0


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except OSError:
        return False


@pytest.mark.parametrize("name", ["worker-publish", "worker-bulk"])
def test_worker(container: Callable[[str], Container], name: str) -> None:
    worker = container(name)
    process = worker.start()
    process.wait_for_output(" ready.")
    worker.check_health()
    assert process.stop() == 0


def test_sweeper(container: Callable[[str], Container]) -> None:
    sweeper = container("sweeper")
    process = sweeper.start()
    process.wait_for_output("Working; ")
    sweeper.check_health()
    assert process.popen.poll() is None
    assert process.stop() == 0


def test_beat(container: Callable[[str], Container]) -> None:
    beat = container("beat")
    process = beat.start()
    process.wait_for_output("beat: Starting")
    process.wait_for(lambda: healthy(beat))
    assert process.stop() == 0


def healthy(container: Container) -> bool:
    try:
        container.check_health()
    except RuntimeError:
        return False
    return True


def test_redis(tmp_path: Path) -> None:
    port = free_port()
    service: dict[str, Any] = SERVICES["redis"]
    local = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(tmp_path)]
    with subprocess.Popen([*service["command"], *local], stdout=subprocess.DEVNULL) as server:
        try:
            client = redis.Redis(port=port, password="rd", retry=patient())
            assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
            assert client.config_get("appendonly") == {"appendonly": "yes"}
            with pytest.raises(redis.AuthenticationError):
                redis.Redis(port=port).ping()
            client.close()
        finally:
            server.terminate()


def patient() -> redis.retry.Retry:
    """Try again while the server starts."""
    return redis.retry.Retry(redis.backoff.ConstantBackoff(0.1), retries=100)
