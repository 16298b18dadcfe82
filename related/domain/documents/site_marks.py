"""The site's own marks of sensitive objects, stored with the save, before any worker reads it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from related.domain.bulk_rows import chunked
from related.domain.documents.loading import OBJECTS_AT_ONCE, load_objects
from related.domain.documents.marks import marks_by_site
from related.models import Document, SectionRule
from related.registry import Source, registered

# So many are asked with the save; of more, workers ask when they read them.
FEW = 100


def store_site_marks(document_ids: Sequence[int]) -> None:
    """Ask ``Source.sensitivity`` for a few documents that changed; no query for other sites.

    Workers ask again when they read the document.
    """
    if len(document_ids) > FEW or all(map(_marks_nothing, registered().values())):
        return
    for keys in chunked(document_ids, OBJECTS_AT_ONCE):
        documents = {row.pk: row for row in Document.objects.filter(pk__in=keys)}
        changed: dict[int, list[int]] = defaultdict(list)
        for pk, obj in load_objects(documents.values(), public=False).items():
            marks = marks_by_site(documents[pk].source, obj)
            if marks != documents[pk].site_marks:
                changed[marks].append(pk)
        for marks, rows in changed.items():
            Document.objects.filter(pk__in=rows).update(site_marks=marks)
        if changed:
            SectionRule.objects.note_marked({row.content_type_id for row in documents.values()})


def _marks_nothing(source: Source) -> bool:
    return type(source).sensitivity is Source.sensitivity
