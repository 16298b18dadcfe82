"""Which passages repeat across stories.

That two texts share a passage says nothing by itself: versions of one text share most sentences,
follow-ups a paragraph of background, and articles that are nothing to each other a paywall's stub.
What the two say *beside* all the passages that they share tells these apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from related.similarity.passages import loops
from related.similarity.text.passages import MOST_WORDS, Hashes, Passages

# A passage repeats when it stands in so many texts, no two of which are of one story.
MIN_STORIES = 3
# Of the texts that have a passage so many are compared, evenly taken.
MOST_COMPARED = 48


def are_one_story(a: Passages, b: Passages) -> bool:
    """Whether two texts tell one story, whatever passages both have."""
    is_one: bool = loops.are_one_story(a.hashes, a.wording, b.hashes, b.wording, MOST_WORDS)
    return is_one


def compared(keys: Sequence[int]) -> list[int]:
    """Those of the texts with a passage that are asked, by their sorted keys."""
    if len(keys) <= MOST_COMPARED:
        return list(keys)
    return [keys[n * len(keys) // MOST_COMPARED] for n in range(MOST_COMPARED)]


def tell_several_stories(texts: Sequence[Passages]) -> bool:
    """Whether three of the texts are of three stories. Their order does not matter, and one more
    text never makes it false."""
    differ = np.zeros((len(texts), len(texts)), np.int32)
    for new, text in enumerate(texts):
        for other in range(new):
            if not are_one_story(text, texts[other]):
                differ[new, other] = differ[other, new] = 1
        others = np.flatnonzero(differ[new, :new])
        if differ[np.ix_(others, others)].any():
            return True
    return False


def groups_in(passages: Hashes, keys: NDArray[np.int64]) -> Iterator[tuple[int, list[int]]]:
    """(passage, the texts to compare) of each that stands in enough texts to repeat.

    Args:
        passages, keys: each passage of each text, and which text that is.
    """
    order = np.lexsort((keys, passages))
    values, starts, sizes = np.unique(passages[order], return_index=True, return_counts=True)
    sorted_keys = keys[order]
    for at in np.flatnonzero(sizes >= MIN_STORIES).tolist():
        texts = sorted_keys[starts[at] : starts[at] + sizes[at]].tolist()
        yield int(values[at]), compared(texts)


def repeated_among(
    groups: Iterable[tuple[int, Sequence[int]]], texts: Mapping[int, Passages]
) -> set[int]:
    """The passages that repeat, of (hash, keys of the texts that may have it), sorted keys.

    Texts that are not there, or lack the passage by now, do not count.
    """
    answers: dict[tuple[int, ...], bool] = {}  # passages of one text mostly stand together
    found: set[int] = set()
    for passage, keys in groups:
        asked = tuple(key for key in keys if key in texts and _has(texts[key], passage))
        if asked not in answers:
            answers[asked] = tell_several_stories([texts[key] for key in asked])
        if answers[asked]:
            found.add(passage)
    return found


def _has(text: Passages, passage: int) -> bool:
    at = int(np.searchsorted(text.hashes, passage))
    return at < len(text.hashes) and int(text.hashes[at]) == passage
