"""The summary box: a draft by the machine, approved or rewritten by an editor."""

from __future__ import annotations

from typing import Any

from related.domain.corpus.passages import repeated_passages
from related.domain.documents.reading import body_hash, read_content
from related.models import Document, Summary
from related.registry import Source
from related.similarity.text.summaries import passages_read, summarize


def draft_summary(document: Document, obj: Any) -> str:
    """The most telling sentences of the text, in their order; "" where there are none.

    Passages that repeat across stories are never among them.
    """
    content = read_content(document.source, obj)
    language = content.fields.language
    repeated = repeated_passages(language, passages_read(content.text))
    return summarize(content.title, content.text, language, repeated=repeated)


def is_current(summary: Summary, source: Source, obj: Any) -> bool:
    """Whether a summary stands, and the body is still the one that it was approved for."""
    return bool(summary.text) and summary.text_hash == body_hash(source, obj)
