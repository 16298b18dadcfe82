"""Where the inline links stand in a body."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.articles.body import split_body
from newsroom.articles.inline_place import AFTER, divide

HTML = {
    "p": "<p>Text.</p>",
    "h": "<h2>Heading</h2>",
    "l": "<ul><li>Item</li></ul>",
    "q": "<blockquote><p>Quote</p></blockquote>",
    "f": '<figure><img src="https://example.org/i.jpg" alt="A boat"></figure>',
}


def divided(body: str) -> str:
    """The body in letters, with "|" for the links; without it where they stand below the text."""
    parts = divide(split_body("".join(HTML[letter] for letter in body)))
    place = len(parts.before)
    assert place + len(parts.after) == len(body)
    return f"{body[:place]}|{body[place:]}" if parts.has_place else body


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", "|"),
        ("p", "p|"),
        ("ppp", "ppp|"),
        ("ppppp", "ppp|pp"),
        ("pphppp", "pphp|pp"),
        ("pppqpphpp", "pppqp|phpp"),
        ("ppphplplp", "ppphplplp|"),  # nothing between two paragraphs after the third
        ("pppl", "pp|pl"),
        ("phplfpq", "phplfpq"),
        ("l", "l"),
        ("hp", "hp|"),
    ],
)
def test_the_links_stand_after_the_third_paragraph_or_where_they_interrupt_nothing(
    body: str, expected: str
) -> None:
    assert divided(body) == expected


@given(st.text(alphabet="pphlqf", max_size=14))
def test_the_links_are_never_beside_anything_but_paragraphs(body: str) -> None:
    shown = divided(body)
    before, bar, after = shown.partition("|")
    if bar:
        assert (before[-1:] or "p") == (after[:1] or "p") == "p"
    else:
        assert "pp" not in body
        assert body[-1] != "p"
    if after:
        assert before.count("p") >= AFTER or "pp" not in after
