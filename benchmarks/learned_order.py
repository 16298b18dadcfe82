"""Whether reviews of one site teach a better order of its later articles than the score.

    python benchmarks/learned_order.py [--data ../shared/data]

digital.gov: the links of editors stand for their reviews of the first twelve suggestions of every
linked article. The order is learned from the earlier articles and judged on the later ones, with
all 40 neighbors. Exit code 1 when it is worse than the score beyond chance, or the data is missing.
"""

import argparse
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.datasets import read_articles, read_pairs  # noqa: E402 (needs the path)
from benchmarks.rankers import _lists  # noqa: E402
from related.similarity.intervals import paired_difference  # noqa: E402
from related.similarity.learned_order import features_of, learn_order  # noqa: E402
from related.similarity.order.scoring import (  # noqa: E402
    DEFAULT_TIME_WEIGHT,
    relevance,
    score,
)
from related.similarity.ranking import ndcg_at  # noqa: E402

REVIEWED = 12
SHARES = (0.5, 0.65, 0.8)  # of the articles, learned from


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    data = parser.parse_args().data
    if not (data / "digitalgov_news.jsonl.gz").exists():
        print(f"The measuring data is not in {data}; say where it is: --data FOLDER")
        return 1
    articles = read_articles(data / "digitalgov_news.jsonl.gz")
    place = {article.id: i for i, article in enumerate(articles)}
    linked = defaultdict(set)
    for a, b, *_ in read_pairs(data / "digitalgov_editorial_links.tsv"):
        linked[place[a]].add(place[b])
        linked[place[b]].add(place[a])

    lists = _lists(tuple(articles))
    parts = (lists.similarities, lists.with_text, lists.with_title, lists.hubs)
    relevances = relevance(*parts, lists.learned.typical_hub)
    log_closeness = lists.learned.time_curve.log_closeness(lists.days)
    scores = score(relevances, log_closeness, DEFAULT_TIME_WEIGHT)
    features = features_of(
        similarities=lists.similarities,
        with_text=lists.with_text,
        with_title=lists.with_title,
        hubs=lists.hubs,
        typical_hub=lists.learned.typical_hub,
        log_closeness=log_closeness,
        relevances=relevances,
    )

    def ndcg(key: int, own_scores: np.ndarray) -> float:
        ranked = lists.ids[key][np.argsort(-own_scores, kind="stable")].tolist()
        return ndcg_at(10, ranked, linked[key])

    by_date = sorted(linked, key=lambda key: (str(articles[key].published_at), key))
    is_worse = False
    for share in SHARES:
        n = int(share * len(by_date))
        earlier, later = by_date[:n], by_date[n:]
        shown = [(key, at) for key in earlier for at in np.argsort(-scores[key])[:REVIEWED]]
        rows, places = np.array(shown).T
        verdicts = np.array([int(lists.ids[key, at]) in linked[key] for key, at in shown])
        order = learn_order(features[rows, places], scores[rows, places], verdicts)
        assert order is not None
        plain = [ndcg(key, scores[key]) for key in later]
        learned = [ndcg(key, scores[key] * order.factors(features[key])) for key in later]
        gain = paired_difference(learned, plain)
        is_worse |= gain.high < 0
        print(
            f"learned from {n} articles, judged on {len(later)}: score {np.mean(plain):.3f}, "
            f"learned {np.mean(learned):.3f}, gain {gain.mean:+.3f} "
            f"({gain.low:+.3f} to {gain.high:+.3f})"
        )
    return 1 if is_worse else 0


if __name__ == "__main__":
    sys.exit(main())
