"""Web addresses: which of them a page may link to, and which page they name."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from related.similarity.text.plain_text import clean_text

__all__ = ["web_address"]

# Only what starts like this is followed as a page; `javascript:` and its kind never are.
_WEB_ADDRESS = re.compile(r"https?://|/", re.IGNORECASE)
# A pattern, not a parser: linear on any input, and a missed link only costs a doubled one.
_HREF = re.compile(r"""\bhref\s*=\s*["']?([^"'\s<>]{1,2000})""", re.IGNORECASE)
_MAX_LINKS = 200


def web_address(url: str | None) -> str:
    """The address if it is a path or starts with http(s), else ""."""
    stripped = (url or "").strip()
    return stripped if _WEB_ADDRESS.match(stripped) else ""


def path_of(url: str) -> str:
    """The path of an address without its trailing slash, cut to 500 characters; "" if it has none.

    Host, query and fragment are dropped (a site is reached under several hosts), and percent signs
    are decoded, so that every spelling of an address is the same.
    """
    try:
        path = urlsplit(clean_text(url or "").strip()).path
    except ValueError:  # an invalid address, such as an unclosed IPv6 bracket
        return ""
    return clean_text(unquote(path)).rstrip("/")[:500]


def linked_paths(html: str) -> list[str]:
    """The distinct paths that a body links to, in order, at most 200."""
    paths = dict.fromkeys(path_of(match.group(1)) for match in _HREF.finditer(html))
    paths.pop("", None)
    return list(paths)[:_MAX_LINKS]
