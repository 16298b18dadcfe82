"""From a site's object to what is stored about it: fields, hash and term counts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from related.addresses import linked_paths, path_of
from related.conf import conf
from related.registry import Source
from related.similarity.text.analysis import AnalyzedText, analyze_text
from related.similarity.text.languages import base_language
from related.similarity.text.plain_text import clean_text, plain_text
from related.similarity.text.terms import ANALYSIS_VERSION


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
    """One object's fields and text, read from the site and not yet analyzed."""

    fields: StoredFields
    title: str
    text: str

    def analyze(self) -> AnalyzedText:
        return analyze_text(self.title, self.text, self.fields.language)


def read_content(source: Source, obj: Any) -> Content:
    """Read an object through its source. Whatever the source raises is the site's to see."""
    body = source.text(obj) or ""
    title = clean_text(source.title(obj) or "")
    text = plain_text(body, conf.max_text_bytes)
    language = base_language(source.language(obj) or "")[:35]
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
