"""What a process holds of a corpus, and what happens elsewhere while it reads or waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Timer
from typing import Any

from django.db import connection

from related.domain.corpus import snapshots
from related.domain.corpus.cache import CorpusCache
from related.domain.corpus.live import LiveCorpus
from related.models import Corpus

Contents = dict[int, tuple[list[int], list[float], int]]


def copy_in(cache: CorpusCache) -> LiveCorpus:
    """The copy of the English corpus that the next publish would use."""
    with cache.locked(["en"]) as [(_, live)]:
        return live


def contents(live: LiveCorpus) -> Contents:
    """(neighbors, similarities, story) of each document."""
    keys = live.index.keys()
    found = {}
    for key, story in zip(keys.tolist(), live.stories.of(keys).tolist(), strict=True):
        ids, similarities = live.lists.get(key)
        found[key] = ids.tolist(), similarities.tolist(), story
    return found


def reads_a_corpus(sql: str) -> bool:
    """Whether a statement counts a corpus's vectors, as is done before all of it is read."""
    return "COUNT(*)" in sql and "related_documentvector" in sql


def reads_statistics(sql: str) -> bool:
    """Whether a statement reads statistics, as is done where there is no snapshot."""
    return sql.startswith("SELECT") and "document_frequencies" in sql


@contextmanager
def before(is_it: Callable[[str], bool], act: Callable[[], object]) -> Iterator[None]:
    """Act right before every statement of a kind, on this thread's connection."""

    def look(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        if is_it(sql):
            act()
        return execute(sql, *arguments)

    with connection.execute_wrapper(look):
        yield


@contextmanager
def turn_of_another(
    corpus: Corpus, *, seconds: float = 0.3, leaves: Callable[[], object] = lambda: None
) -> Iterator[None]:
    """Another process of the host has its turn for a while, and leaves something at its end."""
    turn = ExitStack()
    assert turn.enter_context(snapshots.turn(corpus))

    def finish() -> None:
        leaves()
        connection.close()  # that of its thread
        turn.close()

    timer = Timer(seconds, finish)
    timer.start()
    try:
        yield
    finally:
        timer.join()
