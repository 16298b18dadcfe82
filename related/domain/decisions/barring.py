"""Nobody approves what the marks of an article or its section keep away, however old the page.

What is put back (an undo, a reverted account) is no approval: it stands as it stood before, unseen
by readers as long as the marks hold.
"""

from __future__ import annotations

from collections.abc import Iterable

from related.domain.decisions.conflicts import barred
from related.domain.documents.marks import page_marks, read_marks

Pair = tuple[int, int]  # ids of the page and of the target


def find_barred(pairs: Iterable[Pair]) -> dict[Pair, str]:
    """Those of some links that the marks bar now, and why; one query."""
    asked = set(pairs)
    marks = read_marks(end for pair in asked for end in pair)
    found = {pair: page_marks(pair[0], marks).why_barred(pair[1]) for pair in asked}
    return {pair: why for pair, why in found.items() if why}


def refuse_barred(pairs: Iterable[Pair]) -> None:
    """Before links are approved.

    Raises:
        NotReviewable: the marks bar one of them.
    """
    for why in find_barred(pairs).values():
        raise barred(why)
