"""One measurement of ``engine.py`` in a process of its own; prints its figures as JSON.

python benchmarks/engine_worker.py TASK FOLDER
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.neighbors import NearestNeighbors

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from related.similarity.index.all_pairs import N_CANDIDATES, all_neighbors  # noqa: E402 (needs the path)
from related.similarity.index.search import Index  # noqa: E402
from related.similarity.index.statistics import TermStatistics  # noqa: E402
from related.similarity.lists.neighbors import NeighborLists  # noqa: E402
from related.similarity.lists.rescoring import rescore  # noqa: E402
from related.similarity.lists.titles import fill_titles, title_similarities  # noqa: E402
from related.similarity.order.scoring import relevance, score  # noqa: E402
from related.similarity.order.time_curve import TimeCurve  # noqa: E402
from related.similarity.stories.nearest import nearest_stories  # noqa: E402
from related.similarity.stories.stories import Stories  # noqa: E402

Result = dict[str, Any]
Neighbors = tuple[int, NDArray[np.int64], NDArray[np.float32]]
cpu = time.process_time


def load(directory: Path, statistics: str = ".") -> Index:
    return Index.load(directory / "index", TermStatistics.load(directory / statistics))


def sample(index: Index, n: int, seed: int = 0) -> list[int]:
    random = np.random.default_rng(seed + 10 * int(os.environ.get("PART", "0")))
    return random.choice(len(index), min(n, len(index)), replace=False).tolist()


def peer(directory: Path) -> Result:
    """scikit-learn on the same vectors: many rows at once, and one."""
    index = load(directory)
    documents = [index.counts(key) for key in range(len(index))]
    vectors = index.vectorizer.transform(documents)
    del documents
    # Columns that are used only, or the peer would have to handle 2**23 of them.
    places = np.zeros(vectors.shape[1], np.int32)
    places[vectors.indices] = 1
    n_columns = int(places.sum())
    places[places > 0] = np.arange(n_columns)
    vectors = csr_matrix(
        (vectors.data, places[vectors.indices], vectors.indptr.astype(np.int32)),
        shape=(len(index), n_columns),
    )
    search = NearestNeighbors(n_neighbors=41, metric="cosine", algorithm="brute").fit(vectors)
    rows = sample(index, max(20, min(1000, 50_000_000 // len(index))))
    started = cpu()
    search.kneighbors(vectors[rows])
    many = (cpu() - started) / len(rows)
    one = []
    for row in rows[: max(3, min(20, 2_000_000 // len(index)))]:
        started = cpu()
        search.kneighbors(vectors[row])
        one.append(cpu() - started)
    return {"peer ms": many * 1e3, "peer row ms": float(np.median(one)) * 1e3}


def rebuild(directory: Path, *, exact: bool = False) -> Result:
    index = load(directory)
    keys = sample(index, max(300, min(2000, 200_000_000 // len(index))))
    search = exact_neighbors if exact else rebuilt_neighbors
    list(rebuilt_neighbors(index, keys[:1]))  # loads the machine code
    started = cpu()
    list(search(index, keys[:1]))  # makes what a whole rebuild makes once
    once = (cpu() - started) / len(index)
    started = cpu()
    found = list(search(index, keys))
    name = "exact" if exact else "rebuild"
    result: Result = {f"{name} ms": (once + (cpu() - started) / len(keys)) * 1e3}
    if not exact and "PART" not in os.environ:
        result["rebuild recall"] = recall(index, ((key, ids) for key, ids, _ in found[:300]))
    return result


def rebuilt_neighbors(index: Index, keys: list[int]) -> Iterator[Neighbors]:
    """As a cold rebuild finds them, where every document tells a story of its own."""
    stories = Stories()
    for key in keys:
        found, _ = nearest_stories(index, stories, key, n_candidates=N_CANDIDATES)
        yield key, *found


def exact_neighbors(index: Index, keys: list[int]) -> Iterator[Neighbors]:
    return all_neighbors(index, keys, exact=True)


def exact_rebuild(directory: Path) -> Result:
    return rebuild(directory, exact=True)


def nightly(directory: Path) -> Result:
    """Lists by the statistics of the first 70 % of the documents, rescored by those of all."""
    before, index = load(directory, "before"), load(directory)
    keys = sample(index, max(1500, min(4000, 400_000_000 // len(index))))
    lists = NeighborLists()
    for key, ids, similarities in before.search_many(keys):  # as a publish does
        lists.set(key, ids, similarities)
    rescore(index, keys[:20], lists)
    started = cpu()
    blocks = [rescore(index, keys[i : i + 500], lists) for i in range(0, len(keys), 500)]
    seconds = cpu() - started
    started = cpu()
    for i in range(0, len(keys), 500):
        order(index, lists, keys[i : i + 500])
    ordering = cpu() - started
    found = zip(keys, (row for ids, _ in blocks for row in ids), strict=True)
    some = [next(found) for _ in range(300)]
    return {
        "nightly ms": seconds / len(keys) * 1e3,
        "nightly order ms": ordering / len(keys) * 1e3,
        "nightly recall": recall(index, some),
    }


def made_up_lists(directory: Path) -> Result:
    """What ``publish`` changes; in a process of its own, for that one's memory is measured.

    A list for each document; ids at random, similarities those of some real lists.
    """
    index = load(directory)
    real = [s for _, _, s in all_neighbors(index, sample(index, 300)) if len(s) == 40]
    random = np.random.default_rng(0)
    lists = NeighborLists()
    for start in range(0, len(index), 10_000):
        keys = range(start, min(start + 10_000, len(index)))
        ids = random.integers(0, len(index), (len(keys), 40))
        chosen = random.integers(0, len(real), len(keys))
        for key, row, number in zip(keys, ids, chosen, strict=True):
            lists.set(key, row, real[number])
    fill_titles(index, lists)  # as a rebuild does
    lists.save(directory / "lists")
    return {}


def publish(directory: Path) -> Result:
    """Publish, edit and withdraw, with all lists in both directions."""
    started = time.perf_counter()
    index = load(directory)
    lists = NeighborLists.load(directory / "lists")
    start = time.perf_counter() - started
    more = Index.load(directory / "more", index.statistics)
    new = more.keys().tolist()
    for key in new[:20]:
        change(index, lists, key, more)
    changed: list[set[int]] = []
    published = timed(lambda key: changed.append(change(index, lists, key, more)), new[20:])
    n_changed = [len(touched) for touched in changed]
    ordered = timed(lambda place: order(index, lists, changed[place]), range(len(changed)))
    edited = timed(lambda key: change(index, lists, key, index), sample(index, 50))
    withdrawn = timed(lambda key: withdraw(index, lists, key), sample(index, 50, seed=1))
    files = sum(file.stat().st_size for file in (directory / "lists").iterdir())
    result: Result = {
        "start s": start,
        "lists GB": files / 1e9,
        "lists changed": float(np.median(n_changed)),
        "private MB": private_memory() / 1e6,
    }
    all_times = {"publish": published, "order": ordered, "edit": edited, "withdrawal": withdrawn}
    for name, times in all_times.items():
        result[f"{name} ms"] = float(np.median(times)) * 1e3
        result[f"{name} p99"] = float(np.percentile(times, 99)) * 1e3
    return result


def change(index: Index, lists: NeighborLists, key: int, source: Index) -> set[int]:
    """One publish; returns whose lists changed."""
    counts = source.counts(key)
    index.put([key], [counts])
    touched = lists.withdraw(key)
    keys, similarities = index.search(counts, n_neighbors=400, exclude=key)
    lists.set(key, keys, similarities)
    touched += lists.update(key, keys, similarities)
    return {key, *touched}


def order(index: Index, lists: NeighborLists, keys: Iterable[int]) -> None:
    """The scores of some lists, by which a slot's suggestions are put in order."""
    present = sorted(keys)
    ids, similarities = lists.tables(present)
    titles = title_similarities(index, lists, present)
    targets, places = np.unique(ids, return_inverse=True)
    hubs = lists.hubs(targets)[places].reshape(ids.shape)
    log_closeness = TimeCurve().log_closeness((ids - np.array(present)[:, None]) / 100)
    score(relevance(similarities, *titles, hubs, 0.2), log_closeness, 0.1)


