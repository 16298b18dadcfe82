"""Every word of a template goes through gettext, and every date has the reader's format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

ROOT = Path(__file__).parents[1]
TEMPLATES = sorted(
    path for package in ("related", "newsroom") for path in (ROOT / package).rglob("*.html")
)
LETTER = re.compile(r"[^\W\d_]")
SHOWN_ATTRIBUTES = {"title", "alt", "aria-label", "placeholder", "data-label"}
NOT_SHOWN = {"script", "style", "kbd"}  # a key is called the same in every language
# In a tag: a text that a filter puts in the place of a value, and a date in one country's format.
PLAIN_TEXT = re.compile(r"""\|(?:default|default_if_none|yesno|pluralize):["'][^"']*[^\W\d_]""")
PLAIN_DATE = re.compile(r"""\|(?:date|time):(["'])(?!c\1|[A-Z_]+_FORMAT\1)""")
NOW = re.compile(r"""^now (["'])(?!Y-m-d\1|[A-Z_]+_FORMAT\1)""")


class ShownText(HTMLParser):
    """Collects what a reader of a page sees, or hears from a screen reader."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(tag)
        named = dict(attrs)
        names = set(SHOWN_ATTRIBUTES)
        if tag == "input" and named.get("type") != "hidden":
            names.add("value")
        if tag == "meta" and named.get("name") == "description":
            names.add("content")
        self.texts += [value for name, value in attrs if name in names and value]

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._open or self._open[-1] not in NOT_SHOWN:
            self.texts.append(data)


def untranslated(source: str) -> Iterator[str]:
    """The texts of a template that are the same in every language."""
    html = ShownText()
    plain = []
    is_words = True
    for token in Lexer(source).tokenize():
        if token.token_type in {TokenType.BLOCK, TokenType.VAR}:
            name = token.contents.partition(" ")[0]
            if name == "blocktranslate" or token.contents == "block bodyclass":  # or a CSS class
                is_words = False
            elif name in {"endblocktranslate", "endblock"}:
                is_words = True
            dates = PLAIN_DATE.search(token.contents) and name not in {"if", "elif"}
            if dates or PLAIN_TEXT.search(token.contents) or NOW.search(token.contents):
                yield token.contents
        elif token.token_type == TokenType.TEXT and is_words:
            plain.append(token.contents)
    html.feed("".join(plain))
    html.close()
    yield from (" ".join(text.split()) for text in html.texts if LETTER.search(text))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_word_of_a_template_is_translated(path: Path) -> None:
    assert list(untranslated(path.read_text())) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Approve</p>", ["Approve"]),
        ('<p class="quiet">{{ n }} links</p>', ["links"]),
        ('<button title="Up">↑</button>', ["Up"]),
        ('<input type="submit" value="Save">', ["Save"]),
        ('<input type="hidden" name="q" value="bridge">', []),
        ('<nav aria-label="{% translate "Pages" %}">→</nav>', []),
        ('<p aria-label="Rejected {{ title }}">{% translate "Rejected" %}</p>', ["Rejected"]),
        ("<p>{% blocktranslate %}By {{ name }}{% endblocktranslate %}, today</p>", [", today"]),
        ("<kbd>j</kbd> <kbd>k</kbd>", []),
        ('{{ editor|default:"somebody" }}', ['editor|default:"somebody"']),
        ('{{ editor|default:_("somebody") }}', []),
        ('{{ at|date:"j M Y" }}', ['at|date:"j M Y"']),
        ("{{ at|date:'c' }}{{ at|date:\"DATE_FORMAT\" }}", []),
        ('{% now "l, F j" %}', ['now "l, F j"']),
    ],
)
def test_what_is_not_translated_is_found(source: str, found: list[str]) -> None:
    assert list(untranslated(source)) == found
