"""How fast and how small the search is, next to scikit-learn's own way, at several sizes.

    python benchmarks/engine.py [--sizes 10000 100000 1000000] [--data ../shared/data]

Texts are made up (``synthetic.py``); with the measuring data, real press releases are a size of
their own. The peer is ``NearestNeighbors(metric="cosine", algorithm="brute")`` on the same float32
vectors, timed on a sample of rows in the same run. Each measurement is a fresh process that starts
from a snapshot, as a worker does. Times are CPU times of one core, because a shared machine makes
walls meaningless; "two workers" is the longer of two processes that run at once.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.datasets import read_articles  # noqa: E402 (needs the path)
from benchmarks.engine_worker import Result, tasks  # noqa: E402
from benchmarks.synthetic import synthetic_corpus  # noqa: E402
from related.similarity.index.search import Index  # noqa: E402
from related.similarity.index.statistics import TermStatistics  # noqa: E402
from related.similarity.text.analysis import analyze_text  # noqa: E402
from related.similarity.text.plain_text import plain_text  # noqa: E402
from related.similarity.text.terms import TermCounts, count_terms  # noqa: E402

# Documents that are published one by one into an index of all others.
N_PUBLISHED = 300


def measure(name: str, corpus: list[TermCounts]) -> Result:
    """All figures of one corpus; its last ``N_PUBLISHED`` documents are those published."""
    n = len(corpus) - N_PUBLISHED
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        directory = Path(folder)
        statistics = TermStatistics.from_counts(corpus[:n])
        statistics.save(directory)
        TermStatistics.from_counts(corpus[: n * 7 // 10]).save(directory / "before")
        index = Index(statistics)
        index.put(range(n), corpus[:n])
        index.save(directory / "index")
        more = Index(statistics)
        more.put(range(n, len(corpus)), corpus[n:])
        more.save(directory / "more")
        n_terms = sum(map(len, corpus)) / len(corpus)
        del index, more
        corpus.clear()
        size = sum(file.stat().st_size for file in (directory / "index").iterdir())
        result: Result = {"name": name, "n": n, "terms": n_terms, "snapshot GB": size / 1e9}
        for task in tasks:
            result |= run([(task, directory, {})])[0]
        for task in ("rebuild", "exact"):
            both = run([(task, directory, {"PART": "0"}), (task, directory, {"PART": "1"})])
            result[f"{task}, two workers ms"] = max(part[f"{task} ms"] for part in both) / 2
    print(json.dumps(result), file=sys.stderr, flush=True)  # the table comes at the very end
    return result


def run(commands: Sequence[tuple[str, Path, dict[str, str]]]) -> list[Result]:
    """The results of workers that run at the same time."""
    program = str(ROOT / "benchmarks" / "engine_worker.py")
    workers = [
        subprocess.Popen(
            [sys.executable, program, task, str(directory)],
            env={**os.environ, "OMP_NUM_THREADS": "1", **environment},
            stdout=subprocess.PIPE,
            text=True,
        )
        for task, directory, environment in commands
    ]
    outputs = [worker.communicate()[0] for worker in workers]
    return [json.loads(output) for output in outputs]


def print_table(results: Sequence[Result]) -> None:
    def row(label: str, cells: Sequence[str]) -> None:
        print(f"{label:58}" + "".join(f"{cell:>14}" for cell in cells), flush=True)

    def number(key: str, digits: int = 3) -> list[str]:
        return [f"{result[key]:.{digits}f}" if key in result else "-" for result in results]

    def ratio(peer: str, key: str) -> list[str]:
        return [f"{result[peer] / result[key]:.1f} x" for result in results]

    row("", [str(result["name"]) for result in results])
    row("documents", [f"{result['n']:,}" for result in results])
    row("terms per document", number("terms", 0))
    print("\nAll neighbors, ms of a core per document")
    row("scikit-learn brute force, many rows at once", number("peer ms"))
    row("cold rebuild", number("rebuild ms"))
    row("  two workers", number("rebuild, two workers ms"))
    row("  ratio with two workers", ratio("peer ms", "rebuild, two workers ms"))
    row("  recall@10", number("rebuild recall", 4))
    row("cold rebuild, exact", number("exact ms"))
    row("  ratio with two workers", ratio("peer ms", "exact, two workers ms"))
    row("nightly: 40 stored neighbors rescored", number("nightly ms", 4))
    row("  ratio with one worker", ratio("peer ms", "nightly ms"))
    row("  recall@10 of an exact rebuild", number("nightly recall", 4))
    row("  the order of their suggestions", number("nightly order ms", 4))
    growth = [
        f"{1 + math.log(b['nightly ms'] / a['nightly ms']) / math.log(b['n'] / a['n']):.2f}"
        for a, b in pairwise(results)
        if b["n"] > a["n"]
    ]
    print(f"  growth exponent of the whole between the sizes: {', '.join(growth) or '-'}")
    print("\nOne document, ms, median (99th percentile)")
    row("scikit-learn, one row", number("peer row ms", 1))
    labels = {
        "publish": "publish",
        "order": "  the order of the changed lists",
        "edit": "edit",
        "withdrawal": "withdraw",
    }
    for key, label in labels.items():
        cells = zip(number(f"{key} ms", 2), number(f"{key} p99", 1), strict=True)
        row(label, [f"{median} ({p99})" for median, p99 in cells])
    row("  lists changed by a publish", number("lists changed", 0))
    row("  ratio of a publish", ratio("peer row ms", "publish ms"))
    print("\nA worker")
    row("start from the snapshot, s", number("start s", 2))
    row("snapshot shared by the processes of a host, GB", number("snapshot GB", 2))
    row("neighbor lists, shared until changed, GB", number("lists GB", 2))
    row("memory of its own after 300 publishes, MB", number("private MB", 0))


def real_corpus(path: Path) -> list[TermCounts]:
    articles = read_articles(path)
    return [count_terms(a.title, plain_text(a.body), a.language) for a in articles]


def print_analysis(data: Path) -> None:
    """Texts to counts, next to ``TfidfVectorizer()``, which has neither stems nor pairs."""
    print("\nAnalysis, documents per second of one core")
    for name in ("digitalgov_news", "congress_press"):
        articles = read_articles(data / f"{name}.jsonl.gz")[:4000]
        texts = [(article.title, plain_text(article.body)) for article in articles]
        best = {}
        for _ in range(2):
            for label, analyze in (("scikit-learn", _fit), ("analyze_text", _analyze)):
                started = time.process_time()
                analyze(texts)
                rate = len(texts) / (time.process_time() - started)
                best[label] = max(best.get(label, 0.0), rate)
        ratio = best["analyze_text"] / best["scikit-learn"]
        print(
            f"{name:20}" + "".join(f"{k} {v:8,.0f}   " for k, v in best.items()) + f"{ratio:.2f} x"
        )


def _fit(texts: Sequence[tuple[str, str]]) -> None:
    TfidfVectorizer().fit_transform([f"{title} {text}" for title, text in texts])


def _analyze(texts: Sequence[tuple[str, str]]) -> None:
    for title, text in texts:
        analyze_text(title, text, "en")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    arguments = parser.parse_args()
    print(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python"
        f" {platform.python_version()}, NumPy {np.__version__}\n"
    )
    corpora: list[tuple[str, Callable[[], list[TermCounts]]]] = []
    real = arguments.data / "congress_press.jsonl.gz"
    if real.exists():
        corpora.append(("real text", partial(real_corpus, real)))
    corpora += [
        ("made up", partial(synthetic_corpus, n + N_PUBLISHED, seed=1)) for n in arguments.sizes
    ]
    print_table([measure(name, make()) for name, make in corpora])
    if real.exists():
        print_analysis(arguments.data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
