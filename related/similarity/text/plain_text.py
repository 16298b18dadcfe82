"""HTML or text as it arrives -> readable plain text, in linear time whatever the input."""

import re
import unicodedata

from selectolax.lexbor import LexborHTMLParser

from related.similarity.text.markup import has_too_many_attributes, without_markup

MAX_BYTES = 200_000
# Markup takes room too, so more HTML than text is read before the cap on text applies.
MAX_HTML_CHARACTERS_PER_BYTE = 4
_MAX_MARKS = 32

# NUL cannot be stored by PostgreSQL; a lone surrogate cannot be encoded at all.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_MARK_PILE = re.compile(rf"[^\w\s\x00-\x7f]{{{_MAX_MARKS + 1},}}")

# [^<>]* and not .*? : an unclosed tag must not make the search start over at every "<".
HTML = re.compile(
    r"<[a-z/!][^<>]*>|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8}\d{0,2});", re.IGNORECASE
)
_LONG_TAG = re.compile("<wbr[^<>]{2000,}")
_FILE_NAME = re.compile(r"\S+\.\w{2,5}")
_TAG_NAME = re.compile(r"</?([a-z][a-z0-9:-]*)", re.IGNORECASE)
# The parser reads the content of these as raw text, so they cannot nest; readers never see it.
_UNREAD_TAGS = ("script", "style", "iframe", "title", "textarea", "noframes")
_PARAGRAPH_TAG_NAMES = """
    address article aside blockquote body caption center dd details div dl dt fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table td th
    tr ul
"""
_PARAGRAPH_TAGS = frozenset(_PARAGRAPH_TAG_NAMES.split())


def clean_text(value: str) -> str:
    """Text that every database can store, and that compares equal when it looks equal (NFC)."""
    storable = _UNSTORABLE.sub("", value)
    if unicodedata.is_normalized("NFC", storable):
        return storable
    # Putting a long pile of combining marks in order takes quadratic time; no language needs one.
    return unicodedata.normalize("NFC", _MARK_PILE.sub(_lower_pile, storable))


def plain_text(value: str, max_bytes: int = MAX_BYTES) -> str:
    """The words that a reader sees in HTML or text; a blank line separates paragraphs.

    At most ``max_bytes`` bytes of UTF-8; what comes after them is left out.
    """
    value = clean_text(value[: max_bytes * MAX_HTML_CHARACTERS_PER_BYTE])
    text = clean_text(_text_of_html(value)) if HTML.search(value) else value
    return _tidy(text).encode()[:max_bytes].decode(errors="ignore").rstrip()


def alt_texts(value: str, max_bytes: int = MAX_BYTES) -> str:
    """What stands in the place of a text's pictures, a line each; without names of files."""
    if "<img" not in value.lower():
        return ""
    value = clean_text(value[: max_bytes * MAX_HTML_CHARACTERS_PER_BYTE])
    found = (node.attributes.get("alt") or "" for node in _parse(value).css("wbr[alt]"))
    lines = dict.fromkeys(" ".join(alt.split()) for alt in found)
    text = "\n".join(line for line in lines if line and not _FILE_NAME.fullmatch(line))
    return text.encode()[:max_bytes].decode(errors="ignore").rstrip()


def _lower_pile(pile: re.Match[str]) -> str:
    has_marks = any(map(unicodedata.combining, pile[0]))
    return pile[0][:_MAX_MARKS] if has_marks else pile[0]


def _text_of_html(html: str) -> str:
    """Newlines in the result are breaks that a browser shows; two of them separate paragraphs."""
    tree = _parse(html)
    tree.strip_tags(list(_UNREAD_TAGS))
    return tree.root.text(deep=True) if tree.root else ""


def _parse(html: str) -> LexborHTMLParser:
    """Every tag is first turned into ``<wbr``, which never has content: what is left has no depth,
    because parsers take quadratic time on half a million nested <div>, as they do on as many
    attributes of one tag.
    """
    flat = _TAG_NAME.sub(_flat_tag, html.replace("\n", " "))
    flat = _LONG_TAG.sub("<wbr", flat)
    return LexborHTMLParser(without_markup(flat) if has_too_many_attributes(flat) else flat)


def _flat_tag(tag: re.Match[str]) -> str:
    name = tag[1].lower()
    if name in _UNREAD_TAGS:
        return tag[0]
    if name in _PARAGRAPH_TAGS:
        return "\n\n<wbr"
    return "\n<wbr" if name == "br" else "<wbr"


def _tidy(text: str) -> str:
    """One space between words, one newline between lines, one blank line between paragraphs."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    tidy: list[str] = []
    for line in lines:
        if line or (tidy and tidy[-1]):
            tidy.append(line)
    return "\n".join(tidy).strip()
