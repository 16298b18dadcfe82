"""A site's titles, excerpts and names of sections as people read them, wherever they are shown."""

from __future__ import annotations

from typing import Any

from related.registry import Source
from related.similarity.text.lines import plain_line


def title_of(source: Source, obj: Any) -> str:
    return plain_line(str(source.title(obj) or ""))


def excerpt_of(source: Source, obj: Any) -> str:
    return plain_line(str(source.excerpt(obj) or ""))


def section_name_of(source: Source, obj: Any) -> str:
    return plain_line(str(source.section_name(obj) or ""))
