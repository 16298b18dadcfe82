"""Text as it is stored: what no database, feed or sitemap can carry is stripped, the rest is NFC.

Everything that looks up stored text by its value cleans the value in the same way first.
"""

from __future__ import annotations

import re

from related.text import clean_text, plain_line

# No feed or sitemap can carry these: XML forbids them.
_CONTROLS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def clean(text: str) -> str:
    """The text without unstorable characters, in NFC; cleaning twice changes nothing more."""
    # The controls go first: a letter and its accent may meet, and compose, where one stood.
    return clean_text(_CONTROLS.sub("", text))


def one_line(text: str) -> str:
    """The cleaned text as people read it, on one line: character references and tags resolved,
    every run of white space one space, none at the ends."""
    return clean(plain_line(clean(text))).strip()


def as_written(text: str) -> str:
    """The cleaned text on one line and no more: for ids and addresses, where "&lt;" is no sign."""
    return " ".join(clean(text).split())
