"""What an article of a feed or export is known by, whatever file it comes in."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import urlsplit

from related.contrib.importing.cleaning import one_line

MAX_CHARACTERS = 200
_KEPT = 150


def identity(given: Any, url: str, site: str = "") -> str:
    """The id that a feed gives its item, or else its address; "" where it has neither.

    A bare number names an article of one site only, so the site's host stands before it.
    """
    name = one_line(str(given)) if isinstance(given, str | int) else ""
    host = _host(site)
    if name.isdecimal() and host:
        name = f"{host}/{name}"
    return shortened(name or url)


def shortened(name: str) -> str:
    """A long id cut to what is stored, and a hash of all of it in place of the rest."""
    if len(name) <= MAX_CHARACTERS:
        return name
    return f"{name[:_KEPT]}-{hashlib.sha256(name.encode()).hexdigest()[:40]}"


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
