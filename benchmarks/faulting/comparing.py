"""After calm: is every document what its present text makes it, and every decision as it was made?

    python -m benchmarks.faulting.process comparing DECISIONS

Prints a JSON object with what is wrong (see ``Findings``). Everything is computed once more from
the site's own texts, in a memory of its own, under the statistics that are served; then a cold
rebuild is made, and everything is compared again. The workers must have been stopped.

What was found for a draft is of its last save, whatever became of the archive since, until it is
compared again after a rebuild. So the suggestions of drafts are looked at after the cold one alone.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from django.contrib.contenttypes.models import ContentType

from benchmarks.faulting.drafts import find_links_again, read_drafts, wrong_drafts
from benchmarks.faulting.journal import Reader
from benchmarks.faulting.suggestions import wrong_suggestions
from benchmarks.faulting.texts import TOPICAL
from benchmarks.faulting.versions import served_stories, wrong_stories
from newsroom.articles.models import Article, Status
from related.domain.corpus.codec import read_neighbors, read_statistics
from related.domain.corpus.live import LiveCorpus
from related.domain.corpus.passages import as_hashes, repeated_passages
from related.domain.decisions.writing import STATE_FIELDS
from related.domain.documents.loading import load_objects
from related.domain.documents.reading import STORED_FIELDS, Content, read_content
from related.domain.rebuilds import rebuilding
from related.models import (
    Corpus,
    Decision,
    DecisionLog,
    Document,
    DocumentVector,
    Neighbors,
    Suggestion,
)
from related.similarity.index.search import N_NEIGHBORS
from related.similarity.text.analysis import AnalyzedText
from related.similarity.text.sketches import Sketch, sketch_to_bytes

# Sums of float32 in another order; two similarities that close may stand in either order.
CLOSE = 2e-5
# New statistics reorder the ends of long lists, so a rescored list may lack somebody there (seven
# rescorings without any fault: nobody before the 24th place). It holds the nearest of all, and
# after a cold rebuild everybody.
N_SURE = 20
# A list that lost members is searched again only once it is shorter than this.
FULL_ENOUGH = 30


@dataclass
class Findings:
    """Labels of stale documents with what is wrong, before and after a cold rebuild."""

    n_documents: int = 0
    n_neighbors: int = 0
    n_suggestions: int = 0
    n_decisions: int = 0
    stale: dict[str, list[str]] = field(default_factory=dict)
    stale_after_rebuild: dict[str, list[str]] = field(default_factory=dict)
    decisions: list[str] = field(default_factory=list)


Problems = Iterator[tuple[int, str]]  # (document, what is wrong with it)


def find_stale(
    n_sure: int = N_NEIGHBORS, *, is_rebuilt: bool = True
) -> tuple[dict[str, list[str]], dict[str, int]]:
    """What is wrong with each document that is not what its text makes it; and counts.

    Args:
        n_sure: how many of a document's nearest its list has to hold for certain.
        is_rebuilt: whether nothing was saved since the last rebuild.
    """
    documents = {row.pk: row for row in Document.objects.all()}
    contents = {
        key: read_content(documents[key].source, obj)
        for key, obj in load_objects(documents.values(), public=False).items()
    }
    drafts = read_drafts(documents, contents)
    stale: dict[str, list[str]] = defaultdict(list)
    counts = {"n_documents": len(documents)}
    rows = documents.values()
    for key, problem in (*_facts(rows, contents), *wrong_drafts(rows, drafts)):
        stale[documents[key].label].append(problem)
    for corpus in Corpus.objects.all():
        fresh, sketches = _compute(corpus, contents)
        for problems in (
            _vectors(corpus, contents),
            _neighbors(corpus, fresh, n_sure),
            wrong_suggestions(corpus, fresh, _texts(corpus, drafts) if is_rebuilt else None),
            wrong_stories(fresh.stories, sketches, is_rebuilt=is_rebuilt),
        ):
            for key, problem in problems:
                stale[documents[key].label].append(problem)
    known = {row.object_id for row in documents.values()}
    written = Article.objects.outgoing() | Article.objects.filter(status=Status.DRAFT)
    for key in written.values_list("pk", flat=True):
        if str(key) not in known:
            stale[f"newsroom.article:{key}"].append("has no document")
    served = Corpus.objects.values_list("pk", "generation")
    counts["n_neighbors"] = sum(
        Neighbors.objects.filter(corpus=pk, generation=generation).count()
        for pk, generation in served
    )
    counts["n_suggestions"] = Suggestion.objects.served().count()
    return dict(stale), counts


def _facts(documents: Iterable[Document], contents: dict[int, Content]) -> Problems:
    for row in documents:
        if row.done_rev != row.want_rev:
            yield row.pk, f"waits: {row.done_rev} of {row.want_rev}, {row.attempts} tries"
        content = contents.get(row.pk)
        if row.is_indexed != (content is not None):
            yield row.pk, "is in the index" if row.is_indexed else "is not in the index"
        if content is not None:
            for name in STORED_FIELDS:
                if getattr(row, name) != getattr(content.fields, name):
                    yield row.pk, f"old {name}"


def _compute(corpus: Corpus, contents: dict[int, Content]) -> tuple[LiveCorpus, dict[int, Sketch]]:
    """All vectors and lists of a corpus from the texts, under the statistics and the stories that
    are served; and the sketches."""
    fresh = LiveCorpus(corpus.token, corpus.generation, read_statistics(corpus))
    texts = _texts(corpus, contents)
    texts = {key: text for key, text in texts.items() if len(text.counts)}
    fresh.index.put(list(texts), [text.counts for text in texts.values()])
    sketches = {key: text.sketch for key, text in texts.items()}
    fresh.stories = served_stories(corpus, sketches)
    for key in texts:
        fresh.search_again(key)
    return fresh, sketches


def _texts(corpus: Corpus, contents: dict[int, Content]) -> dict[int, AnalyzedText]:
    own = {k: c for k, c in contents.items() if c.fields.language == corpus.language}
    return {key: _analyze(content) for key, content in own.items()}


def _analyze(content: Content) -> AnalyzedText:
    """Without the passages that are known to repeat."""
    text = content.analyze()
    own = text.passages.hashes.tolist()
    return text.without(as_hashes(repeated_passages(content.fields.language, own)))


def _vectors(corpus: Corpus, contents: dict[int, Content]) -> Problems:
    stored = {row.document_id: row for row in DocumentVector.objects.filter(corpus=corpus)}
    for key, row in stored.items():
        content = contents.get(key)
        is_own = content is not None and content.fields.language == corpus.language
        text = _analyze(content) if content and is_own else AnalyzedText.empty()
        expected = *text.counts.to_bytes(), sketch_to_bytes(text.sketch)
        if tuple(map(bytes, (row.term_ids, row.counts, row.title_ids, row.sketch))) != expected:
            yield key, "old vector"
    for key, content in contents.items():
        if content.fields.language == corpus.language and key not in stored:
            yield key, "no vector"


def _neighbors(corpus: Corpus, fresh: LiveCorpus, n_sure: int) -> Problems:
    rows = Neighbors.objects.filter(corpus=corpus, generation=corpus.generation)
    stored = {row.document_id: read_neighbors(row) for row in rows}
    keys = set(fresh.index.keys().tolist())
    for key in stored.keys() - keys:
        yield key, "neighbors of a document that is gone"
    for key in sorted(keys):
        if key not in stored:
            yield key, "no neighbors"
            continue
        ids, similarities = stored[key]
        # Every similarity, however small: an old one would tell of a text that is gone.
        exact = fresh.index.list_similarities([key], ids[np.newaxis])[0]
        for other in np.flatnonzero(np.abs(exact - similarities) > CLOSE)[:1]:
            yield key, f"{ids[other]} at {similarities[other]:.5f}, is {exact[other]:.5f}"
        if missing := _missing(stored[key], fresh.lists.get(key), n_sure):
            yield key, f"{missing} missing among {len(ids)} neighbors"


List = tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]


def _missing(stored: List, fresh: List, n_sure: int) -> list[int]:
    """Neighbors of one topic that should stand in a stored list and do not."""
    ids, similarities = fresh
    is_short = len(stored[0]) < FULL_ENOUGH
    end = 0.0 if is_short else float(stored[1].min())
    expected = ids[:n_sure][similarities[:n_sure] > max(TOPICAL, end + CLOSE)]
    return sorted(set(expected.tolist()) - set(stored[0].tolist()))


def find_wrong_decisions(path: Path) -> tuple[list[str], int]:
    """Decisions that are not what the editor was told; how many there are."""
    wrong, known = [], {}
    for entry in Reader(path).read():
        if entry["kind"] == "decision":
            known[tuple(entry["key"])] = tuple(entry["state"])
        elif entry["kind"] == "surprise":
            wrong.append(f"{entry['key']}: {entry['state']}, expected one of {entry['expected']}")
    stored = {
        (row.document_id, row.slot_id, row.target_id): row
        for row in Decision.objects.filter(version__gt=0)
    }
    log = _log()
    for key in sorted(known.keys() | stored.keys() | log.keys()):
        row = stored.get(key)
        found = row and (row.version, row.verdict, row.is_pinned)
        if found != known.get(key):
            wrong.append(f"{key}: {found}, was {known.get(key)}")
        if not _agrees(log[key], row):
            wrong.append(f"{key}: the log says otherwise")
    return wrong, len(known)


def _log() -> dict[tuple[int, int, int], list[DecisionLog]]:
    """What was logged of each link, in order."""
    log: dict[tuple[int, int, int], list[DecisionLog]] = defaultdict(list)
    for entry in DecisionLog.objects.order_by("pk"):
        if entry.slot_id is not None and entry.target_id is not None:  # else it is of no link
            log[entry.document_id, entry.slot_id, entry.target_id].append(entry)
    return log


def _agrees(entries: list[DecisionLog], row: Decision | None) -> bool:
    """Whether the log has one entry for each version, the last of which is what stands."""
    if row is None or [e.version for e in entries] != list(range(1, row.version + 1)):
        return False
    return bool(entries[-1].after == {name: getattr(row, name) for name in STATE_FIELDS})


def main() -> None:
    ContentType.objects.clear_cache()
    findings = Findings()
    findings.stale, counts = find_stale(N_SURE, is_rebuilt=False)
    for name, n in counts.items():
        setattr(findings, name, n)
    findings.decisions, findings.n_decisions = find_wrong_decisions(Path(sys.argv[1]))
    rebuilding.rebuild(cold=True)
    find_links_again()
    findings.stale_after_rebuild, _ = find_stale()
    wrong, _ = find_wrong_decisions(Path(sys.argv[1]))
    findings.decisions += [f"after the rebuild: {line}" for line in wrong]
    print(json.dumps(asdict(findings)))
