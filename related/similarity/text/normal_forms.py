"""The normal form of a text: what looks alike to a reader is alike to the comparison.

It is made for comparing alone; what people are shown stays as it was written. Letters are composed
already (NFC, ``clean_text``); here are invisible characters within words, ligatures and widths of
letters, and lower case.
"""

from __future__ import annotations

import re
import unicodedata

from related.similarity.text.languages import base_language
from related.similarity.text.plain_text import clean_text

MAX_CHARACTERS = 200_000

# Soft hyphen, joiners, marks of direction, byte order mark, variation selectors, fillers, and the
# kashida that stretches an Arabic word: they stand within words, and a reader does not see them.
_INVISIBLE = (
    "\u00ad\u034f\u061c\u0640\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200d-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e01ef"
)
# Two more mean something in some scripts. U+200B parts words that no space parts in Thai, Lao,
# Burmese and Khmer. U+200C parts stems from endings in Persian and its neighbors.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_ARABIC = "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff"
_SPACE, _NON_JOINER = "\u200b", "\u200c"
_INVISIBLE_RUN = re.compile(f"[{_INVISIBLE}]+")
_UNMEANT_SPACE = re.compile(f"{_SPACE}(?<![{_UNSPACED}]{_SPACE})(?![{_UNSPACED}])")
_UNMEANT_NON_JOINER = re.compile(f"{_NON_JOINER}(?<![{_ARABIC}]{_NON_JOINER})")
_UNSPACED_LANGUAGES = frozenset({"th", "lo", "my", "km"})

# Letters drawn as one, wide, narrow, bold, or in the form that their place in a word asks for;
# with the accents behind them, so that both compose (a pile of more is no letter).
_COMPATIBLE = (
    "\u0132\u0133\u0149\u017f\u01c4-\u01cc\u01f1-\u01f3\u2f00-\u2fd5\ufb00-\ufb4f\ufb50-\ufdff"
    "\ufe70-\ufefc\uff01-\uffdc\U0001d400-\U0001d7ff"
)
_COMPATIBLE_RUN = re.compile(f"[{_COMPATIBLE}]+[\u0300-\u036f\u3099\u309a]{{0,8}}")
UNUSUAL = re.compile(f"[{_INVISIBLE}{_SPACE}{_NON_JOINER}{_COMPATIBLE}]")

_DOTLESS_LANGUAGES = frozenset({"tr", "az"})
_DOTTED = "i\u0307"  # what Python makes of a capital with a dot
# The keyboards of Arabic and of Persian write two letters with different characters.
_PERSIAN_LANGUAGES = frozenset({"fa", "ur", "ps"})
_PERSIAN_LETTERS = str.maketrans("يىك", "ییک")


def letters_of(language: str) -> str:
    """A language with the same rules for single letters; "" for most."""
    language = base_language(language)
    return language if language in _DOTLESS_LANGUAGES | _PERSIAN_LANGUAGES else ""


def normal_form(text: str, language: str) -> str:
    """The part of a text that is read, in the form in which words are compared."""
    text = text[:MAX_CHARACTERS]
    language = base_language(language)
    if not text.isascii():
        text = _usual(text, language)
    if language in _DOTLESS_LANGUAGES:
        return text.replace("I", "ı").replace("İ", "i").lower()
    lowered = text.lower()
    return lowered.replace(_DOTTED, "i") if "İ" in text else lowered


def _usual(text: str, language: str) -> str:
    if UNUSUAL.search(text):  # most texts have none
        text = _COMPATIBLE_RUN.sub(_plain_letters, text)[:MAX_CHARACTERS]
        text = _INVISIBLE_RUN.sub("", text)
        if _SPACE in text and language not in _UNSPACED_LANGUAGES:
            text = _UNMEANT_SPACE.sub("", text)
        if _NON_JOINER in text:
            text = _UNMEANT_NON_JOINER.sub("", text)
        # What an invisible character kept apart may compose.
        text = clean_text(text)
    return text.translate(_PERSIAN_LETTERS) if language in _PERSIAN_LANGUAGES else text


def _plain_letters(run: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", run[0])
