"""What both readers of XML begin with: a file's items, and what is wrong with it as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from related.contrib.importing.decoding import TextChunks, encoding_of
from related.contrib.importing.inputs import Input
from related.contrib.importing.limits import MAX_ITEM_CHARACTERS
from related.contrib.importing.rows import Notice, Refusal, Where
from related.contrib.importing.xml_items import Head, Item, XMLItems


def place(item: Item, file: str) -> Where:
    return Where(item.line, file)


def items_of(source: Input, file: str) -> Iterator[tuple[Head, Item] | Refusal | Notice]:
    """The items of a file that can be read, and notices of how it had to be read."""
    encoding, unknown = encoding_of(source.head())
    if unknown:
        text = _("the encoding %(name)s is not known; the file is read as UTF-8")
        yield Notice(Where(1, file), text % {"name": unknown})
    chunks = TextChunks(source, encoding)
    items = XMLItems(chunks)
    told_of_entities = told_of_bytes = False
    for item in items:
        if items.head.entities and not told_of_entities:
            told_of_entities = True
            yield _entities_notice(items.head, file)
        if item.problem in {"cut", "too long"}:
            yield Refusal(place(item, file), _problem(item))
        else:
            yield items.head, item
        if chunks.mended_line and not told_of_bytes:
            told_of_bytes = True
            yield _bytes_notice(chunks, encoding, file)
    if items.head.entities and not told_of_entities:
        yield _entities_notice(items.head, file)
    if chunks.mended_line and not told_of_bytes:
        yield _bytes_notice(chunks, encoding, file)


def _problem(item: Item) -> str:
    if item.problem == "cut":
        return _("the file ends within this item")
    most = number_format(MAX_ITEM_CHARACTERS, force_grouping=True)
    return _("the item is longer than %(most)s characters") % {"most": most}


def _entities_notice(head: Head, file: str) -> Notice:
    text = _("the file declares entities of its own (%(names)s); they are never expanded")
    names = ", ".join(sorted(head.entities)[:5])
    return Notice(Where(head.entities_line, file), text % {"names": names})


def _bytes_notice(chunks: TextChunks, encoding: str, file: str) -> Notice:
    if encoding == "utf-8":
        text = _("from here on, bytes that are not UTF-8 are read as Windows-1252")
    else:
        text = _("from here on, bytes that are not %(name)s are read as “\ufffd”")
    return Notice(Where(chunks.mended_line, file), text % {"name": encoding})
