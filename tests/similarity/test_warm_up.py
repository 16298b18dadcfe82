"""After the warm-up a publish or a rebuild compiles nothing: a publish holds a lock others want."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

# Compiling takes its time where the machine is busy.
# Fresh processes, which compile every loop.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

# In a process of its own: what other tests compiled stays compiled.
PROGRAM = """
import sys
from pathlib import Path

from related.similarity.compiled import Compiled
from related.similarity.index import loops as index_loops
from related.similarity.index import title_loops
from related.similarity.index.all_pairs import all_neighbors
from related.similarity.index.explaining import Explainer
from related.similarity.index.query import Query
from related.similarity.index.search import Index
from related.similarity.index.statistics import TermStatistics
from related.similarity.lists import loops as lists_loops
from related.similarity.lists.neighbors import NeighborLists
from related.similarity.lists.rescoring import rescore
from related.similarity.passages import loops as passages_loops
from related.similarity.passages.judging import are_one_story
from related.similarity.lists.titles import title_similarities
from related.similarity.text import loops as text_loops
from related.similarity.text import passage_loops, sentence_loops, sketch_loops
from related.similarity.text.analysis import analyze_text
from related.similarity.warm_up import warm_up

announced = []
LOOPS = {
    name: loop
    for room in (
        *(text_loops, passage_loops, sentence_loops, sketch_loops),
        *(passages_loops, index_loops, title_loops, lists_loops),
    )
    for name, loop in vars(room).items()
    if isinstance(loop, Compiled)
}


def compiled():
    return {
        (name, str(types)) for name, loop in LOOPS.items() for types in loop.machine_code.signatures
    }


def publish(index, lists, key):
    text = analyze_text(f"Report {key}", "The ferry left the harbor late, said the pilot.", "en")
    assert are_one_story(text.passages, text.passages)
    counts = text.without(text.passages.hashes[:0]).counts
    index.put([key], [counts])
    lists.withdraw(key)
    keys, similarities = index.search(counts, n_neighbors=5, n_candidates=5, exclude=key)
    lists.set(key, keys[:5], similarities[:5])
    lists.update(key, keys, similarities)
    title_similarities(index, lists, [key])
    contributions = index.contributions(Query.of(counts, index.vectorizer), keys.tolist())
    for row in contributions:
        assert Explainer(counts, index.vectorizer).heaviest(row)


def rebuild(index, lists):
    keys = index.keys().tolist()
    assert list(all_neighbors(index, keys, 5)) and list(all_neighbors(index, keys, 5, exact=True))
    rescore(index, keys, lists)


warm_up(lambda: announced.append("compiling"))
warm = compiled()
# A loop that only other loops call is part of their machine code when that is read.
only_by_loops = {"find_words", "place_of", "maybe_shared", "read_ahead", "room_for_terms"}
only_by_loops |= {"order_of", "find_sentences", "find_units"}
used = {name for name in LOOPS if not name.startswith("_")} - only_by_loops
assert used <= {name for name, _ in warm}, warm

index = Index(TermStatistics.from_counts([]))
lists = NeighborLists(5)
for key in [*range(1, 20), 7]:
    publish(index, lists, key)
rebuild(index, lists)
print("in memory:", compiled() - warm)

folder = Path(sys.argv[1])
index.statistics.save(folder)
index.save(folder)
lists.save(folder)
statistics = TermStatistics.load(folder)
index, lists = Index.load(folder, statistics), NeighborLists.load(folder)
for key in [*range(20, 30), 7]:
    publish(index, lists, key)
rebuild(index, lists)
print("mapped:", compiled() - warm)
print("announced:", announced)
"""


def test_what_the_engine_runs_on_may_be_missing_in_many_ways(tmp_path: Path) -> None:
    """scikit-learn made for another NumPy raises a ValueError."""
    (tmp_path / "sklearn.py").write_text('raise ValueError("numpy.dtype size changed.")')
    done = subprocess.run(
        [sys.executable, "-c", "from related.similarity.warm_up import warm_up; warm_up()"],
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}."},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "EngineUnavailable: ValueError: numpy.dtype size changed. Install" in done.stderr


def run(folder: Path, cache: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder)],
        env={**os.environ, "NUMBA_CACHE_DIR": str(cache)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_after_the_warm_up_nothing_is_compiled(tmp_path: Path) -> None:
    """On a new host that is announced, once; from then on machine code is read."""
    first = run(tmp_path, tmp_path / "cache")
    assert first == ["in memory: set()", "mapped: set()", "announced: ['compiling']"]
    second = run(tmp_path, tmp_path / "cache")
    assert second == ["in memory: set()", "mapped: set()", "announced: []"]
