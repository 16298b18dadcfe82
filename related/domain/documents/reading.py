"""From a site's object to what is stored about it: fields, hash and term counts."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from related.conf import conf
from related.registry import Source
from related.similarity.text.plain_text import clean_text, plain_text
from related.similarity.text.terms import ANALYSIS_VERSION, TermCounts, count_terms

# A pattern, not a parser: linear on any input, and a missed link only costs a doubled one.
HREF = re.compile(r"""\bhref\s*=\s*["']?([^"'\s<>]{1,2000})""", re.IGNORECASE)
MAX_LINKS = 200


@dataclass(frozen=True, slots=True)
class StoredFields:
    """What a Document row repeats of its object, to order, filter and find it."""

    language: str
    section: str
    published_at: datetime | None
    url_path: str
    linked_paths: list[str]
    text_hash: str


STORED_FIELDS = [field.name for field in fields(StoredFields)]


@dataclass(frozen=True, slots=True)
class Content:
    """One object's fields and text, read from the site and not yet analysed."""

    fields: StoredFields
    title: str
    text: str

    def count_terms(self) -> TermCounts:
        return count_terms(self.title, self.text, self.fields.language)


def read_content(source: Source, obj: Any) -> Content:
    """Read an object through its source. Whatever the source raises is the site's to see."""
    body = source.text(obj) or ""
    title = clean_text(source.title(obj) or "")
    text = plain_text(body, conf.max_text_bytes)
    language = normalize_language(source.language(obj))
    fields = StoredFields(
        language=language,
        section=(source.section(obj) or "")[:255],
        published_at=source.published_at(obj),
        url_path=path_of(source.url(obj)),
        linked_paths=linked_paths(body[: conf.max_text_bytes]),
        text_hash=hash_text(str(ANALYSIS_VERSION), language, title, text),
    )
    return Content(fields, title, text)


def hash_text(*parts: str) -> str:
    """SHA-256 of the parts, as hexadecimal; lone surrogates are allowed."""
    joined = "\x1f".join(parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()


def body_hash(source: Source, obj: Any) -> str:
    """Hash of the body alone, to which an approved summary is tied."""
    return hash_text(source.text(obj) or "")


def normalize_language(code: str | None) -> str:
    """The primary language of a code: ``en-GB`` and ``EN_us`` are ``en``."""
    return re.split(r"[-_]", (code or "").strip().lower(), maxsplit=1)[0][:35]


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
    paths = dict.fromkeys(path_of(match.group(1)) for match in HREF.finditer(html))
    paths.pop("", None)
    return list(paths)[:MAX_LINKS]
