"""Text -> words -> terms (stems without stop words)."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice
from threading import Lock
from typing import TypeVar

from Stemmer import Stemmer

from related.similarity.text.languages import base_language, stemmer_name, stop_words
from related.similarity.text.normal_forms import normal_form

V = TypeVar("V")

MAX_TOKENS = 20_000
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
# Read in pairs of characters. Thai, Lao, Burmese, Khmer, kana and Han have no spaces between words;
# Hangul has, but its particles hang on the words.
_STACKED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_PAIRED = f"{_STACKED}\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
_PAIRED += "\U00020000-\U0003ffff"
# What belongs to the letter before it: vowel signs, tones, and letters written below others.
_SIGNS = (
    "\u0e31\u0e33-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb3-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u1056-\u1059"
    "\u105e-\u1060\u1062-\u1064\u1067-\u106d\u1071-\u1074\u1082-\u108d\u17b6-\u17d3\u17dd"
)
_BELOW = "[\u1039\u17d2][\u1000-\u102a\u1780-\u17b3]"
_CLUSTER = re.compile(f"[{_PAIRED}](?:{_BELOW}|[{_SIGNS}]){{0,8}}")
_IS_STACKED = re.compile(f"[{_STACKED}]")
# \w leaves out vowel signs and other marks, which belong to the word: in Indic scripts, and as
# accents of letters that have no composed form.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0900-\u0963\u0971-\u0dff"
NEEDS_CARE = re.compile(f"[{_PAIRED}{_MARKS}]")
_RUN = re.compile(f"[{_PAIRED}]+|(?:(?![{_PAIRED}])[\\w{_MARKS}]){{1,64}}")
_IS_PAIRED = re.compile(f"[{_PAIRED}]")


class Tokenizer:
    """Turns texts of one language into terms; a language without a stemmer keeps its words."""

    def __init__(self, language: str) -> None:
        self.language = base_language(language)
        name = stemmer_name(language)
        self._stemmer = Stemmer(name, 0) if name else None  # 0: no memory of its own
        self._lock = Lock()  # a Stemmer must not be used by two threads at once
        self._stop_words = stop_words(language)
        self._stems = Remembered(self.stem)

    def words(self, text: str) -> list[str]:
        """The words of a text in normal form and in order, at most ``MAX_TOKENS``."""
        text = self.normal_form(text)
        return [text[start:end] for start, end in word_spans(text)]

    def normal_form(self, text: str) -> str:
        """The text in the form in which this language's words are compared."""
        return normal_form(text, self.language)

    def stem(self, word: str) -> str:
        """The stem of a word in normal form; "" for a stop word. Slow: remember the result."""
        if word in self._stop_words:
            return ""
        with self._lock:
            return self._stemmer.stemWord(word) if self._stemmer else word

    def terms(self, text: str) -> list[str]:
        """The stems of a text in order, stop words left out."""
        return [stem for stem in map(self._stems.__getitem__, self.words(text)) if stem]


def word_spans(text: str) -> list[tuple[int, int]]:
    """Where each word of a text in normal form begins and ends, at most ``MAX_TOKENS``."""
    if needs_care(text):
        return list(islice(_spans_of_any_script(text), MAX_TOKENS))
    return [match.span() for match in islice(_WORD.finditer(text), MAX_TOKENS)]


def needs_care(text: str) -> bool:
    """Whether words stand without spaces between them or have marks that ``\\w`` leaves out."""
    return not text.isascii() and NEEDS_CARE.search(text) is not None


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
    """Words of mixed scripts; a run of a script read in pairs becomes overlapping pairs."""
    for run in _RUN.finditer(text):
        start, end = run.span()
        if not _IS_PAIRED.match(run[0]):
            yield start, end
        elif _IS_STACKED.search(run[0]):
            ends = [cluster.end() for cluster in _CLUSTER.finditer(text, start, end)]
            starts = [start, *ends[:-1]]
            yield from zip(starts, ends[1:] or ends, strict=False)
        else:
            yield from ((i, min(i + 2, end)) for i in range(start, max(start + 1, end - 1)))
