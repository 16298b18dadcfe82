"""The curve that strength starts with, and how many decisions outweigh it.

    python benchmarks/strength.py [--data ../shared/data]

Takes the articles of digital.gov that hold links of their editors' own, and of each the first ten
by the default rule: are they linked? Prints the power of the odds that fits best, beside what is
shipped, and Brier scores after few and many decisions for several weights of the curve. Exit code 1
when what is shipped does not fit, or the data is not there.
"""

import argparse
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.datasets import read_articles, read_pairs  # noqa: E402 (needs the path)
from benchmarks.rankers import by_score  # noqa: E402
from related.similarity.calibration import brier_score, reliability  # noqa: E402
from related.similarity.strength import (  # noqa: E402
    EVEN_SCORE,
    PSEUDO_COUNT,
    SHIPPED,
    STEEPNESS,
)

FIRST = 10
TOLERANCE = 0.15  # relative, of either number
LEARNED_FROM = (10, 30, 100, 300, 1000, 3000)
PSEUDO_COUNTS = (20, PSEUDO_COUNT, 100, 200)
N_REPEATS = 20
# A site whose editors approve far more than they would link by themselves.
GENEROUS_ODDS = 6

Numbers = NDArray[np.float64]


def scores_and_links(data: Path) -> tuple[Numbers, NDArray[np.bool_]]:
    """The scores of the first ten of every linked article, and which of them are linked."""
    articles = read_articles(data / "digitalgov_news.jsonl.gz")
    place = {article.id: i for i, article in enumerate(articles)}
    relevant = defaultdict(set)
    for a, b, *_ in read_pairs(data / "digitalgov_editorial_links.tsv"):
        if a in place and b in place:
            relevant[place[a]].add(place[b])
            relevant[place[b]].add(place[a])
    rankings = by_score(articles)
    first = [
        (score, other in others)
        for own, others in relevant.items()
        for other, score in rankings[own][:FIRST]
    ]
    scores, linked = zip(*first, strict=True)
    return np.array(scores, np.float64), np.array(linked, np.bool_)


def fit_power(scores: Numbers, linked: NDArray[np.bool_]) -> tuple[float, float]:
    """(score with even odds, steepness): ``odds = (score / even) ** steepness``."""
    model = LogisticRegression(C=1e6).fit(np.log(scores.clip(1e-3))[:, None], linked)
    steepness = float(model.coef_[0, 0])
    return float(np.exp(-model.intercept_[0] / steepness)), steepness


def brier_after(n: int, pseudo_count: int, scores: Numbers, verdicts: NDArray[np.bool_]) -> float:
    """Brier score of other decisions after n of them, the mean of several draws."""
    random = np.random.default_rng(1)
    found = []
    for _ in range(N_REPEATS):
        order = random.permutation(len(scores))
        learned, judged = order[:n], order[n : n + 3000]
        regression = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip")
        regression.fit(scores[learned], verdicts[learned].astype(float))
        weight = n / (n + pseudo_count)
        chances = weight * regression.predict(scores[judged])
        chances += (1 - weight) * SHIPPED.chances(scores[judged])
        found.append(brier_score(chances, verdicts[judged]))
    return float(np.mean(found))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    data = parser.parse_args().data
    if not (data / "digitalgov_news.jsonl.gz").exists():
        print(f"The measuring data is not in {data}; say where it is: --data FOLDER")
        return 1
    scores, linked = scores_and_links(data)
    even, steepness = fit_power(scores, linked)
    print(f"{len(scores)} pairs, {linked.mean():.3f} of them linked")
    print(f"best fit: even at {even:.3f}, steepness {steepness:.2f}")
    print(f"shipped:  even at {EVEN_SCORE:.3f}, steepness {STEEPNESS:.2f}")
    chances = SHIPPED.chances(scores)
    constant = brier_score(np.full(len(scores), linked.mean()), linked)
    print(f"Brier score {brier_score(chances, linked):.4f}, of the base rate {constant:.4f}")
    for each in reliability(chances, linked):
        print(f"  said {each.said:.2f}, linked {each.came_true:.2f} ({each.n})")

    odds = GENEROUS_ODDS * chances / (1 - chances).clip(1e-9)
    generous = np.random.default_rng(1).random(len(scores)) < odds / (1 + odds)
    for name, verdicts in {"these editors": linked, "generous ones": generous}.items():
        print(f"\n{name:14}" + "".join(f"{f'weight {count}':>12}" for count in PSEUDO_COUNTS))
        for n in LEARNED_FROM:
            cells = [brier_after(n, count, scores, verdicts) for count in PSEUDO_COUNTS]
            print(f"{n:>14}" + "".join(f"{cell:>12.4f}" for cell in cells))

    fits = abs(even / EVEN_SCORE - 1) < TOLERANCE and abs(steepness / STEEPNESS - 1) < TOLERANCE
    print("\nWhat is shipped fits." if fits else "\nWhat is shipped does not fit any more.")
    return 0 if fits else 1


if __name__ == "__main__":
    sys.exit(main())
