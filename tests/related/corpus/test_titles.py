"""What the copies of workers know of titles stays true while articles come, change and go."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from related.domain.corpus.cache import CorpusCache, corpus_cache
from related.domain.corpus.live import LiveCorpus
from related.domain.indexing.processing import process
from related.domain.rebuilds import rebuilding
from related.similarity.lists.titles import title_similarities
from tests.related.stories import BAKERY, FLOOD, FLOOD_COST, FLOOD_UPDATE, publish, work

pytestmark = pytest.mark.django_db


def assert_true(live: LiveCorpus) -> None:
    keys = live.index.keys().tolist()
    found = title_similarities(live.index, live.lists, keys)
    expected = live.index.title_similarities(keys, live.lists.tables(keys)[0])
    assert [part.tolist() for part in found] == [part.tolist() for part in expected]
    assert max(part.max() for part in found) > 0


def test_two_workers_know_the_same_after_every_change() -> None:
    one, two = CorpusCache(), CorpusCache()
    articles = []
    for n, text in enumerate([FLOOD, BAKERY, FLOOD_UPDATE, FLOOD_COST]):
        articles.append(publish(f"Flood report {n}", text, day=n))
        process(cache=(one, two)[n % 2])
    articles[0].title = "Baker opens a shop"
    articles[0].save()
    process(cache=one)
    for cache in (two, one):
        with cache.locked({"en"}) as corpora:
            [(_, live)] = corpora
            assert_true(live)
    articles[2].body = BAKERY
    articles[2].save()
    process(cache=two)
    articles[3].delete()
    process(cache=one)
    for cache in (two, one):
        with cache.locked({"en"}) as corpora:
            [(_, live)] = corpora
            assert len(live.index) == 3
            assert_true(live)


def test_a_rebuild_leaves_all_of_them_known(django_capture_on_commit_callbacks: Any) -> None:
    for n, text in enumerate([FLOOD, FLOOD_UPDATE, FLOOD_COST]):
        publish(f"Flood report {n}", text, day=n)
    work()
    with django_capture_on_commit_callbacks(execute=True):  # the process keeps what it built
        rebuilding.rebuild()
    with corpus_cache.locked({"en"}) as corpora:
        [(_, live)] = corpora
        keys = live.index.keys().tolist()
        ids, _ = live.lists.tables(keys)
        assert (ids >= 0).any()
        assert not np.isnan(live.lists.titles(keys)[ids >= 0]).any()
        assert_true(live)
