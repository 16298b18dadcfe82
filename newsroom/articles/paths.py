"""Where an article stands on the site.

A page of links asks for a dozen addresses, and ``reverse()`` took longer than all else that a link
is made of: the address is looked up once, and each slug put into it.
"""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

from django.urls import get_script_prefix, get_urlconf, reverse

_SLUG = "a-slug"  # a slug like any other


def article_path(slug: str) -> str:
    before, after = _around_slugs(get_script_prefix(), get_urlconf())
    return f"{before}{quote(slug)}{after}"


@lru_cache(maxsize=20)
def _around_slugs(prefix: str, urlconf: str | None) -> tuple[str, str]:
    """What stands before and after the slug, where the site is mounted below this prefix."""
    before, _, after = reverse("newsroom:article", urlconf, args=[_SLUG]).rpartition(_SLUG)
    return before, after
