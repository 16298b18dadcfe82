"""Drafts: analyzed and compared as all else is, and put into no corpus."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from related.domain.corpus.beside import with_texts_beside
from related.domain.corpus.live import LiveCorpus
from related.domain.documents.reading import read_draft
from related.domain.indexing.passages import known_repeats
from related.domain.indexing.result import Result
from related.domain.suggesting.rows import refresh_suggestions
from related.models import Corpus, Document, Suggestion


def analyze_draft(document: Document, obj: Any) -> Result:
    """Read and analyze what is being written."""
    if not (document.is_draft or document.is_indexed):
        # First of all: whatever becomes of this try, it is told apart from what readers miss.
        Document.objects.filter(pk=document.pk).update(is_draft=True)
    content = read_draft(document.source, obj)
    return Result(document, content.fields, content.analyze(), is_draft=True)


def known_languages(results: Iterable[Result]) -> set[str]:
    """The languages of drafts in which there is anything to compare them with: no corpus begins
    with a draft."""
    languages = {r.fields.language for r in results if r.is_draft and r.fields is not None}
    corpora = Corpus.objects.filter(language__in=languages) if languages else Corpus.objects.none()
    return set(corpora.values_list("language", flat=True))


def store_draft_fields(results: Sequence[Result]) -> None:
    """Copy the fields to the rows, and delete what was found for drafts that are none any more, or
    are of another language now."""
    for result in results:
        if result.document.is_draft:
            rows = Suggestion.objects.filter(document=result.document)
            if result.fields is not None:
                rows = rows.exclude(corpus__language=result.fields.language)
            rows.delete()
        if result.is_draft and result.fields is not None:
            Document.objects.filter(pk=result.document.pk).update(
                **asdict(result.fields), is_draft=True, is_indexed=False
            )


def suggest_for_drafts(corpus: Corpus, live: LiveCorpus, results: Iterable[Result]) -> None:
    """Find links for the drafts in one language. The corpus and its copy stay as they are."""
    texts = {
        result.document.pk: result.text
        for result in results
        if result.is_draft and result.fields and result.fields.language == corpus.language
    }
    if not texts:
        return
    repeated = known_repeats(corpus, {key: text.passages for key, text in texts.items()})
    texts = {key: text.without(repeated) for key, text in texts.items()}
    fresh = {key: text.counts for key, text in texts.items()}
    refresh_suggestions(corpus, with_texts_beside(live, texts), texts, fresh)
