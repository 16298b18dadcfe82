"""WordPress' own marks in a text: block comments, shortcodes, paragraphs without tags."""

from __future__ import annotations

import re
from html import escape

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_NAME = r"[A-Za-z][\w-]{1,60}"
_ATTRIBUTES = r"""(?P<attributes>(?:[^\[\]<>"']++|"[^"\[\]]*"|'[^'\[\]]*')*+)"""
_SHORTCODE = re.compile(
    rf"\[(?P<open>\[)?(?P<close>/)?(?P<name>{_NAME})(?=[\s\]/=]){_ATTRIBUTES}\](?P<shut>\])?"
)
_ATTRIBUTE = re.compile(r"""[\w-]+\s*=\s*["'\w]""")
_CAPTION = re.compile(
    r"\[(?:wp_)?caption\b[^\]]*\]\s*((?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?)(.*?)\[/(?:wp_)?caption\]",
    re.DOTALL | re.IGNORECASE,
)
_EMBED = re.compile(r"\[embed\b[^\]]*\]\s*(https?://[^\s\[<]+)\s*\[/embed\]", re.IGNORECASE)
# Those that WordPress and its best-known plugins bring; any other is known by its attributes or by
# its closing tag, for in a text "[sic]" is a word.
KNOWN = {"audio", "video", "playlist", "gallery", "embed", "caption", "wp_caption", "more"}
KNOWN |= {"contact-form", "contact-form-7", "gravityform", "youtube", "vimeo", "tweet", "toc"}
KNOWN |= {"jetpack-related-posts", "related_posts", "nggallery", "slideshow", "googlemaps"}

# Looking for the end of each takes quadratic time where none has one.
MAX_MARKS = 300

_BLOCK_TAG = (
    r"address|article|aside|blockquote|details|div|dl|fieldset|figure|footer|form|h[1-6]|header|hr|"
    r"iframe|main|nav|ol|p|pre|section|table|ul"
)
_BLOCKS = re.compile(rf"<(?:{_BLOCK_TAG})\b", re.IGNORECASE)
_STARTS_OR_ENDS_BLOCK = re.compile(rf"^</?(?:{_BLOCK_TAG}|li|td|tr|th|dd|dt)\b", re.IGNORECASE)
_PRE = re.compile(r"(<pre\b.*?</pre>)", re.DOTALL | re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
_BLOCK_COMMENT = re.compile(r"<!--\s*/?wp:")


def article_html(text: str) -> str:
    """The text that a reader sees: marks taken out, what stands within them kept."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if max(text.lower().count(mark) for mark in ("<pre", "[caption", "[wp_caption")) > MAX_MARKS:
        return _COMMENT.sub("", text)
    has_blocks = bool(_BLOCK_COMMENT.search(text))
    text = without_shortcodes(_COMMENT.sub("", text))
    return text.strip() if has_blocks else with_paragraphs(text)


def without_shortcodes(text: str) -> str:
    """Captions become figures and embeds links; of other shortcodes only their content stays."""
    if "[" not in text:
        return text
    text = _CAPTION.sub(_figure, text)
    text = _EMBED.sub(
        lambda found: f'<p><a href="{escape(found[1])}">{escape(found[1])}</a></p>', text
    )
    closed = {found["name"] for found in _SHORTCODE.finditer(text) if found["close"]}

    def without(found: re.Match[str]) -> str:
        if found["open"] and found["shut"]:  # [[gallery]] shows how one is written
            return found[0][1:-1]
        name = found["name"]
        if name in closed or name.lower() in KNOWN or _ATTRIBUTE.search(found["attributes"]):
            return ("[" if found["open"] else "") + ("]" if found["shut"] else "")
        return found[0]

    return _SHORTCODE.sub(without, text)


def with_paragraphs(text: str) -> str:
    """What the classic editor leaves to the page: blank lines divide paragraphs, newlines break."""
    if "<" not in text:  # plain text has the same rule everywhere
        return text.strip()
    pieces = _PRE.split(text)
    pieces[::2] = [
        "\n\n".join(map(_paragraph, _BLANK_LINES.split(piece.strip()))) for piece in pieces[::2]
    ]
    return "\n\n".join(filter(None, pieces))


def _paragraph(text: str) -> str:
    text = text.strip()
    if not text or _BLOCKS.search(text) or _STARTS_OR_ENDS_BLOCK.match(text):
        return text
    lines = [line.strip() for line in text.split("\n")]
    return f"<p>{'<br>'.join(lines)}</p>"


def _figure(found: re.Match[str]) -> str:
    caption = found[2].strip()
    shown = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f"\n\n<figure>{found[1]}{shown}</figure>\n\n"
