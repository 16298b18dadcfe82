"""How people write a word."""

from __future__ import annotations


def spellings(word: str) -> set[str]:
    """How a word may be written in a title. A database that folds case may know ASCII alone."""
    bare = word.strip("\"“”„«»‘’'") or word
    quoted = {bare, bare.replace("'", "’"), bare.replace("’", "'")}
    if bare.isascii():
        return quoted
    cases = (str.lower, str.upper, str.capitalize)
    return quoted | {case(spelling) for spelling in quoted for case in cases}
