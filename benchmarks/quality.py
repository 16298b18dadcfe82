"""How good the neighbors are, on real articles whose neighbors people have named.

    python benchmarks/quality.py [--data ../shared/data]

Prints nDCG@10 (digital.gov: links that editors placed; ECB+: articles on the same story) and, for
Lee, Pearson's correlation with how similar people found two texts. Exit code 1 when a target is
missed or the data is not there.
"""

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import roc_auc_score

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.datasets import Article, read_articles, read_pairs  # noqa: E402 (needs the path)
from related.similarity.index.search import N_NEIGHBORS, Index  # noqa: E402
from related.similarity.index.statistics import TermStatistics  # noqa: E402
from related.similarity.lists.neighbors import NeighborLists  # noqa: E402
from related.similarity.order.scoring import DEFAULT_TIME_WEIGHT, relevance, score  # noqa: E402
from related.similarity.order.statistics import ListStatistics  # noqa: E402
from related.similarity.ranking import ndcg_at  # noqa: E402
from related.similarity.text.plain_text import plain_text  # noqa: E402
from related.similarity.text.terms import count_terms  # noqa: E402

# For each article (by its place): the other articles' places and scores, best first.
Rankings = list[list[tuple[int, float]]]
Ranker = Callable[[Sequence[Article]], Rankings]
Measure = Callable[[Path, Ranker], float]

TARGETS = {
    ("similarity", "digitalgov"): 0.43,
    ("default rule", "digitalgov"): 0.45,
    ("similarity", "ecbplus"): 0.94,
    ("similarity", "lee"): 0.60,
}
LANGUAGES = ("en", "es", "it", "nl")


def scikit_learn(articles: Sequence[Article]) -> Rankings:
    """``TfidfVectorizer()`` as tutorials use it, and the cosine of every pair."""
    texts = [f"{article.title} {article.body}" for article in articles]
    vectors = TfidfVectorizer().fit_transform(texts)
    rankings = []
    for place, row in enumerate(np.asarray((vectors @ vectors.T).todense())):
        order = [int(other) for other in np.argsort(-row, kind="stable") if other != place]
        rankings.append([(other, float(row[other])) for other in order])
    return rankings


@lru_cache(maxsize=1)
def _index(articles: tuple[Article, ...]) -> Index:
    counts = [count_terms(a.title, plain_text(a.body), a.language) for a in articles]
    index = Index(TermStatistics.from_counts(counts))
    index.put(range(len(counts)), counts)
    return index


def by_similarity(articles: Sequence[Article]) -> Rankings:
    """The two-stage search that the plugin uses, with its defaults."""
    searches = _index(tuple(articles)).search_many(range(len(articles)), n_neighbors=350)
    return [list(zip(keys.tolist(), values.tolist(), strict=True)) for _, keys, values in searches]


def by_default_rule(articles: Sequence[Article]) -> Rankings:
    """What the slot "related" makes of the 40 stored neighbors."""
    return _ranked(tuple(articles), DEFAULT_TIME_WEIGHT)


@lru_cache(maxsize=1)
def _lists(articles: tuple[Article, ...]) -> NeighborLists:
    index = _index(articles)
    lists = NeighborLists(N_NEIGHBORS)
    for key, *found in index.search_many(range(len(articles))):
        lists.set(key, *found)
    return lists


def _ranked(articles: tuple[Article, ...], time_weight: float) -> Rankings:
    index, lists, keys = _index(articles), _lists(articles), np.arange(len(articles))
    moments = [article.published_at for article in articles]
    published = np.array([np.nan if at is None else at.timestamp() / 86_400 for at in moments])
    learned = ListStatistics.learn(lists, keys, published)
    ids, similarities = lists.tables(keys.tolist())
    rows = np.maximum(ids, 0)
    hubs = lists.hubs(keys.tolist())[rows]
    titles = index.title_similarities(keys.tolist(), ids)
    relevances = relevance(similarities, *titles, hubs, learned.typical_hub)
    days = published[rows] - published[:, None]
    scores = score(relevances, learned.time_curve.log_closeness(days), time_weight)
    return [
        sorted(
            ((other, points) for other, points, there in zip(*columns, strict=True) if there),
            key=lambda scored: (-scored[1], -scored[0]),
        )
        for columns in zip(ids.tolist(), scores.tolist(), (similarities > 0).tolist(), strict=True)
    ]


def mean_ndcg(rankings: Rankings, relevant: dict[int, Collection[int]]) -> float:
    """nDCG@10, the mean over the articles that have anything relevant."""
    scores = [
        ndcg_at(10, [other for other, _ in rankings[place]], others)
        for place, others in relevant.items()
    ]
    return float(np.mean(scores))


def same(labels: Sequence[str]) -> dict[int, Collection[int]]:
    """For each place, the other places with the same label."""
    places = defaultdict(set)
    for place, label in enumerate(labels):
        places[label].add(place)
    return {
        place: places[label] - {place}
        for place, label in enumerate(labels)
        if label and len(places[label]) > 1
    }


