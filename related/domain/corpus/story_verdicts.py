"""What editors said of stories, brought to the numbers by which all else knows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

import numpy as np

from related.domain.corpus.live import LiveCorpus
from related.enums import Telling
from related.models import Corpus, DocumentVector, Neighbors, StoryVerdict
from related.similarity.stories.overlap import as_rows
from related.similarity.stories.verdicts import Said, retold
from related.similarity.text.sketches import sketch_from_bytes


def read_said(document_ids: Iterable[int]) -> Said:
    """What editors said of some documents, the latest word first; one query."""
    rows = StoryVerdict.objects.touching(document_ids).values_list("first", "second", "telling")
    return [(first, second, telling == Telling.SAME) for first, second, telling in rows]


def read_all_said() -> Said:
    """What editors said of all documents, likewise."""
    rows = StoryVerdict.objects.order_by("-said_at", "-pk")
    told = rows.values_list("first", "second", "telling")
    return [(first, second, telling == Telling.SAME) for first, second, telling in told]


def retell_live(live: LiveCorpus, document_ids: Collection[int]) -> set[int]:
    """Let a worker's copy tell what editors said of documents that were just put into it.

    One query where they said nothing, two where they did.

    Returns:
        All that tell another story now, and all whose list holds one of these.
    """
    said = read_said(document_ids)
    if not said:
        return set()
    spoken_of = {*document_ids, *(key for pair in said for key in pair[:2])}
    return live.retell(read_said(live.stories.around(spoken_of).tolist()))


def retell_served(corpus: Corpus, document_ids: Collection[int]) -> list[int]:
    """Let the served rows tell what editors said of these documents, at once: call it with the
    corpus row locked. Workers catch up with the rows as with each other's.

    Returns:
        The documents that tell another story now.
    """
    served = Neighbors.objects.filter(corpus=corpus, generation=corpus.generation)
    said = read_said(document_ids)
    spoken_of = {*document_ids, *(key for pair in said for key in pair[:2])}
    stories = served.filter(document__in=spoken_of, story__isnull=False)
    rows = served.filter(story__in=stories.values("story")).order_by("document")
    told = dict(rows.values_list("document", "story"))
    if not told:
        return []
    keys, before = np.array(list(told)), np.array(list(told.values()), np.int64)
    vectors = DocumentVector.objects.filter(corpus=corpus, document__in=told)
    sketches = {pk: bytes(sketch) for pk, sketch in vectors.values_list("document", "sketch")}
    texts = as_rows([sketch_from_bytes(sketches.get(key, b"")) for key in told])
    after = retold(keys, texts, before, read_said(told))
    changed: dict[int, list[int]] = defaultdict(list)
    for place in np.flatnonzero(before != after).tolist():
        changed[int(after[place])].append(int(keys[place]))
    if changed:
        corpus.version += 1
        corpus.save(update_fields=["version"])
    for story, documents in changed.items():
        served.filter(document__in=documents).update(story=story, version=corpus.version)
    return sorted(key for some in changed.values() for key in some)
