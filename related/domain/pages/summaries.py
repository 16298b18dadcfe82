"""The summary box: a draft by the machine, approved or rewritten by an editor."""

from __future__ import annotations

from typing import Any

from related.conf import conf
from related.domain.corpus.passages import repeated_passages
from related.domain.documents.reading import body_hash, read_language
from related.domain.documents.texts import title_of
from related.models import Document
from related.registry import Source
from related.similarity.text.plain_text import plain_text
from related.similarity.text.summaries import passages_read, summarize


def draft_summary(document: Document, obj: Any) -> str:
    """The most telling sentences of the text, in their order; "" where there are none.

    Passages that repeat across stories are never among them.
    """
    source, language = document.source, read_language(document.source, obj)
    text = plain_text(source.text(obj) or "", conf.max_text_bytes)
    repeated = repeated_passages(language, passages_read(text, language))
    return summarize(title_of(source, obj), text, language, repeated=repeated)


def is_current(text: str, text_hash: str, source: Source, obj: Any) -> bool:
    """Whether a summary stands, and the body is still the one that it was approved for."""
    return bool(text) and text_hash == body_hash(source, obj)
