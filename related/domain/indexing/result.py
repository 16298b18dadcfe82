"""What became of a claimed document, before it is stored."""

from __future__ import annotations

from dataclasses import dataclass

from related.domain.documents.reading import StoredFields
from related.models import Document
from related.similarity.text.analysis import AnalyzedText


@dataclass(frozen=True, slots=True)
class Result:
    """``fields`` is None when the document left the index and is no draft."""

    document: Document
    fields: StoredFields | None
    text: AnalyzedText
    is_draft: bool = False

    @property
    def is_indexed(self) -> bool:
        """Whether it belongs into the corpus of its language."""
        return self.fields is not None and not self.is_draft