def withdraw(index: Index, lists: NeighborLists, key: int) -> None:
    index.remove([key])
    lists.remove(key)


def timed(work: Callable[[int], object], keys: Iterable[int]) -> NDArray[np.float64]:
    times = []
    for key in keys:
        started = cpu()
        work(key)
        times.append(cpu() - started)
    return np.array(times)


def recall(index: Index, found: Iterable[tuple[int, NDArray[np.int64]]]) -> float:
    """The mean share of the 10 nearest that were found."""
    shares = []
    for key, ids in found:
        exact = next(all_neighbors(index, [key], 10, exact=True))[1]
        shares.append(len(np.intersect1d(exact, ids[:10])) / max(1, len(exact)))
    return float(np.mean(shares))


def private_memory() -> int:
    """Bytes that this process shares with no other and with no file.

    (Of a mapped file what was written to. Private_Dirty would count what nobody wrote to as well,
    as long as the file itself is on its way to the disk.)
    """
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("Anonymous"))


tasks: dict[str, Callable[[Path], Result]] = {
    "peer": peer,
    "rebuild": rebuild,
    "exact": exact_rebuild,
    "nightly": nightly,
    "made_up_lists": made_up_lists,
    "publish": publish,
}

if __name__ == "__main__":
    print(json.dumps(tasks[sys.argv[1]](Path(sys.argv[2]))))
