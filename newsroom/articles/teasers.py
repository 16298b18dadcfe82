"""An article in a few words, for lists, feeds and descriptions."""

from __future__ import annotations

from django.utils.text import Truncator

from newsroom.articles.models import OPENING_CHARACTERS
from related.text import plain_text

WORDS = 32


def teaser_of(excerpt: str, body: str) -> str:
    """The excerpt, or the first words of the body when nobody wrote one."""
    text = excerpt or plain_text(body[:OPENING_CHARACTERS])
    return Truncator(" ".join(text.split())).words(WORDS, truncate=" …")
