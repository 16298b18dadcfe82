"""The copies of corpora that a process holds: read when needed, shared with the host, dropped."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from threading import RLock

from related.domain.corpus import snapshots
from related.domain.corpus.live import LiveCorpus
from related.domain.corpus.locking import lock_corpora
from related.domain.transactions import after_commit, background_transaction
from related.models import Corpus

# A snapshot is written once this share of a corpus is missing from the last.
STALE_SHARE = 0.05


class CorpusCache:
    """A copy of each corpus that a process works on. Its threads take turns by ``lock``.

    Args:
        min_shared: corpora of this many documents or more are shared with the host as snapshots;
            smaller ones are read from the database as quickly.
        seconds_for_another: how long to wait for another process of the host that reads the same
            corpus; it is expected to have left a snapshot by then.
    """

    def __init__(self, *, min_shared: int = 2000, seconds_for_another: float = 60.0) -> None:
        self.min_shared = min_shared
        self.seconds_for_another = seconds_for_another
        self.lock = RLock()
        self._copies: dict[str, LiveCorpus] = {}  # by language

    @contextmanager
    def locked(self, languages: Collection[str]) -> Iterator[list[tuple[Corpus, LiveCorpus]]]:
        """One transaction that holds the corpora of these languages, created where missing.

        Yields each row with the copy as of the row's version; a caller that changes the copy writes
        the same to the database. Others wait for the rows' locks, so all that takes long is done
        before; where a rebuild was switched in meanwhile, the locks are released first. Copies are
        dropped on any failure, also of the commit: they may hold what the database rolled back.

        Raises:
            CorpusTooLarge: a corpus does not fit into memory.
        """
        with self.lock:
            try:
                while True:
                    self._prepare(languages)
                    with background_transaction():
                        corpora = lock_corpora(languages).values()
                        if all(map(self._is_prepared, corpora)):
                            yield [(corpus, self._locked_copy(corpus)) for corpus in corpora]
                            return
            except BaseException:
                self.forget(languages)
                raise

    def adopt(self, corpus: Corpus, live: LiveCorpus) -> None:
        """Serve a copy that this process built itself (a rebuild)."""
        with self.lock:
            self._copies[corpus.language] = live
            live.n_unshared = len(live.index)
            if self._is_worth_sharing(live):
                self._share(corpus, live, self.seconds_for_another)

    def forget(self, languages: Iterable[str]) -> None:
        """Drop copies that may be ahead of the database; the next use reads them again."""
        with self.lock:
            for language in languages:
                self._copies.pop(language, None)

    def _prepare(self, languages: Collection[str]) -> None:
        """Bring the copies near the present, so that little is left to do under the rows' locks.

        What is stored meanwhile has a later version, and is taken over under the lock.
        """
        for corpus in Corpus.objects.filter(language__in=languages):
            if self._is_prepared(corpus) or corpus.n_documents < self.min_shared:
                self._current_copy(corpus)
            else:
                self._read_in_turn(corpus)

    def _is_prepared(self, corpus: Corpus) -> bool:
        """Whether all that the copy lacks is what came later."""
        live = self._copies.get(corpus.language)
        return not corpus.version or (live is not None and live.precedes(corpus))

    def _current_copy(self, corpus: Corpus) -> LiveCorpus:
        """The copy, brought to the row's version."""
        live = self._copies.get(corpus.language)
        if live is None or not live.precedes(corpus):
            live = self._copies[corpus.language] = LiveCorpus.read(corpus)
        if live.version < corpus.version:
            live.catch_up(corpus)
        return live

    def _locked_copy(self, corpus: Corpus) -> LiveCorpus:
        live = self._current_copy(corpus)
        if self._is_worth_sharing(live):
            after_commit(self._share, corpus, live)  # later: publishes wait for the row's lock
        return live

    def _read_in_turn(self, corpus: Corpus) -> None:
        """Let one process of this host read a large corpus from the database; the others map the
        snapshot that it leaves, and the host holds it once."""
        with snapshots.turn(corpus, seconds=self.seconds_for_another) as is_mine:
            corpus.refresh_from_db()  # a snapshot that was left meanwhile may be newer
            live = self._current_copy(corpus)
            if is_mine and self._is_worth_sharing(live):
                _save(corpus, live)

    def _is_worth_sharing(self, live: LiveCorpus) -> bool:
        """Whether the next process should be spared what was read from the database."""
        n_documents = len(live.index)
        return n_documents >= self.min_shared and live.n_unshared > STALE_SHARE * n_documents

    def _share(self, corpus: Corpus, live: LiveCorpus, seconds: float = 0.0) -> None:
        """Leave a snapshot for the other processes of this host.

        Where it is another's turn for longer than ``seconds``, a later publish tries again.
        """
        with self.lock, snapshots.turn(corpus, seconds=seconds) as is_mine:
            is_served = self._copies.get(corpus.language) is live
            if is_mine and is_served and live.version == corpus.version:
                _save(corpus, live)


def _save(corpus: Corpus, live: LiveCorpus) -> None:
    """Write a snapshot, and map it here as well."""
    live.n_unshared = 0
    if snapshots.save(corpus, live.parts):
        parts = snapshots.load(corpus)
        if parts is not None:
            live.take(parts)


# That of this process. A test makes two of its own to play two processes.
corpus_cache = CorpusCache()
