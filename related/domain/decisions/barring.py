"""Nobody approves what the marks of an article or its section keep away, however old the page."""

from __future__ import annotations

from collections.abc import Sequence

from related.domain.decisions.conflicts import barred
from related.domain.decisions.writing import LinkRef
from related.domain.documents.marks import page_marks, read_marks


def refuse_barred(links: Sequence[LinkRef]) -> None:
    """Before links are approved; one query.

    Raises:
        NotReviewable: the marks of an article or of a target bar one of them.
    """
    marks = read_marks(end.pk for link in links for end in (link.document, link.target))
    for link in links:
        why = page_marks(link.document.pk, marks).why_barred(link.target.pk)
        if why:
            raise barred(why)
