"""Text as archives write it -> text as a site stores it."""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin, urlsplit

from related.text import clean_text, plain_line

_CONTROLS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|&(?:#\d+|#x[0-9a-fA-F]+|[A-Za-z]\w*);")
_LINK = re.compile(
    r"""(<(?:a|img)\b[^<>]*?\b(?:href|src)\s*+=\s*+)(["'])((?:(?!\2)[^<>]){1,2000})\2""",
    re.IGNORECASE,
)
_TRACKING_PIXEL = re.compile(
    r"""<img\b(?=[^<>]*\bwidth=["']?1["'\s/>])(?=[^<>]*\bheight=["']?1["'\s/>])[^<>]*>""",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.-]*:)")
_LANGUAGE = re.compile(r"^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$")
MAX_OPENING_CHARACTERS = 80
MAX_TEXT_BYTES = 4_000


def one_line(text: str) -> str:
    """The text without unstorable characters, in NFC, every run of white space as one space."""
    return re.sub(r"\s+", " ", clean_text(_CONTROLS.sub("", text))).strip()


def as_text(text: str) -> str:
    """A title, summary or name, which may be HTML, as people read it."""
    return one_line(plain_line(text, MAX_TEXT_BYTES))


def title_or_opening(title: str, body: str) -> str:
    """The title as people read it; where a feed gives none, as its format allows, the first words
    of the text."""
    line = as_text(title)
    if line:
        return line
    opening = as_text(body[: MAX_TEXT_BYTES * 4])
    if len(opening) <= MAX_OPENING_CHARACTERS:
        return opening
    return opening[:MAX_OPENING_CHARACTERS].rpartition(" ")[0].rstrip(" .,;:") + "…"


def as_html(text: str) -> str:
    """Plain text that looks like markup, escaped; other plain text as it is."""
    return html.escape(text, quote=False) if _MARKUP.search(text) else text


def absolute_links(body: str, base: str) -> str:
    """HTML with the relative addresses of links and images completed, without pixels that count
    readers."""
    body = _TRACKING_PIXEL.sub("", body)
    if not base:
        return body

    def complete(found: re.Match[str]) -> str:
        address = html.unescape(found[3])
        if not address.strip() or address.strip()[0] == "#" or _SCHEME.match(address):
            return found[0]
        full = joined(base, address)
        return f"{found[1]}{found[2]}{html.escape(full)}{found[2]}" if full else found[0]

    return _LINK.sub(complete, body)


def joined(base: str, address: str) -> str:
    """The address, completed by ``base``; "" for none, and for one that is not of the web."""
    if not address.strip():
        return ""
    try:
        full = urljoin(base, address.strip())
        parts = urlsplit(full)
    except ValueError:
        return ""
    return full if parts.scheme in {"http", "https"} and parts.hostname else ""


def language_code(value: object) -> str:
    """A language as a feed writes it ("en_US", "EN-us"); "" for what is no code."""
    if not isinstance(value, str):
        return ""
    code = value.strip().replace("_", "-").lower()
    return code if len(code) <= 16 and _LANGUAGE.match(code) else ""


def short_names(names: list[str], longest: int = 100) -> list[str]:
    """Names of one line, each once, without what is empty or far too long for a name."""
    lines = (as_text(name) for name in names if name)
    return list(dict.fromkeys(line for line in lines if 0 < len(line) <= longest))
