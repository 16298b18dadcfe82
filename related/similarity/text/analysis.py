"""Everything that is learned from an article's text, in one reading."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from related.similarity.text.passages import NO_HASHES, Hashes, PassageReader, Passages
from related.similarity.text.sketches import Sketch, sketch_of
from related.similarity.text.terms import TermCounts, count_words
from related.similarity.text.words import reader_for


@dataclass(frozen=True, slots=True, eq=False)
class AnalyzedText:
    """counts: the terms, to compare articles by. sketch: which text it is, to know versions by.
    passages: its sentences, to find those that repeat. reader: the text itself, while it is new.
    """

    counts: TermCounts
    sketch: Sketch
    passages: Passages = field(default_factory=Passages)
    reader: PassageReader | None = None

    @classmethod
    def empty(cls) -> AnalyzedText:
        """In the place of a document that leaves the corpus."""
        return cls(TermCounts.empty(), np.empty(0, np.uint32))

    def without(self, repeated: Hashes) -> AnalyzedText:
        """The same new text, of which repeated passages count for nothing."""
        if self.reader is None or not np.isin(self.passages.hashes, repeated).any():
            return self
        return _analyzed(self.reader, repeated)


def analyze_text(title: str, text: str, language: str) -> AnalyzedText:
    """Of plain texts."""
    return _analyzed(PassageReader.of(reader_for(language).read(title, text)))


def _analyzed(reader: PassageReader, repeated: Hashes = NO_HASHES) -> AnalyzedText:
    words = reader.remaining(repeated)
    return AnalyzedText(count_words(words), sketch_of(words), reader.passages(repeated), reader)
