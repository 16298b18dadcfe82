"""This process's copies of the corpora: read when needed, shared with the host, dropped."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from threading import RLock

from related.domain.corpus import snapshots
from related.domain.corpus.live import LiveCorpus
from related.domain.transactions import after_commit
from related.models import Corpus

# Held while a copy is used: threads of one process share them.
memory = RLock()
_live: dict[str, LiveCorpus] = {}  # by language

# One that is read from the database is expected to have left a snapshot by then.
SECONDS_FOR_ANOTHER = 60.0


def live_corpus(corpus: Corpus) -> LiveCorpus:
    """This process's copy of a corpus, brought to the row's version, for the holder of the row's
    lock and of ``memory``. A copy that took long to read leaves a snapshot for the others.
    """
    live = _copy_of(corpus)
    if _is_worth_sharing(live):
        after_commit(share, corpus, live)  # later: publishes wait for the row's lock
    return live


def must_read(languages: Iterable[str]) -> bool:
    """Whether ``prepare`` would have to read a large corpus, which may take longer than a lease."""
    large = Corpus.objects.filter(language__in=languages, n_documents__gte=snapshots.MIN_DOCUMENTS)
    with memory:
        return not all(map(is_prepared, large))


def prepare(languages: Collection[str]) -> None:
    """Bring this process's copies near the present before their corpora are locked.

    Others wait for the lock: for what is new since then, and not while a corpus is read at all.
    What is stored meanwhile has a later version, and is taken over under
    the lock. A copy that was left half way is dropped.
    """
    with memory:
        try:
            for corpus in Corpus.objects.filter(language__in=languages):
                live = _live.get(corpus.language)
                if live is None or not _is_usable(live, corpus):
                    _read_in_turn(corpus)
                _copy_of(corpus)
        except BaseException:
            forget(languages)
            raise


def is_prepared(corpus: Corpus) -> bool:
    """Whether what came later is all that the copy lacks."""
    live = _live.get(corpus.language)
    return not corpus.version or (live is not None and _is_usable(live, corpus))


def _read_in_turn(corpus: Corpus) -> None:
    """Let one process of this host read a large corpus from the database; the others map the
    snapshot that it leaves, and the host holds it once."""
    if corpus.n_documents < snapshots.MIN_DOCUMENTS:
        return
    with snapshots.turn(corpus, seconds=SECONDS_FOR_ANOTHER) as is_mine:
        corpus.refresh_from_db()  # a snapshot that was left meanwhile may be newer
        live = _copy_of(corpus)
        if is_mine and _is_worth_sharing(live):
            _save(corpus, live)


def _is_usable(live: LiveCorpus, corpus: Corpus) -> bool:
    """Whether what came later is all that a copy lacks."""
    return (
        live.token == corpus.token
        and live.generation == corpus.generation
        and live.version <= corpus.version
    )


def _is_worth_sharing(live: LiveCorpus) -> bool:
    return snapshots.is_worth_saving(len(live.index), live.n_read)


def _copy_of(corpus: Corpus) -> LiveCorpus:
    live = _live.get(corpus.language)
    if live is None or not _is_usable(live, corpus):
        live = _live[corpus.language] = LiveCorpus.read(corpus)
    if live.version < corpus.version:
        live.catch_up(corpus)
    return live


def adopt(corpus: Corpus, live: LiveCorpus) -> None:
    """Serve a copy that this process built itself (a rebuild)."""
    _live[corpus.language] = live
    live.n_read = len(live.index)
    if _is_worth_sharing(live):
        share(corpus, live, seconds=SECONDS_FOR_ANOTHER)


def share(corpus: Corpus, live: LiveCorpus, *, seconds: float = 0.0) -> None:
    """Leave a snapshot for the other processes of this host, and map it here as well.

    Where it is another's turn for longer than ``seconds``, a later publish tries again.
    """
    with memory, snapshots.turn(corpus, seconds=seconds) as is_mine:
        is_current = _live.get(corpus.language) is live and live.version == corpus.version
        if is_mine and is_current:
            _save(corpus, live)


def _save(corpus: Corpus, live: LiveCorpus) -> None:
    live.n_read = 0
    if snapshots.save(corpus, live):
        parts = snapshots.load(corpus)
        if parts is not None:
            live.version, live.statistics, live.index, live.lists = parts


def forget(languages: Iterable[str]) -> None:
    """Drop copies that may be ahead of the database; the next use loads them anew."""
    for language in languages:
        _live.pop(language, None)
