"""Everything that is learned from an article's text, in one reading."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from related.similarity.text.sketches import Sketch, sketch_of
from related.similarity.text.terms import TermCounts, count_words
from related.similarity.text.words import reader_for


@dataclass(frozen=True, slots=True, eq=False)
class AnalyzedText:
    """counts: the terms, to compare articles by. sketch: which text it is, to know versions by."""

    counts: TermCounts
    sketch: Sketch

    @classmethod
    def empty(cls) -> AnalyzedText:
        """In the place of a document that leaves the corpus."""
        return cls(TermCounts.empty(), np.empty(0, np.uint32))


def analyze_text(title: str, text: str, language: str) -> AnalyzedText:
    """Of plain texts."""
    words = reader_for(language).read(title, text)
    return AnalyzedText(count_words(words), sketch_of(words))
