"""Fixtures of all tests: private services, the project's own processes, Debian's Chromium."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections
from django.db.models import Model
from django.utils import translation
from hypothesis import settings as hypothesis_settings
from pytest_django import Settings

from newsroom.logins import of_accounts, of_addresses
from related import Source, registry
from related.api.answers import kept_answers
from related.api.throttles import allowances
from related.contrib.clicks.flushing import counter
from related.contrib.clicks.passed import notice_passed
from related.contrib.clicks.throttling import allowances as clicks_allowances
from related.domain.attention.noticing import unregister_notice
from related.metrics.figures import figures
from related.models import Slot
from tests.factories import shipped_slots
from tests.new_site import NewSite
from tests.services.brokers import IN_MEMORY, Broker
from tests.services.postgres import PostgresServer
from tests.services.programs import chromium
from tests.services.project import Project
from tests.services.redis import RedisServer

# A time limit per example would turn a busy machine into a failure.
# Half of the usual examples: every run draws others.
hypothesis_settings.register_profile("newsroom", deadline=None, max_examples=50)
hypothesis_settings.register_profile("quick", deadline=None, max_examples=20)
hypothesis_settings.load_profile("newsroom")

# What `make quick` leaves out beside tests/services: the tests with one of these fixtures start
# programs of their own.
SERVICES = {
    *("postgres_server", "redis_server", "chromium_path"),
    *("make_project", "new_site", "wheel"),
}

PROJECTS = pytest.StashKey[list[Project]]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        starts_programs = not SERVICES.isdisjoint(getattr(item, "fixturenames", ()))
        if starts_programs or item.path.parent.name == "services":
            item.add_marker(pytest.mark.services)


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Throttle counts and cached pages of one test are nothing to the next."""
    yield
    cache.clear()
    allowances.clear()
    clicks_allowances.clear()
    counter.pending.take()
    of_accounts.clear()
    of_addresses.clear()
    figures.forget()
    kept_answers.clear()


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    """A request leaves its language behind, as it does in a thread of a server."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _slots(request: pytest.FixtureRequest) -> None:
    """Bring back the slots of the migrations, which a transactional test before emptied."""
    marker = request.node.get_closest_marker("django_db")
    if marker is None and not {"db", "transactional_db", "live_server"} & set(request.fixturenames):
        return
    is_transactional = bool({"transactional_db", "live_server"} & set(request.fixturenames)) or (
        marker is not None and marker.kwargs.get("transaction", False)
    )
    request.getfixturevalue("transactional_db" if is_transactional else "db")
    if not Slot.objects.exists():
        shipped_slots()


@pytest.fixture(autouse=True)
def _no_notices() -> None:
    """As on a site without clicks: what the desk reads is what its own tables cost.

    In each test: one that changes INSTALLED_APPS has Django make all apps ready once more.
    """
    unregister_notice(notice_passed)


@pytest.fixture
def register_only() -> Iterator[Callable[[dict[type[Model], type[Source]]], None]]:
    """``register_only({Article: SomeSource})``: in this test, these models take part."""
    own = {model: type(source) for model, source in registry.registered().items()}

    def replace(sources: dict[type[Model], type[Source]]) -> None:
        for model in registry.registered():
            registry.unregister(model)
        for model, source in sources.items():
            registry.register(model)(source)

    yield replace
    replace(own)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A test database for each process that runs tests.

    That of SQLite is kept in a file: threads share it as processes do, with WAL.
    """
    database = connections["default"]
    if database.vendor == "sqlite":
        path = tmp_path_factory.mktemp("database") / "test.sqlite3"
        database.settings_dict["TEST"]["NAME"] = str(path)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A private PostgreSQL server."""
    with PostgresServer() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """DATABASE_URL of a new, empty PostgreSQL database."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture(scope="session")
def migrated_template(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Name of a database with every migration applied, to be copied in place of migrating."""
    with postgres_server.database() as url:
        with Project(tmp_path_factory.mktemp("migrate"), DATABASE_URL=url) as project:
            project.manage("migrate", "--verbosity", "0")
        yield url.rpartition("/")[2]


@pytest.fixture
def migrated_postgres_url(postgres_server: PostgresServer, migrated_template: str) -> Iterator[str]:
    """DATABASE_URL of a new PostgreSQL database with the project's tables."""
    with postgres_server.database(template=migrated_template) as url:
        yield url


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    """A private Redis server; the test may stop it, freeze it and start it again."""
    with RedisServer() as server:
        yield server


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """CELERY_BROKER_URL of a private, empty Redis."""
    return redis_server.url


@pytest.fixture
def use_broker(settings: Settings) -> Iterator[Callable[[str], Broker]]:
    """Point this process at a broker: ``use_broker(url)``."""
    with ExitStack() as stack:

        def use(url: str) -> Broker:
            settings.CELERY_BROKER_URL = url
            return stack.enter_context(Broker())

        yield use


@pytest.fixture
def memory_broker(use_broker: Callable[[str], Broker]) -> Broker:
    """A broker without workers; ``received()`` says what they would have been told."""
    return use_broker(IN_MEMORY)


@pytest.fixture
def make_project(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[..., Project]]:
    """Factory of projects: `make_project(DATABASE_URL=..., CELERY_BROKER_URL=...)`.

    Without DATABASE_URL the project has an SQLite file of its own. Their processes are stopped
    at the end, and what they wrote is shown when the test failed.
    """
    projects: list[Project] = request.node.stash.setdefault(PROJECTS, [])

    def make(**environment: str) -> Project:
        directory = tmp_path / f"project-{len(projects) + 1}"
        directory.mkdir()
        projects.append(Project(directory, **environment))
        return projects[-1]

    yield make
    for project in projects:
        project.__exit__()


@pytest.fixture
def new_site(tmp_path: Path) -> NewSite:
    """A project that has not heard of the plugin."""
    return NewSite(tmp_path)


@pytest.fixture
def postgres_project(
    make_project: Callable[..., Project], migrated_postgres_url: str, redis_url: str
) -> Project:
    """The project on a migrated PostgreSQL with a Redis; start_worker() adds Celery workers."""
    return make_project(DATABASE_URL=migrated_postgres_url, CELERY_BROKER_URL=redis_url)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Show the logs of a failed test's processes."""
    report: Any = yield
    if report.failed:
        for project in item.stash.get(PROJECTS, []):
            report.sections.append(("Processes of the project", project.logs()))
    return report


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """Debian's Chromium: Playwright's own builds are not downloaded."""
    return chromium()


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], chromium_path: Path
) -> dict[str, Any]:
    """Let Playwright start that Chromium; as root only without its sandbox."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": str(chromium_path), "args": arguments}
