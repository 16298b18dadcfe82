"""Publishing one by one, by two workers in turns, gives what a rebuild gives."""

from __future__ import annotations

import random

import pytest
from django.db import connection

from newsroom.articles.models import Article, Status
from newsroom.articles.publishing import withdraw
from related.domain.corpus.cache import CorpusCache
from related.domain.corpus.codec import read_neighbors
from related.domain.corpus.live import LiveCorpus
from related.domain.indexing.processing import process
from related.domain.rebuilds import blocks, rebuilding
from related.enums import Phase
from related.models import Corpus, CorpusStatistics, Neighbors, RebuildBlock
from tests.related.stories import publish

pytestmark = pytest.mark.django_db

N_ARTICLES = 90
N_STEPS = 60


def text(chance: random.Random) -> str:
    topic = chance.randrange(12)
    own = [f"topic{topic}word{chance.randrange(15)}" for _ in range(12)]
    return " ".join([*own, *(f"common{chance.randrange(120)}" for _ in range(25))])


class Workers:
    """Two processes, in turns; the database alone tells them of each other."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._caches = [CorpusCache(), CorpusCache()]

    def work(self) -> None:
        while process(cache=self._chance.choice(self._caches)):
            pass


def change(chance: random.Random) -> None:
    """A publish, an edit, a withdrawal, a return or a deletion."""
    article = chance.choice(list(Article.objects.all()))
    match chance.randrange(5):
        case 0:
            publish(f"News {chance.random()}", text(chance), day=chance.randrange(50))
        case 1:
            article.body = text(chance)
            article.save()
        case 2 if article.status == Status.PUBLISHED:
            withdraw(article)
        case 3:
            article.status = Status.PUBLISHED
            article.save()
        case 4:
            article.delete()


def lists() -> dict[int, list[tuple[int, float]]]:
    """Every served list: (neighbor, similarity), nearest first."""
    corpus = Corpus.objects.get()
    found = {}
    for row in Neighbors.objects.filter(generation=corpus.generation):
        ids, similarities = read_neighbors(row)
        found[row.document_id] = list(
            zip(ids.tolist(), similarities.round(5).tolist(), strict=True)
        )
    return found


def top(pairs: list[tuple[int, float]], n: int = 10) -> set[int]:
    return {key for key, _ in pairs[:n]}


@pytest.mark.slow  # a corpus is changed, rebuilt and searched again whole
def test_one_by_one_gives_what_a_rebuild_gives() -> None:
    chance = random.Random(connection.vendor)  # another history on each database
    workers = Workers(chance)
    for n in range(N_ARTICLES):
        publish(f"Report {n}", text(chance), day=n % 50)
    workers.work()
    rebuilding.rebuild()  # statistics of all that is there

    for _ in range(N_STEPS):
        change(chance)
        if chance.random() < 0.4:
            workers.work()
    workers.work()
    one_by_one = lists()

    # The same statistics: search every list again in a copy read from the database.
    corpus = Corpus.objects.get()
    live = LiveCorpus.read(corpus)
    for key in live.index.keys().tolist():
        live.search_again(key)
    assert one_by_one.keys() == set(live.index.keys().tolist())
    for key, stored in one_by_one.items():
        ids, similarities = live.lists.get(key)
        exact = list(zip(ids.tolist(), similarities.round(5).tolist(), strict=True))
        assert stored == exact[: len(stored)]
        assert len(stored) >= min(30, len(exact))

    # Fresh statistics: first the nightly refresh, then a search from scratch. So small a corpus
    # would be searched in both.
    Corpus.objects.update(n_documents=blocks.SMALL)
    CorpusStatistics.objects.update(n_documents=blocks.SMALL)
    rebuilding.rebuild()
    assert RebuildBlock.objects.filter(phase=Phase.RESCORE).exists()
    refreshed = lists()
    rebuilding.rebuild(cold=True)
    cold = lists()
    assert refreshed.keys() == cold.keys()
    hits = sum(len(top(refreshed[key]) & top(cold[key])) for key in cold)
    assert hits >= 0.97 * sum(len(top(cold[key])) for key in cold)
