"""In which language a page speaks around its content, and in which direction that is written."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import get_language_info, get_supported_language_variant

__all__ = ["page_language", "writing_direction"]

# Written from right to left, and not among the languages that Django knows.
_RIGHT_TO_LEFT = {"arc", "ckb", "dv", "ks", "ps", "sd", "syr", "yi"}


def page_language(code: str) -> str:
    """The language of LANGUAGES for a page of content in ``code``, such as ``fr`` or ``pt-BR``.

    The site's own (LANGUAGE_CODE) where the content names no language, or one that the site does
    not speak. It depends on the content alone, so caches may keep the page for every reader.
    """
    try:
        return get_supported_language_variant(code.replace("_", "-").lower())
    except LookupError:
        return str(settings.LANGUAGE_CODE)


def writing_direction(code: str) -> str:
    """How a text in this language is written, as HTML says it: ``ltr`` or ``rtl``, and ``auto``
    where the language is not known."""
    base = code.replace("_", "-").partition("-")[0].lower()
    try:
        return "rtl" if get_language_info(base)["bidi"] else "ltr"
    except KeyError:
        return "rtl" if base in _RIGHT_TO_LEFT else "auto"
