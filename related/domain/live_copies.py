"""This process's copies of the corpora: read when needed, shared with the host, dropped."""

from __future__ import annotations

from collections.abc import Iterable
from threading import RLock

from related.domain import snapshots
from related.domain.commits import after_commit
from related.domain.corpora import LiveCorpus
from related.models import Corpus

# Held while a copy is used: threads of one process share them.
memory = RLock()
_live: dict[str, LiveCorpus] = {}  # by language


def live_corpus(corpus: Corpus) -> LiveCorpus:
    """This process's copy of a corpus, brought to the row's version, for the holder of the row's
    lock and of ``memory``. A copy that took long to read leaves a snapshot for the others.
    """
    live = _copy_of(corpus)
    if snapshots.is_worth_saving(len(live.index), live.n_read):
        live.n_read = 0
        after_commit(share, corpus, live)  # later: publishes wait for the row's lock
    return live


def prepare(languages: Iterable[str]) -> None:
    """Bring this process's copies near the present before their corpora are locked.

    Others wait for the lock: for what is new since then, and not while a corpus is read at all.
    What is stored meanwhile has a later version, and is taken over under the lock.
    """
    for corpus in Corpus.objects.filter(language__in=languages):
        _copy_of(corpus)


def _copy_of(corpus: Corpus) -> LiveCorpus:
    live = _live.get(corpus.language)
    if (
        live is None
        or live.token != corpus.token
        or live.generation != corpus.generation
        or live.version > corpus.version
    ):
        live = _live[corpus.language] = LiveCorpus.read(corpus)
    if live.version < corpus.version:
        live.catch_up(corpus)
    return live


def adopt(corpus: Corpus, live: LiveCorpus) -> None:
    """Serve a copy that this process built itself (a rebuild)."""
    _live[corpus.language] = live
    if snapshots.is_worth_saving(len(live.index), len(live.index)):
        share(corpus, live)


def share(corpus: Corpus, live: LiveCorpus) -> None:
    """Leave a snapshot for the other processes of this host, and map it here as well."""
    with memory:
        is_current = _live.get(corpus.language) is live and live.version == corpus.version
        if is_current and snapshots.save(corpus, live):
            parts = snapshots.load(corpus)
            if parts is not None:
                live.version, live.statistics, live.index, live.lists = parts


def forget(languages: Iterable[str]) -> None:
    """Drop copies that may be ahead of the database; the next use loads them anew."""
    for language in languages:
        _live.pop(language, None)
