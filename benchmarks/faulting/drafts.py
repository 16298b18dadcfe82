"""Is every draft known as one, with the fields that its present text makes?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from related.domain.documents.loading import load_drafts
from related.domain.documents.reading import STORED_FIELDS, Content, read_draft
from related.domain.indexing.processing import process
from related.models import Document

# One without a date comes out at the moment when it was last read.
_FIELDS = [name for name in STORED_FIELDS if name != "published_at"]


def read_drafts(
    documents: Mapping[int, Document], indexed: Mapping[int, Content]
) -> dict[int, Content]:
    """What is being written, by document; what may be indexed is no draft."""
    others = [row for key, row in documents.items() if key not in indexed]
    return {key: read_draft(documents[key].source, obj) for key, obj in load_drafts(others).items()}


def wrong_drafts(
    documents: Iterable[Document], drafts: Mapping[int, Content]
) -> Iterator[tuple[int, str]]:
    """(document, what is wrong with it)."""
    for row in documents:
        content = drafts.get(row.pk)
        if row.is_draft != (content is not None):
            yield row.pk, "is taken for a draft" if row.is_draft else "is not taken for a draft"
        if content is not None:
            for name in _FIELDS:
                if getattr(row, name) != getattr(content.fields, name):
                    yield row.pk, f"old {name} of a draft"


def find_links_again() -> None:
    """What the workers do with drafts after a rebuild, which marks them."""
    while process(document_ids=list(Document.objects.drafts().values_list("pk", flat=True))):
        pass