def digitalgov(data: Path, rank: Ranker) -> float:
    articles = read_articles(data / "digitalgov_news.jsonl.gz")
    place = {article.id: i for i, article in enumerate(articles)}
    linked: dict[int, Collection[int]] = defaultdict(set)
    for source, target in read_pairs(data / "digitalgov_editorial_links.tsv"):
        linked[place[source]] |= {place[target]}
        linked[place[target]] |= {place[source]}
    return mean_ndcg(rank(articles), linked)


def ecbplus(data: Path, rank: Ranker) -> float:
    articles = read_articles(data / "ecbplus.jsonl.gz")
    return mean_ndcg(rank(articles), same([article.story for article in articles]))


def lee(data: Path, rank: Ranker) -> float:
    articles = read_articles(data / "lee.jsonl") + read_articles(data / "lee_background.jsonl")
    pairs = list(read_pairs(data / "lee_pairs.tsv"))
    ours = pair_similarities(articles, rank, [(a, b) for a, b, _ in pairs])
    return float(np.corrcoef(ours, [float(human) for _, _, human in pairs])[0, 1])


def russian_pairs(data: Path, rank: Ranker) -> float:
    articles = read_articles(data / "tgcontest_ru.jsonl")
    pairs = list(read_pairs(data / "tgcontest_ru_pairs.tsv"))
    ours = pair_similarities(articles, rank, [(row[0], row[1]) for row in pairs])
    return float(roc_auc_score([row[2] == "OK" for row in pairs], ours))


def meantime(data: Path, rank: Ranker, language: str) -> float:
    articles = read_articles(data / f"meantime_{language}.jsonl")
    return mean_ndcg(rank(articles), same([a.story or a.topic for a in articles]))


def pair_similarities(
    articles: Sequence[Article], rank: Ranker, pairs: Sequence[tuple[str, str]]
) -> NDArray[np.float64]:
    place = {article.id: i for i, article in enumerate(articles)}
    scores = [dict(ranking) for ranking in rank(articles)]
    return np.array([scores[place[a]].get(place[b], 0.0) for a, b in pairs])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    data = parser.parse_args().data
    if not (data / "digitalgov_news.jsonl.gz").exists():
        print(
            f"The measuring data is not in {data}. It is not part of the project; if you have it,"
            " say where: --data FOLDER",
            file=sys.stderr,
        )
        return 1

    started = time.perf_counter()
    rankers = {
        "scikit-learn": scikit_learn,
        "similarity": by_similarity,
        "default rule": by_default_rule,
    }
    main_columns = {"digitalgov": digitalgov, "ecbplus": ecbplus, "lee": lee}
    results = {
        (row, column): measure(data, rank)
        for column, measure in main_columns.items()
        for row, rank in rankers.items()
        if (row, column) != ("default rule", "lee")  # the texts have no dates
    }
    extra_columns: dict[str, Measure] = {"ru pairs": russian_pairs}
    for language in LANGUAGES:
        extra_columns[f"topics {language}"] = partial(meantime, language=language)
    extra = {
        (row, column): measure(data, rankers[row])
        for column, measure in extra_columns.items()
        for row in ("scikit-learn", "similarity")
    }
    print_tables(results, extra)
    missed = [
        f"Missed: {row} on {column} is {results[row, column]:.3f}, wanted at least {target}"
        for (row, column), target in TARGETS.items()
        if results[row, column] < target
    ]
    print(f"\n{time.perf_counter() - started:.0f} s")
    print("\n".join(missed) or "All targets reached.")
    return 1 if missed else 0


def print_tables(
    results: dict[tuple[str, str], float], extra: dict[tuple[str, str], float]
) -> None:
    names = {
        "scikit-learn": "TfidfVectorizer() + cosine",
        "similarity": "ours, similarity alone",
        "default rule": "ours, default rule (gentle recency)",
    }

    def cell(value: float | None) -> str:
        return f"{'-' if value is None else f'{value:.3f}':>12}"

    print(f"{'':38}{'digitalgov':>12}{'ecbplus':>12}{'Lee':>12}")
    print(f"{'':38}{'nDCG@10':>12}{'nDCG@10':>12}{'Pearson':>12}")
    for row, name in names.items():
        cells = [cell(results.get((row, column))) for column in ("digitalgov", "ecbplus", "lee")]
        print(f"{name:38}{''.join(cells)}")
    published = [cell(0.264), cell(None), cell(None)]
    print(f"{'all-MiniLM-L6-v2, as published':38}{''.join(published)}")

    columns = list(dict.fromkeys(column for _, column in extra))
    print(f"\n{'':38}" + "".join(f"{column:>12}" for column in columns))
    print(f"{'':38}{'AUC':>12}" + f"{'nDCG@10':>12}" * (len(columns) - 1))
    for row in ("scikit-learn", "similarity"):
        print(f"{names[row]:38}" + "".join(cell(extra[row, column]) for column in columns))


if __name__ == "__main__":
    sys.exit(main())
