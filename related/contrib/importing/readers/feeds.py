"""Feeds in XML: RSS 0.9x, 1.0 and 2.0, Atom, CDF. Each item is mapped by feedparser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import feedparser
from django.utils.translation import gettext as _

from related.contrib.importing.inputs import Input
from related.contrib.importing.readers.entries import entry_data, feed_facts
from related.contrib.importing.readers.xml import items_of, place
from related.contrib.importing.rows import Found, Refusal, Row
from related.contrib.importing.xml_items import Head, Item
from related.contrib.importing.xml_parsing import (
    ItemRefusedError,
    is_too_deep,
    read_item,
    repaired_document,
)

# feedparser's own reader of broken XML is patient, and slow: an article has no more than this.
MAX_BROKEN_CHARACTERS = 200_000
MAX_HEAD_CHARACTERS = 50_000  # a feed says what it is in far less
_DRAFT = re.compile(r"<(?:\w+:)?draft\b[^>]*>\s*yes\s*<", re.IGNORECASE)


class FeedReader:
    """Items that are damaged are repaired, or read as a feed reader would, or refused."""

    def read(self, source: Input, file: str) -> Iterator[Found]:
        facts: dict[str, str] | None = None
        for found in items_of(source, file):
            if not isinstance(found, tuple):
                yield found
                continue
            head, item = found
            where = place(item, file)
            if facts is None:
                facts = _facts(head)
            try:
                yield Row(where, _data(head, item, facts))
            except ItemRefusedError as refused:
                yield Refusal(where, str(refused))


def _data(head: Head, item: Item, facts: dict[str, str]) -> dict[str, Any]:
    try:
        document, _root = read_item(head, item.text)
    except ItemRefusedError:
        if head.entities or len(item.text) > MAX_BROKEN_CHARACTERS:
            raise
        document = repaired_document(head, item.text)
    if is_too_deep(item.text):
        raise ItemRefusedError(_("its elements are nested too deeply"))
    parsed = _feedparser(document)
    if not parsed.entries:
        raise ItemRefusedError(_("no item can be made out in it"))
    data = entry_data(parsed.entries[0], parsed.feed, facts)
    if _DRAFT.search(item.text):
        data["status"] = "draft"
    return data


def _facts(head: Head) -> dict[str, str]:
    """What the feed says of itself, for all of its items."""
    tags = "".join(f"</{tag.split()[0].strip('<>')}>" for tag in reversed(head.open_tags))
    return feed_facts(_feedparser(head.text[:MAX_HEAD_CHARACTERS] + tags).feed)


def _feedparser(document: str) -> Any:
    # A stream: feedparser would take text for an address and fetch it, or for a file's name.
    return feedparser.parse(
        BytesIO(document.encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,  # the site does that, once
        resolve_relative_uris=False,  # done here, without parsing the text as HTML
    )
