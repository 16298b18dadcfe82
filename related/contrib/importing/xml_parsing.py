"""One item of a feed as a document of its own: repaired where that is safe, never expanded."""

from __future__ import annotations

import re
from html.entities import html5
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from related.contrib.importing.xml_items import Head

MAX_DEPTH = 250

_XML_ENTITIES = {"amp", "lt", "gt", "quot", "apos"}
_REFERENCE = re.compile(r"&(?:#(?:[xX]([0-9a-fA-F]{1,6})|([0-9]{1,7}));|([A-Za-z][\w.:-]*);?|)")
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_PREFIX = re.compile(r"</?([A-Za-z_][\w.-]*):")
_TAG_NAME = re.compile(r"<([\w.:-]+)")
_TAG = re.compile(r"<(/?)[A-Za-z_](?:[^<>\"']++|\"[^\"]*\"|'[^']*')*+>")

_SPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "excerpt": "http://wordpress.org/export/1.2/excerpt/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "wp": "http://wordpress.org/export/1.2/",
    "xlink": "http://www.w3.org/1999/xlink",
}


class ItemRefusedError(Exception):
    """The item cannot be read; the message says why, for people."""


def read_item(head: Head, item: str) -> tuple[str, Element]:
    """The item within the tags that are open around it, as a document and as its root; repaired
    where it has to be.

    Raises:
        ItemRefusedError: it cannot be repaired, or refers to an entity that the file declares.
    """
    _refuse_entities(head, item)
    document = _wrapped(head, item)
    try:
        return document, parse(document)
    except ItemRefusedError:
        document = repaired_document(head, item)
        return document, parse(document)


def repaired_document(head: Head, item: str) -> str:
    """The item within the tags around it, as near to XML as it can be brought."""
    return _wrapped(head, repaired(item))


def parse(document: str) -> Element:
    """The document's root.

    Raises:
        ItemRefusedError: it is not well-formed, or declares a document type.
    """
    try:
        root: Element = fromstring(document.encode("utf-8"), forbid_dtd=True)
        return root
    except ParseError as error:
        # The place is one of the item's own document; the reason alone helps.
        reason = str(error).partition(":")[0]
        message = _("it is not well-formed XML: %(reason)s")
        raise ItemRefusedError(message % {"reason": reason}) from None
    except DefusedXmlException:
        raise ItemRefusedError(_("it holds a document type or an entity of its own")) from None
    except (ValueError, UnicodeError) as error:
        raise ItemRefusedError(_("it is not XML: %(reason)s") % {"reason": error}) from None


def repaired(item: str) -> str:
    """Bare ampersands, names of HTML's entities, controls and stray ends of CDATA made XML."""
    pieces = _CDATA.split(_UNSTORABLE.sub("", item))
    for position in range(0, len(pieces), 2):  # between the CDATA
        pieces[position] = _REFERENCE.sub(_reference, pieces[position]).replace("]]>", "]]&gt;")
    return "".join(pieces)


def is_too_deep(item: str) -> bool:
    """Whether elements are nested deeper than any article's."""
    depth = 0
    for tag in _TAG.finditer(_CDATA.sub("", item)):
        if not tag[0].endswith("/>"):
            depth += -1 if tag[1] else 1
            if depth > MAX_DEPTH:
                return True
    return False


def _wrapped(head: Head, item: str) -> str:
    tags = head.open_tags or ["<rss>", "<channel>"]
    written = " ".join([*tags, item[:2_000]])
    missing = {
        prefix
        for prefix in {*_PREFIX.findall(item), *_PREFIX.findall(" ".join(tags))} - {"xml"}
        if f"xmlns:{prefix}" not in written
    }
    spaces = "".join(
        f' xmlns:{p}="{_SPACES.get(p, f"urn:undeclared:{p}")}"' for p in sorted(missing)
    )
    name = _name(tags[0])
    first = f"<{name}{spaces}{tags[0][1 + len(name) :]}"
    closing = "".join(f"</{_name(tag)}>" for tag in reversed(tags))
    return "".join([repaired(first), *map(repaired, tags[1:]), item, closing])


def _name(tag: str) -> str:
    found = _TAG_NAME.match(tag)
    assert found is not None
    return found[1]


def _refuse_entities(head: Head, item: str) -> None:
    if head.entities and "&" in item:
        named = {found[3] for found in _REFERENCE.finditer(_CDATA.sub("", item))}
        if used := sorted(head.entities & named):
            message = _("it refers to &%(name)s;, which the file declares: such are not expanded")
            raise ItemRefusedError(message % {"name": used[0]})


def _reference(found: re.Match[str]) -> str:
    hexadecimal, decimal, name = found.groups()
    if hexadecimal or decimal:
        number = int(hexadecimal, 16) if hexadecimal else int(decimal)
        return f"&#{number};" if _is_character(number) else ""
    if name in _XML_ENTITIES and found[0].endswith(";"):
        return found[0]
    if name and (text := html5.get(f"{name};")) and found[0].endswith(";"):
        return "".join(f"&#{ord(character)};" for character in text)
    return "&amp;" + found[0][1:]


def _is_character(number: int) -> bool:
    return (
        number in {9, 10, 13}
        or 32 <= number <= 0xD7FF
        or 0xE000 <= number <= 0xFFFD
        or 0x10000 <= number <= 0x10FFFF
    )
