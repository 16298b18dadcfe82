"""Ways to rank articles: what tutorials do, our similarity, and our score part by part."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.datasets import Article
from related.similarity.index.search import N_NEIGHBORS, Index
from related.similarity.index.statistics import TermStatistics
from related.similarity.lists.neighbors import NeighborLists
from related.similarity.order.scoring import DEFAULT_TIME_WEIGHT, relevance, score
from related.similarity.order.statistics import ListStatistics
from related.similarity.passages.judging import groups_in, repeated_among
from related.similarity.text.analysis import analyze_text
from related.similarity.text.passages import Hashes, Passages
from related.similarity.text.plain_text import plain_text

# For each article (by its place): the other articles' places and scores, best first.
Rankings = list[list[tuple[int, float]]]
Ranker = Callable[[Sequence[Article]], Rankings]


@dataclass(frozen=True)
class Lists:
    """The stored neighbors of some articles and all that a score is made of; [n, 40] each."""

    ids: NDArray[np.int64]
    similarities: NDArray[np.float32]
    with_text: NDArray[np.float32]
    with_title: NDArray[np.float32]
    hubs: NDArray[np.float32]
    days: NDArray[np.float64]  # apart; NaN where a date is missing
    learned: ListStatistics


def scikit_learn(articles: Sequence[Article]) -> Rankings:
    """``TfidfVectorizer()`` as tutorials use it, and the cosine of every pair."""
    texts = [f"{article.title} {article.body}" for article in articles]
    vectors = TfidfVectorizer().fit_transform(texts)
    rankings = []
    for place, row in enumerate(np.asarray((vectors @ vectors.T).todense())):
        order = [int(other) for other in np.argsort(-row, kind="stable") if other != place]
        rankings.append([(other, float(row[other])) for other in order])
    return rankings


def by_similarity(articles: Sequence[Article]) -> Rankings:
    """The two-stage search that the plugin uses, with its defaults."""
    searches = _index(tuple(articles)).search_many(range(len(articles)), n_neighbors=350)
    return [list(zip(keys.tolist(), values.tolist(), strict=True)) for _, keys, values in searches]


def by_half_life(
    articles: Sequence[Article], weight: float = 0.2, half_life: float = 90
) -> Rankings:
    """The rule of earlier releases: ``similarity * (1 - w + w / (1 + days / half-life))``."""
    lists = _lists(tuple(articles))
    days = np.nan_to_num(np.abs(lists.days))
    return _ranked(lists, lists.similarities * (1 - weight + weight / (1 + days / half_life)))


def by_score(
    articles: Sequence[Article],
    *,
    titles: bool = True,
    hubs: bool = True,
    time_weight: float = DEFAULT_TIME_WEIGHT,
) -> Rankings:
    """The order of a slot by similarity, or that of some parts of its score."""
    lists = _lists(tuple(articles))
    relevances = relevance(
        lists.similarities,
        lists.with_text * titles,
        lists.with_title * titles,
        lists.hubs,
        lists.learned.typical_hub * hubs,
    )
    log_closeness = lists.learned.time_curve.log_closeness(lists.days)
    return _ranked(lists, score(relevances, log_closeness, time_weight))


# By what is printed; each of "our score" has one part more than the one before.
RANKERS: dict[str, Ranker] = {
    "TfidfVectorizer() + cosine": scikit_learn,
    "ours, similarity alone": by_similarity,
    "ours, rule with half-life (before)": by_half_life,
    "our score: titles": partial(by_score, hubs=False, time_weight=0),
    "our score: titles, hubs": partial(by_score, time_weight=0),
    "our score: titles, hubs, time": by_score,
}


def _repeated(texts: Sequence[Passages]) -> Hashes:
    """The passages that repeat across stories."""
    keys = np.repeat(np.arange(len(texts)), [len(text.hashes) for text in texts])
    groups = groups_in(np.concatenate([text.hashes for text in texts]), keys)
    return np.array(sorted(repeated_among(groups, dict(enumerate(texts)))), np.uint32)


@lru_cache(maxsize=1)
def _index(articles: tuple[Article, ...]) -> Index:
    texts = [analyze_text(a.title, plain_text(a.body), a.language) for a in articles]
    repeated = _repeated([text.passages for text in texts])
    counts = [text.without(repeated).counts for text in texts]
    index = Index(TermStatistics.from_counts(counts))
    index.put(range(len(counts)), counts)
    return index


@lru_cache(maxsize=1)
def _lists(articles: tuple[Article, ...]) -> Lists:
    index, keys = _index(articles), np.arange(len(articles))
    lists = NeighborLists(N_NEIGHBORS)
    for key, *found in index.search_many(keys.tolist()):
        lists.set(key, *found)
    moments = [article.published_at for article in articles]
    published = np.array([np.nan if at is None else at.timestamp() / 86_400 for at in moments])
    ids, similarities = lists.tables(keys.tolist())
    rows = np.maximum(ids, 0)
    return Lists(
        ids,
        similarities,
        *index.title_similarities(keys.tolist(), ids),
        lists.hubs(keys.tolist())[rows],
        published[rows] - published[:, None],
        ListStatistics.learn(lists, keys, published),
    )


def _ranked(lists: Lists, scores: NDArray[np.floating]) -> Rankings:
    order = np.lexsort((-lists.ids, -scores), axis=-1)
    columns = (lists.ids, scores, lists.similarities > 0)
    sorted_columns = (np.take_along_axis(column, order, axis=1).tolist() for column in columns)
    return [
        [(other, points) for other, points, is_there in zip(*row, strict=True) if is_there]
        for row in zip(*sorted_columns, strict=True)
    ]
