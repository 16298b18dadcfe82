"""Where in a body the inline links stand: between two paragraphs, never beside anything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from newsroom.articles.body import Block

AFTER = 3  # paragraphs, or a little later


@dataclass(frozen=True)
class Divided:
    """A body as a page shows it: blocks, the inline links, more blocks."""

    before: Sequence[Block]
    after: Sequence[Block]
    # Whether the links have a place in the text. Otherwise they stand below it.
    has_place: bool


def divide(blocks: Sequence[Block]) -> Divided:
    """The body divided where the links interrupt nothing: no heading is cut off from its text, no
    list or quote from the sentence that announces it."""
    place = _place(blocks)
    if place is None:
        return Divided(blocks, [], has_place=False)
    return Divided(blocks[:place], blocks[place:], has_place=True)


def _place(blocks: Sequence[Block]) -> int | None:
    """How many blocks stand before the links; None where every place is beside something else."""
    seen = list(accumulate((block.is_paragraph for block in blocks), initial=0))
    between = [
        place
        for place in range(1, len(blocks))
        if blocks[place - 1].is_paragraph and blocks[place].is_paragraph
    ]
    late = [place for place in between if seen[place] >= AFTER]
    if late:
        return late[0]
    if not blocks or blocks[-1].is_paragraph:
        return len(blocks)
    return between[-1] if between else None
