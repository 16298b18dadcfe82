"""Newsrooms with an archive, on both stacks, and pages that may not complain."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.editor import Editor
from tests.browser.newsroom import (
    APPROVE,
    CREATE_EDITOR,
    FILL,
    FILL_GERMAN,
    Newsroom,
    run_script,
)
from tests.browser.reader import Reader
from tests.browser.sample import (
    APPROVE_SAMPLE,
    CREATE_SUPERVISOR,
    FILL_SAMPLE,
    REMEMBER_COVERAGE,
    REVIEW,
)
from tests.services.postgres import PostgresServer
from tests.services.project import Project

REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error("Content-Security-Policy:", event.violatedDirective, event.blockedURI));
"""


@pytest.fixture(scope="session")
def lean_newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """On the air on SQLite, indexed, half of it reviewed; no worker changes anything any more.

    The tests share it: each leaves it as it was.
    """
    with Project(tmp_path_factory.mktemp("lean")) as project:
        project.migrate()
        run_script(project, CREATE_EDITOR, FILL, APPROVE)
        newsroom = Newsroom(project)
        newsroom.start_web()
        yield newsroom


@pytest.fixture(scope="session")
def german_newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """Like ``lean_newsroom``, with articles in German."""
    with Project(tmp_path_factory.mktemp("german")) as project:
        project.migrate()
        run_script(project, CREATE_EDITOR, FILL_GERMAN, APPROVE)
        newsroom = Newsroom(project)
        newsroom.start_web()
        yield newsroom


@pytest.fixture(scope="session")
def sample_newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """On the air on SQLite with the sample archive, reviewed in part, workers at work; with all
    that a newsroom may switch on."""
    folder = tmp_path_factory.mktemp("sample")
    with Project(folder, CLICKS="true", HEADLESS="true") as project:
        project.migrate()
        run_script(project, CREATE_EDITOR, CREATE_SUPERVISOR)
        run_script(project, FILL_SAMPLE)
        run_script(project, REVIEW, APPROVE_SAMPLE, REMEMBER_COVERAGE)
        newsroom = Newsroom(project)
        newsroom.start_web()
        newsroom.start_workers()
        yield newsroom


@pytest.fixture(scope="session")
def postgres_archive(
    postgres_server: PostgresServer,
    migrated_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """Name of a PostgreSQL database with an editor and an indexed archive, to be copied."""
    with postgres_server.database(template=migrated_template) as url:
        with Project(tmp_path_factory.mktemp("archive"), DATABASE_URL=url) as project:
            run_script(project, CREATE_EDITOR, FILL)
        yield url.rpartition("/")[2]


@pytest.fixture
def full_newsroom(
    make_project: Callable[..., Project],
    postgres_server: PostgresServer,
    postgres_archive: str,
    redis_url: str,
) -> Iterator[Newsroom]:
    """On the air with PostgreSQL, Redis and gunicorn; the test starts the workers."""
    with postgres_server.database(template=postgres_archive) as url:
        newsroom = Newsroom(make_project(DATABASE_URL=url, CELERY_BROKER_URL=redis_url))
        newsroom.start_web()
        yield newsroom


@pytest.fixture
def open_page(new_context: Callable[..., BrowserContext]) -> Iterator[Callable[..., Page]]:
    """Factory of pages, each with cookies of its own: `open_page(newsroom)`.

    At the end of the test nothing may stand in their consoles: no error, no missing file, no
    script that failed, no violation of the Content-Security-Policy.
    """
    complaints: list[str] = []

    def open_one(
        newsroom: Newsroom,
        *,
        session: Any = None,
        with_script: bool = True,
        language: str = "en-US",
    ) -> Page:
        context = new_context(
            base_url=newsroom.site,
            storage_state=session,
            java_script_enabled=with_script,
            locale=language,
        )
        context.set_default_timeout(10_000)
        context.add_init_script(REPORT_VIOLATIONS)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: (
                complaints.append(f"{message.location}: {message.text}")
                if message.type in {"error", "warning"}
                else None
            ),
        )
        return page

    yield open_one
    assert complaints == []


@pytest.fixture
def editor_at(open_page: Callable[..., Page]) -> Callable[[Newsroom], Editor]:
    """Factory of editors, logged in to a newsroom."""

    def log_in(newsroom: Newsroom) -> Editor:
        editor = Editor(open_page(newsroom, session=newsroom.session))
        if newsroom.session is None:
            editor.log_in()
            newsroom.session = editor.page.context.storage_state()
        return editor

    return log_in


@pytest.fixture
def reader_at(open_page: Callable[..., Page]) -> Callable[[Newsroom], Reader]:
    return lambda newsroom: Reader(open_page(newsroom))
