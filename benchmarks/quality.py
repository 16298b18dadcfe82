"""How good suggestions are, on real articles whose neighbors people have named.

    python benchmarks/quality.py [--data ../shared/data]

Prints nDCG@10 with 95 % intervals (digital.gov: links that editors placed; ECB+: articles on the
same story; MEANTIME: on the same topic), each way's gain over the one above it, and how well
similarities agree with what people said about pairs (Lee: Pearson's correlation; Russian news: area
under the curve). Exit code 1 when a target is missed or the data is not there.
"""

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.datasets import read_articles, read_pairs  # noqa: E402 (needs the path)
from benchmarks.rankers import RANKERS, Ranker  # noqa: E402
from related.similarity.intervals import bootstrap_interval, paired_difference  # noqa: E402
from related.similarity.ranking import ndcg_at  # noqa: E402

LANGUAGES = ("en", "es", "it", "nl")
WORDS, SIMILARITY, BEFORE, *_, SCORE = RANKERS

# nDCG@10 of the whole score, and of pairs by similarity alone.
TARGETS = {"digitalgov": 0.485, "ecbplus": 0.944, "Lee": 0.60, "Russian pairs": 0.85}

# A set and a ranker -> one value per article that has anything relevant.
Measure = Callable[[Path, Ranker], NDArray[np.float64]]


def ndcg_of(
    articles_ranked: Sequence[Sequence[tuple[int, float]]], relevant: dict[int, Collection[int]]
) -> NDArray[np.float64]:
    """nDCG@10 of each article that has anything relevant."""
    return np.array(
        [
            ndcg_at(10, [other for other, _ in articles_ranked[place]], others)
            for place, others in relevant.items()
        ]
    )


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


def digitalgov(data: Path, rank: Ranker) -> NDArray[np.float64]:
    articles = read_articles(data / "digitalgov_news.jsonl.gz")
    place = {article.id: i for i, article in enumerate(articles)}
    linked: dict[int, Collection[int]] = defaultdict(set)
    for source, target in read_pairs(data / "digitalgov_editorial_links.tsv"):
        linked[place[source]] |= {place[target]}
        linked[place[target]] |= {place[source]}
    return ndcg_of(rank(articles), linked)


def ecbplus(data: Path, rank: Ranker) -> NDArray[np.float64]:
    articles = read_articles(data / "ecbplus.jsonl.gz")
    return ndcg_of(rank(articles), same([article.story for article in articles]))


def meantime(data: Path, rank: Ranker, language: str) -> NDArray[np.float64]:
    articles = read_articles(data / f"meantime_{language}.jsonl")
    return ndcg_of(rank(articles), same([a.story or a.topic for a in articles]))


SETS: dict[str, Measure] = {"digitalgov": digitalgov, "ecbplus": ecbplus} | {
    f"topics {language}": partial(meantime, language=language) for language in LANGUAGES
}


def lee(data: Path, rank: Ranker) -> float:
    """Pearson's correlation of our similarity with what people said of each pair."""
    places = "lee.jsonl", "lee_background.jsonl"
    pairs = list(read_pairs(data / "lee_pairs.tsv"))
    ours = pair_similarities(data, places, rank, [(a, b) for a, b, _ in pairs])
    return float(np.corrcoef(ours, [float(human) for _, _, human in pairs])[0, 1])


def russian_pairs(data: Path, rank: Ranker) -> float:
    """Area under the curve: of a pair on one story and another pair, the first is more similar."""
    pairs = list(read_pairs(data / "tgcontest_ru_pairs.tsv"))
    named = [(row[0], row[1]) for row in pairs]
    ours = pair_similarities(data, ("tgcontest_ru.jsonl",), rank, named)
    return float(roc_auc_score([row[2] == "OK" for row in pairs], ours))


def pair_similarities(
    data: Path, files: Sequence[str], rank: Ranker, pairs: Sequence[tuple[str, str]]
) -> NDArray[np.float64]:
    articles = [article for file in files for article in read_articles(data / file)]
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
    reached = {}
    for name, measure in SETS.items():
        values = {ranker: measure(data, rank) for ranker, rank in RANKERS.items()}
        print_set(name, values)
        reached[name] = float(values[SCORE].mean())
    print("\nPairs by similarity")
    for name, compare in {"Lee": lee, "Russian pairs": russian_pairs}.items():
        plain, ours = compare(data, RANKERS[WORDS]), compare(data, RANKERS[SIMILARITY])
        print(f"  {name:34}{WORDS} {plain:.3f}, ours {ours:.3f}")
        reached[name] = ours
    missed = [
        f"Missed: {name} is {reached[name]:.3f}, wanted at least {target}"
        for name, target in TARGETS.items()
        if reached[name] < target
    ]
    print(f"\n{time.perf_counter() - started:.0f} s")
    print("\n".join(missed) or "All targets reached.")
    return 1 if missed else 0


def print_set(name: str, values: dict[str, NDArray[np.float64]]) -> None:
    """A line for each way: its mean, and its gain over similarity and over the line above."""
    print(f"\n{name}, nDCG@10 of {len(values[SCORE])} articles")
    print(f"{'':36}{'mean':>6}{'95 %':>14}{'over similarity':>24}{'over the line above':>24}")
    above = None
    for ranker, own in values.items():
        mean = bootstrap_interval(own)
        line = f"  {ranker:34}{mean.mean:6.3f}{f'{mean.low:.3f} {mean.high:.3f}':>14}"
        if ranker not in {WORDS, SIMILARITY}:
            for other in (values[SIMILARITY], values[above or SIMILARITY]):
                gain = paired_difference(own, other)
                line += f"{f'{gain.mean:+.3f} ({gain.low:+.3f} {gain.high:+.3f})':>24}"
        print(line)
        above = None if ranker in {WORDS, SIMILARITY, BEFORE} else ranker


if __name__ == "__main__":
    sys.exit(main())
