"""What counts as a version of a text, on real articles: how many, how exactly, how quickly.

    python benchmarks/versions.py [--data ../shared/data]

Prints for each set the stories of several documents, how far the sketches' estimates are from the
truth on pairs that share a passage, and what a document costs. On ECB+, whose articles are labeled
with events, a story that joins two events is an error: exit code 1. So is data that is not there.
"""

import argparse
import sys
import time
from itertools import combinations
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.datasets import Article, read_articles  # noqa: E402 (needs the path)
from related.similarity.stories.grouping import find_stories  # noqa: E402
from related.similarity.stories.overlap import as_rows, overlaps  # noqa: E402
from related.similarity.text.plain_text import plain_text  # noqa: E402
from related.similarity.text.sketch_loops import SHINGLE  # noqa: E402
from related.similarity.text.sketches import sketch_of  # noqa: E402
from related.similarity.text.term_ids import STOP_WORD  # noqa: E402
from related.similarity.text.words import Words, reader_for  # noqa: E402

SETS = [
    "ecbplus.jsonl.gz",
    "digitalgov_news.jsonl.gz",
    "wikinews_en.jsonl",
    "lee_background.jsonl",
    "tgcontest_ru.jsonl",
    "congress_press.jsonl.gz",
]
LABELED = "ecbplus.jsonl.gz"
MOST_ALIKE = 200  # documents with one shingle; more of them are a repeated passage


def shingles(words: Words) -> set[tuple[int, ...]]:
    ids = words.ids[words.n_title :]
    kept = ids[ids != STOP_WORD].tolist()
    return {tuple(kept[i : i + SHINGLE]) for i in range(len(kept) - SHINGLE + 1)}


def errors(read: list[Words], rows: np.ndarray) -> np.ndarray:
    """Estimated minus true containment of all pairs that share a tenth of the shorter text."""
    texts = [shingles(words) for words in read]
    owners: dict[tuple[int, ...], list[int]] = {}
    for place, text in enumerate(texts):
        for shingle in text:
            owners.setdefault(shingle, []).append(place)
    shared: dict[tuple[int, int], int] = {}
    for places in owners.values():
        if 1 < len(places) <= MOST_ALIKE:
            for pair in combinations(places, 2):
                shared[pair] = shared.get(pair, 0) + 1
    true = {pair: n / min(len(texts[pair[0]]), len(texts[pair[1]])) for pair, n in shared.items()}
    pairs = np.array([pair for pair, share in true.items() if share >= 0.1]).reshape(-1, 2)
    estimated, _ = overlaps(rows[pairs[:, 0]], rows[pairs[:, 1]])
    return estimated - np.array([true[a, b] for a, b in pairs.tolist()])


def measure(articles: list[Article], *, with_errors: bool) -> tuple[str, np.ndarray]:
    """A line of figures, and the story of each article."""
    read = [reader_for(a.language).read(a.title, plain_text(a.body)) for a in articles]
    start = time.process_time()
    rows = as_rows([sketch_of(words) for words in read])
    sketched = time.process_time()
    stories = find_stories(np.arange(len(articles)), rows)
    grouped = time.process_time()
    _, sizes = np.unique(stories, return_counts=True)
    figures = [len(articles), (sizes > 1).sum(), sizes[sizes > 1].sum(), sizes.max()]
    off = np.abs(errors(read, rows)) if with_errors else np.array([np.nan])
    costs = [(sketched - start) / len(articles), (grouped - sketched) / len(articles)]
    line = "".join(f"{figure:9,}" for figure in figures)
    return line + f"{off.mean():9.3f}" + "".join(f"{1e6 * cost:9.0f}" for cost in costs), stories


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    data = parser.parse_args().data
    if not (data / LABELED).exists():
        print(f"The data is not there: {data}", file=sys.stderr)
        return 1
    names = ["articles", "stories", "in them", "largest", "off by", "sketch", "group µs"]
    print(f"{'':26}" + "".join(f"{name:>9}" for name in names))
    joined = 0
    for name in SETS:
        articles = read_articles(data / name)
        line, stories = measure(articles, with_errors=len(articles) < 5_000)
        print(f"{name:26}{line}")
        if name == LABELED:
            events: dict[int, set[str]] = {}
            for article, story in zip(articles, stories.tolist(), strict=True):
                events.setdefault(story, set()).add(article.story)
            joined = sum(len(labels) > 1 for labels in events.values())
    print(f"\nStories of {LABELED} that join two events: {joined}")
    return 1 if joined else 0


if __name__ == "__main__":
    sys.exit(main())
