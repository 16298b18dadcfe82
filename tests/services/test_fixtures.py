"""The services that other tests rely on are real, private and empty."""

import psycopg
from playwright.sync_api import Page

from tests.services.postgres import PostgresServer
from tests.services.redis import RedisServer


def test_postgres_database_is_new_and_dropped(postgres_server: PostgresServer) -> None:
    with postgres_server.database() as url, psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
        ).fetchone()
    assert tables == (0,)
    with psycopg.connect(postgres_server.url("postgres")) as connection:
        names = connection.execute("SELECT datname FROM pg_database").fetchall()
    assert (url.rpartition("/")[2],) not in names


def test_redis_starts_empty_each_time(redis_server: RedisServer) -> None:
    redis_server.client().set("kept", "no")
    redis_server.stop()
    redis_server.start()
    assert redis_server.client().get("kept") is None


def test_browser_is_there(page: Page) -> None:
    page.set_content("<h1>Hello</h1>")
    assert page.locator("h1").inner_text() == "Hello"
