"""What is never linked without an editor, however strong the link is."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F
from django.db.models.functions import Length

from related.domain.bulk_rows import chunked
from related.domain.documents.marks import is_sensitive, read_marks
from related.models import DocumentVector


def never_by_itself(document_ids: Collection[int]) -> set[int]:
    """Those of some documents on whose pages, and to which, no policy approves a link.

    The one place where that is asked, of pages and targets alike: sensitive articles, and texts of
    nothing but passages that repeat in other stories (paywall stubs, boxes), which are compared by
    their titles alone.
    """
    sensitive = {pk for pk, marks in read_marks(document_ids).items() if is_sensitive(marks)}
    return sensitive | {
        key
        for some in chunked(sorted(document_ids))
        for key in DocumentVector.objects.filter(document__in=some)
        .annotate(n_omitted=Length("omitted"), n_passages=Length("passages"))
        .filter(n_passages__gt=0, n_omitted__gte=F("n_passages"))
        .values_list("document", flat=True)
    }
