"""An article's body: what markup it may hold, and the blocks that a page shows.

A body is plain text, its paragraphs divided by blank lines, or HTML. This module is the only
one that marks HTML as safe, always straight after sanitizing it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString
from selectolax.lexbor import LexborHTMLParser, LexborNode

from related.text import has_too_many_attributes, without_markup

INLINE = {"a", "abbr", "b", "br", "cite", "code", "del", "em", "i", "img", "ins", "mark", "q", "s"}
INLINE |= {"small", "span", "strong", "sub", "sup", "time", "u"}
WRAPPERS = {"article", "div", "main", "section"}
BLOCKS = {"blockquote", "dd", "dl", "dt", "figcaption", "figure", "h2", "h3", "h4", "h5", "h6"}
BLOCKS |= {"hr", "li", "ol", "p", "pre", "ul"}
BLOCKS |= {"caption", "table", "tbody", "td", "tfoot", "th", "thead", "tr"}

ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "blockquote": {"cite"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "q": {"cite"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "*": {"lang", "dir"},
}

# HTML parsers need quadratic time for some inputs: 200,000 nested <div> took three minutes, a
# million ampersands eleven seconds. Beyond these limits markup is dropped and its text kept.
MAX_DEPTH = 250
MAX_AMPERSANDS = 100_000

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_NEVER_NESTED = {"br", "dd", "dt", "hr", "img", "input", "li", "p", "td", "th", "tr"}
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
# Plain text has its own headings, lists, quotes and embeds: all in bold, a sign before each line,
# an address alone.
_IN_BOLD = ("b", "strong")
_OTHER_THAN_PROSE = re.compile(r"\s*([-*•>]|\d+[.)])\s|\s*https?://\S+\s*\Z")
_TOP_HEADING = re.compile(r"<(/?)h1\b", re.IGNORECASE)


@dataclass(frozen=True)
class Block:
    """One top-level piece of a body: safe HTML, and whether it is a paragraph of prose."""

    html: SafeString
    is_paragraph: bool


def sanitize_body(body: str) -> str:
    """The body as it may be stored: plain text unchanged, HTML reduced to the allowed markup."""
    body = body.replace("\r\n", "\n").strip()
    if has_too_many_attributes(body):  # before any parser sees it
        return without_markup(body).strip()
    if not nh3.is_html(body):
        return body
    if _is_hostile(body):
        return without_markup(body).strip()
    return _sanitize_html(body)


def split_body(body: str) -> list[Block]:
    """The blocks of a stored body, sanitized once more whatever way it got into the database."""
    body = sanitize_body(body)
    if not nh3.is_html(body):
        return [_plain_paragraph(part) for part in _BLANK_LINES.split(body) if part.strip()]
    root = LexborHTMLParser(body).body
    return [] if root is None else list(_blocks_of(root))


def _blocks_of(root: LexborNode) -> Iterator[Block]:
    """Top-level elements, wrappers opened up; loose text and inline markup become paragraphs."""
    loose: list[str] = []
    for node in root.iter(include_text=True):
        tag = node.tag or ""
        if tag == "-text" or tag in INLINE:
            loose.append(node.html or "")
            continue
        yield from _loose_paragraphs(loose)
        loose = []
        if tag in WRAPPERS:
            yield from _blocks_of(node)
        elif tag == "hr" or node.text(strip=True) or node.css_first("img") is not None:
            yield Block(_safe(node.html or ""), is_paragraph=tag == "p" and _is_prose(node))
    yield from _loose_paragraphs(loose)


def _loose_paragraphs(parts: list[str]) -> Iterator[Block]:
    for part in _BLANK_LINES.split("".join(parts)):
        if part.strip():
            html = _safe(f"<p>{part.strip()}</p>")
            paragraph = LexborHTMLParser(html).css_first("p")
            yield Block(html, is_paragraph=paragraph is not None and _is_prose(paragraph))


def _plain_paragraph(text: str) -> Block:
    lines = "<br>".join(escape(line.strip()) for line in text.strip().split("\n"))
    return Block(SafeString(f"<p>{lines}</p>"), is_paragraph=not _OTHER_THAN_PROSE.match(text))


def _is_prose(paragraph: LexborNode) -> bool:
    """Whether it is running text: no picture, no heading, list or embed that was written as one."""
    text = paragraph.text()
    if not text.strip() or paragraph.css_first("img") is not None or _OTHER_THAN_PROSE.match(text):
        return False
    in_bold = [node.text().strip() for node in paragraph.css(",".join(_IN_BOLD))]
    return text.strip() not in in_bold


def _safe(html: str) -> SafeString:
    return SafeString(_sanitize_html(html))


def _sanitize_html(html: str) -> str:
    return nh3.clean(
        _TOP_HEADING.sub(r"<\1h2", html),  # the page's only h1 is the article's title
        tags=INLINE | WRAPPERS | BLOCKS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    ).strip()


def _is_hostile(html: str) -> bool:
    if html.count("&") > MAX_AMPERSANDS:
        return True
    depth = 0
    for closing, name in _TAG.findall(html):
        if name.lower() in _NEVER_NESTED:
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        if depth > MAX_DEPTH:
            return True
    return False
