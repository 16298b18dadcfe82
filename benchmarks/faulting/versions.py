"""Does every document tell the story that its text and its versions make it tell?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from related.models import Corpus, Neighbors
from related.similarity.stories.grouping import find_stories
from related.similarity.stories.overlap import are_versions, as_rows
from related.similarity.stories.stories import Stories
from related.similarity.text.sketches import Sketch


def served_stories(corpus: Corpus, sketches: dict[int, Sketch]) -> Stories:
    """The documents' sketches, computed afresh, with the stories that are served."""
    stories = Stories()
    stories.put(list(sketches), list(sketches.values()))
    rows = Neighbors.objects.filter(corpus=corpus, generation=corpus.generation)
    told = rows.exclude(story=None).values_list("document", "story")
    stories.tell(*np.array(list(told), np.int64).reshape(-1, 2).T)
    return stories


def wrong_stories(
    stories: Stories, sketches: dict[int, Sketch], *, is_rebuilt: bool
) -> Iterator[tuple[int, str]]:
    """Documents in a story with none of their versions; after a rebuild, all that differ from the
    stories that the sketches alone make."""
    keys = np.array(sorted(sketches), np.int64)
    rows = as_rows([sketches[int(key)] for key in keys])
    told = stories.of(keys)
    if is_rebuilt:
        for place in np.flatnonzero(told != find_stories(keys, rows)):
            yield int(keys[place]), f"tells story {told[place]}, not that of its versions"
        return
    for number, key in enumerate(keys.tolist()):
        versions = are_versions(np.broadcast_to(rows[number], rows.shape), rows)
        versions[number] = False
        if versions.any() and not (told[versions] == told[number]).any():
            yield key, f"tells another story than its versions {keys[versions].tolist()}"
