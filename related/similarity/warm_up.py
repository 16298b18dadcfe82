"""All loops compiled, or read from where they are kept, before work is taken that others wait for.

Reading them takes some tenths of a second. The first process of a host compiles them, which takes
some ten seconds.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from related.similarity.index.explaining import Explainer
from related.similarity.index.query import Query
from related.similarity.index.search import Index
from related.similarity.index.statistics import TermStatistics
from related.similarity.lists.neighbors import NeighborLists
from related.similarity.lists.rescoring import rescore
from related.similarity.lists.titles import title_similarities
from related.similarity.passages.judging import are_one_story
from related.similarity.text.analysis import analyze_text

logger = logging.getLogger(__name__)

SECONDS_TO_COMPILE = 10  # on one core of a server; nothing depends on it


class EngineUnavailable(Exception):
    """The engine does not run in this process; ``str()`` says why and what to install."""


def warm_up(announce: Callable[[], object] = lambda: None) -> None:
    """Make this process ready to compare texts; quick when it is already.

    Args:
        announce: called once if something has to be compiled first, before that starts.

    Raises:
        EngineUnavailable: something that the engine runs on is missing, or made for another NumPy.
    """
    try:
        with _announced(announce):
            _publish_once()
    except ModuleNotFoundError as error:
        missing = str(error.name).partition(".")[0]
        raise EngineUnavailable(
            f"{missing} is not installed: pip install 'django-newsroom-related[worker]'"
        ) from error
    except Exception as error:  # these texts are in order, so it is the environment
        raise EngineUnavailable(
            f"{type(error).__name__}: {error} Install versions that fit together: "
            "pip install --upgrade numba numpy scipy scikit-learn"
        ) from error


@cache
def _publish_once() -> None:
    """Do with three short texts what a publish and a rebuild do.

    Segments are read-only in memory as in mapped files, so the compiled loops serve both.
    """
    text = analyze_text("Late ferry", "The ferry left late, said the pilot.", "en")
    are_one_story(text.passages, text.passages)
    counts = text.counts
    index = Index(TermStatistics.from_counts([counts] * 3))
    index.put([1, 2, 3], [counts] * 3)
    lists = NeighborLists(2)
    for key in (1, 2):
        lists.set(key, *index.search(counts, n_neighbors=2, n_candidates=2, exclude=key))
    lists.withdraw(3)
    rescore(index, [1, 2], lists)
    title_similarities(index, lists, [1, 2])
    [contributions] = index.contributions(Query.of(counts, index.vectorizer), [1])
    Explainer(counts, index.vectorizer).heaviest(contributions)


@contextmanager
def _announced(announce: Callable[[], object]) -> Iterator[None]:
    """Log, and call ``announce``, as soon as one of our functions is compiled within."""
    from numba.core import event  # imported late, as in ``compiled``

    class Announcer(event.Listener):
        is_told = False

        def on_start(self, event: Any) -> None:
            module = event.data["dispatcher"].py_func.__module__
            if not self.is_told and module.startswith("related.similarity."):
                self.is_told = True
                logger.info("compiling the similarity engine, once per host")
                announce()

        def on_end(self, event: Any) -> None:
            pass

    with event.install_listener("numba:compile", Announcer()):
        yield
