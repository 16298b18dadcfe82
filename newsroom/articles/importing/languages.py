"""The language of an article whose row does not name one."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings

from newsroom.articles.models import Article
from related.text import plain_text, stemmer_name

MIN_CHARACTERS = 200  # below this the detector guesses
MAX_BYTES = 4_000  # more does not make it surer
MIN_CONFIDENCE = 0.9


def guess_language(article: Article) -> str:
    """A language that the plugin can stem, where the text is long and clear enough; else the
    site's own (``settings.LANGUAGE_CODE``)."""
    text = plain_text(f"{article.title}\n\n{article.body[: MAX_BYTES * 4]}", MAX_BYTES)
    if len(text) >= MIN_CHARACTERS:
        code, confidence = _detector().classify(text)
        if confidence >= MIN_CONFIDENCE and stemmer_name(code):
            return str(code)
    return settings.LANGUAGE_CODE


@lru_cache(maxsize=1)
def _detector() -> Any:
    # Loaded at the first article that needs it: the model takes most of a second.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
