"""From a site's object to what is stored about it: fields, hash and term counts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import islice
from typing import Any

from django.utils import timezone

from related.addresses import path_of, read_address
from related.conf import conf
from related.domain.documents.addresses import (
    MAX_ADDRESSES,
    address_keys,
    linked_keys,
    rule_of_keys,
    url_key,
)
from related.domain.documents.marks import marks_by_site
from related.domain.documents.texts import title_of
from related.registry import Source
from related.similarity.text.analysis import AnalyzedText, analyze_text
from related.similarity.text.languages import base_language
from related.similarity.text.plain_text import (
    MAX_HTML_CHARACTERS_PER_BYTE,
    alt_texts,
    plain_text,
)
from related.similarity.text.terms import ANALYSIS_VERSION


@dataclass(frozen=True, slots=True)
class StoredFields:
    """What a Document row repeats of its object, to order, filter and find it."""

    language: str
    section: str
    published_at: datetime | None
    url_path: str
    url_key: int | None
    address_keys: bytes
    linked_keys: bytes
    address_rule: str
    text_hash: str
    site_marks: int


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
    url = source.url(obj)
    urls = list(islice((url, *source.earlier_urls(obj)), MAX_ADDRESSES))
    return _read(source, obj, url, urls, source.published_at(obj))


def read_draft(source: Source, obj: Any) -> Content:
    """The same of what is being written: it has no address yet, and comes out now if no other
    date is known."""
    return _read(source, obj, "", [], source.published_at(obj) or timezone.now())


def _read(
    source: Source, obj: Any, url: str, urls: Sequence[str], published_at: datetime | None
) -> Content:
    body = source.text(obj) or ""
    title = title_of(source, obj)
    text = read_text(body)
    language = read_language(source, obj)
    address = read_address(url)
    fields = StoredFields(
        language=language,
        section=(source.section(obj) or "")[:255],
        published_at=published_at,
        url_path=path_of(url),
        url_key=url_key(address) if address else None,
        address_keys=address_keys(urls),
        linked_keys=linked_keys(body[: conf.max_text_bytes * MAX_HTML_CHARACTERS_PER_BYTE], urls),
        address_rule=rule_of_keys(),
        text_hash=hash_text(str(ANALYSIS_VERSION), language, title, text),
        site_marks=marks_by_site(source, obj),
    )
    return Content(fields, title, text)


def read_language(source: Source, obj: Any) -> str:
    return base_language(source.language(obj) or "")[:35]


def read_text(body: str) -> str:
    """The text that is compared: what readers see, and what stands in the place of pictures."""
    text = plain_text(body, conf.max_text_bytes)
    pictures = alt_texts(body, conf.max_text_bytes)
    return f"{text}\n\n{pictures}" if pictures else text


def hash_text(*parts: str) -> str:
    """SHA-256 of the parts, as hexadecimal; lone surrogates are allowed."""
    joined = "\x1f".join(parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()


def body_hash(source: Source, obj: Any) -> str:
    """Hash of the body alone, to which an approved summary is tied."""
    return hash_text(source.text(obj) or "")
