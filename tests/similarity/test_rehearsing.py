"""Once a publish was rehearsed, a real one compiles nothing: it holds a lock that others want."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from related.similarity import compiled

# In a process of its own: what other tests compiled is there for good.
PUBLISH = """
import sys
from pathlib import Path

from related.similarity import loops
from related.similarity.index.explaining import Explainer
from related.similarity.index.search import Index
from related.similarity.lists.neighbors import NeighborLists
from related.similarity.index.query import Query
from related.similarity.rehearsing import rehearse_publish
from related.similarity.index.statistics import TermStatistics
from related.similarity.text.terms import count_terms


# Those of the analysis are used before any lock is taken.
USED = [
    *("add_postings", "similarities", "contributions"),
    *("make_finder", "rows_with", "pair_members"),
]


def compiled():
    return {(name, str(form)) for name in USED for form in getattr(loops, name).signatures}


def publish(index, lists, key):
    counts = count_terms(f"Report {key}", "The ferry left the harbor late, said the pilot.", "en")
    index.put([key], [counts])
    lists.withdraw(key)
    keys, similarities = index.search(counts, n_neighbors=5, n_candidates=5, exclude=key)
    lists.set(key, keys[:5], similarities[:5])
    lists.update(key, keys, similarities)
    contributions = index.contributions(Query.of(counts, index.vectorizer), keys.tolist())
    for row in contributions:
        assert Explainer(counts, index.vectorizer).heaviest(row)


rehearse_publish()
rehearsed = compiled()
assert len(rehearsed) == len(USED), rehearsed

index = Index(TermStatistics.from_counts([]))
lists = NeighborLists(5)
for key in [*range(1, 20), 7]:
    publish(index, lists, key)
print("in memory:", compiled() - rehearsed)

folder = Path(sys.argv[1])
index.statistics.save(folder)
index.save(folder)
lists.save(folder)
statistics = TermStatistics.load(folder)
index, lists = Index.load(folder, statistics), NeighborLists.load(folder)
for key in [*range(20, 30), 7]:
    publish(index, lists, key)
print("mapped:", compiled() - rehearsed)
"""


@pytest.mark.skipif(compiled.path() != "numba", reason="nothing is compiled without numba")
def test_after_a_rehearsal_a_publish_compiles_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PUBLISH, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["in memory: set()", "mapped: set()"]
