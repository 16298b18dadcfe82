"""Text -> words -> terms (stems without stop words)."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice
from threading import Lock
from typing import TypeVar

from Stemmer import Stemmer

from related.similarity.text.languages import stemmer_name, stop_words

V = TypeVar("V")

MAX_TOKENS = 20_000
MAX_CHARACTERS = 200_000
# Words of one language that are remembered at a time: about 200 bytes each, and workers hold
# several languages. A full memory is emptied; frequent words are soon back.
MAX_REMEMBERED = 50_000
_MAX_LENGTH = 100

# In this order: ordinary words, the most frequent; u.s and n.a.t.o, one word each; 5.9 and
# 12,000, one number each; single letters and digits, which count too ("Plan B", "magnitude 5").
# Every length is limited, so that no text makes the expression backtrack far: a megabyte without
# a space is not a word.
_WORD = re.compile(
    r"[^\W\d]\w{1,63}|[^\W\d](?:\.[^\W\d]){1,9}\b|\d{1,20}(?:[.,]\d{1,20}){0,9}(?!\w)|\w{1,64}"
)
# Written without spaces between words: Thai, Lao, Burmese, Khmer, kana and Han.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
# \w leaves out vowel signs and other marks, which belong to the word: in Indic scripts, and as
# accents of letters that have no composed form.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0900-\u0963\u0971-\u0dff"
_NEEDS_CARE = re.compile(f"[{_UNSPACED}{_MARKS}]")
_RUN = re.compile(f"[{_UNSPACED}]+|(?:(?![{_UNSPACED}])[\\w{_MARKS}]){{1,64}}")
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")


class Tokenizer:
    """Turns texts of one language into terms; a language without a stemmer keeps its words."""

    def __init__(self, language: str) -> None:
        name = stemmer_name(language)
        self._stemmer = Stemmer(name, 0) if name else None  # 0: no memory of its own
        self._lock = Lock()  # a Stemmer must not be used by two threads at once
        self._stop_words = stop_words(language)
        self._stems = Remembered(self.stem)

    def words(self, text: str) -> list[str]:
        """The lower-cased words of a text in order, at most ``MAX_TOKENS``."""
        text = lowered(text)
        return [text[start:end] for start, end in word_spans(text)]

    def stem(self, word: str) -> str:
        """The stem of a lower-cased word; "" for a stop word. Slow: remember the result."""
        if word in self._stop_words:
            return ""
        with self._lock:
            return self._stemmer.stemWord(word) if self._stemmer else word

    def terms(self, text: str) -> list[str]:
        """The stems of a text in order, stop words left out."""
        return [stem for stem in map(self._stems.__getitem__, self.words(text)) if stem]


def lowered(text: str) -> str:
    """The part of a text that is read, in lower case."""
    return text[:MAX_CHARACTERS].lower()


def word_spans(text: str) -> list[tuple[int, int]]:
    """Where each word of a lower-cased text begins and ends, at most ``MAX_TOKENS``."""
    if needs_care(text):
        return list(islice(_spans_of_any_script(text), MAX_TOKENS))
    return [match.span() for match in islice(_WORD.finditer(text), MAX_TOKENS)]


def needs_care(text: str) -> bool:
    """Whether words stand without spaces between them or have marks that ``\\w`` leaves out."""
    return not text.isascii() and _NEEDS_CARE.search(text) is not None


class Remembered(dict[str, V]):
    """word -> what a function returns for it, called once per word: stemming is slow."""

    def __init__(self, function: Callable[[str], V], most: int = MAX_REMEMBERED) -> None:
        """``most``: with so many words it is full and starts again."""
        super().__init__()
        self._function = function
        self._most = most

    def __missing__(self, word: str) -> V:
        if len(self) >= self._most:
            self.clear()
        value = self._function(word)
        if len(word) <= _MAX_LENGTH:
            self[word] = value
        return value


@lru_cache(maxsize=64)
def tokenizer_for(language: str) -> Tokenizer:
    """The tokenizer of a language code, with its memory of stems; shared by all callers."""
    return Tokenizer(language)


def _spans_of_any_script(text: str) -> Iterator[tuple[int, int]]:
    """Words of mixed scripts; a run without spaces becomes overlapping pairs of characters."""
    for run in _RUN.finditer(text):
        start, end = run.span()
        if _IS_UNSPACED.match(run[0]):
            yield from ((i, min(i + 2, end)) for i in range(start, max(start + 1, end - 1)))
        else:
            yield start, end
