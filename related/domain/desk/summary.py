"""The summary box on the desk, and the text that it is about, with the draft's sentences marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from related.conf import conf
from related.domain.documents.reading import body_hash
from related.domain.pages.summaries import draft_summary, is_current
from related.models import Document, Summary
from related.similarity.text.plain_text import plain_text
from related.similarity.text.sentences import split_sentences

# Of a long text the beginning is enough to judge links and a summary by.
SHOWN_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class DeskSummary:
    """The summary box: what is approved, and the machine's draft."""

    draft: str
    body_hash: str  # of the body that the draft was made of, and that the editor reads
    text: str = ""  # as approved; "" without one
    is_current: bool = False  # False also when the body changed since, so that the box is hidden
    version: int = 0
    approved_by: Any = None
    approved_at: datetime | None = None

    @property
    def proposal(self) -> str:
        """What the text field starts with."""
        return self.text or self.draft


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences of the text, each with whether the draft takes it."""

    sentences: list[tuple[str, bool]]


def read_summary(document: Document, obj: Any) -> DeskSummary:
    draft, body = draft_summary(document, obj), body_hash(document.source, obj)
    row = Summary.objects.filter(document=document).select_related("approved_by").first()
    if row is None:
        return DeskSummary(draft, body)
    return DeskSummary(
        draft=draft,
        body_hash=body,
        text=row.text,
        is_current=is_current(row.text, row.text_hash, document.source, obj),
        version=row.version,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
    )


def read_text(document: Document, obj: Any, draft: str) -> tuple[list[Paragraph], bool]:
    """The paragraphs of an article's text, and whether they are only its beginning."""
    text = plain_text(document.source.text(obj) or "", conf.max_text_bytes)
    return list(_paragraphs(text[:SHOWN_CHARACTERS], draft)), len(text) > SHOWN_CHARACTERS


def _paragraphs(text: str, draft: str) -> Iterator[Paragraph]:
    for line in text.splitlines():
        if line.strip():
            yield Paragraph(
                [(each, bool(draft) and each in draft) for each in split_sentences(line)]
            )
