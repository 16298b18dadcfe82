"""What may break around the plugin: the site's own code, the database, the workers, time itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import OperationalError, connection
from django.db.models.functions import Now

from newsroom.articles.models import Article
from newsroom.articles.related_sources import ArticleSource
from related.models import Document, RebuildBlock, RebuildRun, Worker
from related.registry import register, unregister

Act = Callable[[Article], object]


class Killed(BaseException):
    """Stands for SIGKILL: nothing of the plugin's handles it."""


@contextmanager
def while_reading(act: Act) -> Iterator[None]:
    """The site's own code acts when the text of an article is read: it raises, kills, sleeps."""

    class ActingSource(ArticleSource):
        def text(self, obj: Article) -> str:
            act(obj)
            return super().text(obj)

    unregister(Article)
    register(Article)(ActingSource)
    try:
        yield
    finally:
        unregister(Article)
        register(Article)(ArticleSource)


@contextmanager
def statements_failing(
    fails: Callable[[str, Any], bool],
    error: Exception | None = None,
) -> Iterator[None]:
    """The database refuses some statements, told by their text and parameters."""

    def execute(run: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if fails(sql, params):
            raise error or OperationalError("disk I/O error")
        return run(sql, params, many, context)

    with connection.execute_wrapper(execute):
        yield


def silence(worker: Worker) -> None:
    """Let a worker be silent for so long that it counts as dead."""
    Worker.objects.filter(pk=worker.pk).update(heartbeat_at=Now() - timedelta(hours=1))


def end_pauses() -> None:
    """Let the pauses after failed tries be over."""
    Document.objects.update(retry_at=None)
    RebuildBlock.objects.update(retry_at=None)


def lose_all_workers() -> None:
    """Every process was killed a while ago."""
    long_ago = Now() - timedelta(hours=1)
    Worker.objects.update(heartbeat_at=long_ago)
    RebuildRun.objects.update(progressed_at=long_ago)


def keys_asked_for(sql: str, params: Any) -> list[Any]:
    """The primary keys that a query names last, in its ``IN (...)``."""
    n = sql.rpartition('"id" IN (')[2].partition(")")[0].count("%s") if '"id" IN (' in sql else 0
    return list(params)[-n:] if n else []
