"""import_articles on PostgreSQL while an editor works on the same article.

SQLite lets only one transaction write at a time, so it cannot show these races.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, LiteralString, NamedTuple

import psycopg
import pytest

from tests.services.project import Project

IMPORT = ("import_articles", "--verbosity", "0")
WAITING = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = %s"


class Race(NamedTuple):
    """What the first import says, what an editor then does, and what the second import says."""

    first: dict[str, Any]
    edit: LiteralString
    second: dict[str, Any]
    outcome: tuple[str, str, int]  # title, status, year of publication


RACES = {
    "withdrawn meanwhile, it stays off the site": Race(
        first={},
        edit="status = 'withdrawn'",
        second={},
        outcome=("Second", "withdrawn", 2024),
    ),
    "scheduled meanwhile, it keeps that date": Race(
        first={"status": "draft", "published_at": None},
        edit="status = 'scheduled', published_at = '2999-01-01'",
        second={"status": "published", "published_at": None},
        outcome=("Second", "published", 2999),
    ),
}


@pytest.mark.parametrize("race", RACES.values(), ids=RACES)
def test_an_import_waits_for_an_editor_and_undoes_nothing(
    make_project: Callable[..., Project], migrated_postgres_url: str, tmp_path: Path, race: Race
) -> None:
    project = make_project(DATABASE_URL=migrated_postgres_url)
    database = migrated_postgres_url.rpartition("/")[2]
    row = {"id": "1", "language": "en", "published_at": "2024-05-31"}
    before, after = tmp_path / "before.jsonl", tmp_path / "after.jsonl"
    before.write_text(json.dumps({**row, "title": "First", **race.first}))
    after.write_text(json.dumps({**row, "title": "Second", **race.second}))
    project.manage(*IMPORT, str(before))
    with (
        psycopg.connect(migrated_postgres_url, autocommit=True) as watcher,
        psycopg.connect(migrated_postgres_url) as editor,
    ):
        editor.execute("UPDATE newsroom_article SET " + race.edit)
        running = project.start(["python", "manage.py", *IMPORT, str(after)])
        running.wait_for(lambda: watcher.execute(WAITING, [database]).fetchone() is not None)
        editor.commit()
        assert running.popen.wait(60) == 0
        article = watcher.execute(
            "SELECT title, status, extract(year FROM published_at)::int FROM newsroom_article"
        ).fetchone()
    assert article == race.outcome
