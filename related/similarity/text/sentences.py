"""The sentences of plain text."""

import re
import unicodedata
from collections.abc import Iterator

# What may be the end of a sentence: its mark, closing quotes or brackets, spaces. One set of marks
# makes the search quick.
MARKS = ".!?…。！？"
CLOSING_MARKS = "\"'”’»)]」』"
_MARK = re.compile(rf"[{MARKS}][{re.escape(CLOSING_MARKS)}]{{0,3}}\s*")
# Those of Chinese and Japanese need no space after them; in normal form some look like the others.
MARKS_BEFORE_SPACE = ".!?…"
_FIRST_OF_EAST_ASIA = "\u3000"
_KNOWN = """
    mr mrs ms dr prof sen rep gov gen col lt sgt st jr sr vs no inc ltd corp co dept est approx
    jan feb mar apr jun jul aug sep sept oct nov dec etc ca bzw usw nr str evtl mme mlle av env
    sra srta dña ed fig vol pp тыс млн млрд руб ул
"""
ABBREVIATIONS = frozenset(_KNOWN.split())
LONGEST_ABBREVIATION = 6


def split_sentences(text: str) -> Iterator[str]:
    """The sentences of plain text in order; a line end always ends one, "Dr." never does."""
    for line in text.splitlines():
        for start, end in sentence_spans(line):
            if sentence := line[start:end].strip():
                yield sentence


def sentence_spans(line: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of one line begin and end; together they are the whole line."""
    start = 0
    for found in _MARK.finditer(line):
        mark, end = found.span()
        needs_space = line[mark] in MARKS_BEFORE_SPACE and not line[end - 1].isspace()
        if needs_space and (line[mark] in ".…" or line[end : end + 1] < _FIRST_OF_EAST_ASIA):
            continue
        if line[mark] == "." and _is_abbreviation(line, mark):
            continue
        yield start, end
        start = end
    if start < len(line):
        yield start, len(line)


def _is_abbreviation(text: str, end: int) -> bool:
    """Whether a full stop belongs to the word that ends there: "Dr.", "J.", "U.S.", "3."."""
    begin = max(0, end - LONGEST_ABBREVIATION - 1)
    word = text[begin:end].rpartition(" ")[2]
    if not word.isalnum():  # "(Dr", "U.S": what follows the last other character
        begin = end - len(word)
        word = text[
            max([begin, *(n + 1 for n in range(begin, end) if not text[n].isalnum())]) : end
        ]
    if word.isdecimal():
        return len(word) <= 2
    if len(word) == 1:  # no ligature, which is a word of several letters
        return word.isalpha() and len(unicodedata.normalize("NFKC", word)) == 1
    return word.lower() in ABBREVIATIONS
