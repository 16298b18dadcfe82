"""In which language a page speaks: its headings, dates and other words around the content."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import get_supported_language_variant

__all__ = ["page_language"]


def page_language(code: str) -> str:
    """The language of LANGUAGES for a page of content in ``code``, such as ``fr`` or ``pt-BR``.

    The site's own (LANGUAGE_CODE) where the content names no language, or one that the site does
    not speak. It depends on the content alone, so caches may keep the page for every reader.
    """
    try:
        return get_supported_language_variant(code.replace("_", "-").lower())
    except LookupError:
        return str(settings.LANGUAGE_CODE)
