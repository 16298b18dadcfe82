"""Bodies: what markup survives, and into which blocks a page divides them."""

from __future__ import annotations

import time
from random import Random

import pytest
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from newsroom.articles.body import sanitize_body, split_body
from newsroom.articles.cleaning import clean
from tests.hostile.texts import TEXTS


def _html(body: str) -> str:
    return "".join(block.html for block in split_body(body))


@pytest.mark.parametrize(
    "text", ["", "One line", "5 < 6 & 7 > 3", "I <3 this town", "R&amp;D", "first\n\nsecond"]
)
def test_plain_text_is_stored_as_it_is(text: str) -> None:
    assert sanitize_body(text) == text


def test_plain_text_is_divided_at_blank_lines_and_escaped() -> None:
    blocks = split_body("One & <two\nsame paragraph\n \n\nThree")
    assert [block.html for block in blocks] == [
        "<p>One &amp; &lt;two<br>same paragraph</p>",
        "<p>Three</p>",
    ]
    assert all(block.is_paragraph for block in blocks)


def test_html_is_divided_at_top_level_elements() -> None:
    blocks = split_body(
        "<p>One</p><h2>Heading</h2>loose <b>text</b> here<ul><li>a</li><li>b</li></ul><p></p><hr>"
    )
    assert [(block.html, block.is_paragraph) for block in blocks] == [
        ("<p>One</p>", True),
        ("<h2>Heading</h2>", False),
        ("<p>loose <b>text</b> here</p>", True),
        ("<ul><li>a</li><li>b</li></ul>", False),
        ("<hr>", False),
    ]


def test_wrappers_are_opened_up() -> None:
    assert _html("<div><section><p>One</p></section><p>Two</p></div>") == "<p>One</p><p>Two</p>"


def test_inline_markup_keeps_the_paragraphs_of_blank_lines() -> None:
    assert _html("First <b>bold</b>.\n\nSecond.") == "<p>First <b>bold</b>.</p><p>Second.</p>"


def test_a_page_has_one_top_heading() -> None:
    assert sanitize_body("<h1 class=x>Title</h1><p>Text</p>") == "<h2>Title</h2><p>Text</p>"


ATTACKS = [
    "<script>alert(1)</script><p>x</p>",
    "<p onclick=alert(1)>x</p>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" jAvAscript&#58;alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    "<svg/onload=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img onload=x&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    '<iframe src="https://evil.example"></iframe>',
    '<p style="background:url(javascript:alert(1))">x</p>',
    "<form action=https://evil.example><input></form>",
    "<<script>alert(1)//<</script>",
    "<p>ok</p><scr<script>ipt>alert(1)</scr</script>ipt>",
    '<base href="https://evil.example">',
    "<style>@import 'https://evil.example'</style>",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_script_survives(attack: str) -> None:
    for html in (sanitize_body(attack), _html(attack)):
        tags = html.lower().replace("&lt;", "")
        for bad in ("<script", "<svg", "<iframe", "<style", "<form", "<base", "<math", "<noscript"):
            assert bad not in tags
        for bad in (" onerror=", " onclick=", " onload=", " style=", 'href="javascript', 'href="d'):
            assert bad not in tags


@given(st.text(alphabet="<>/pbdiv h1 a=\"'&;#x\n!-scrt", max_size=80))
def test_sanitizing_twice_changes_nothing(body: str) -> None:
    once = sanitize_body(body)
    assert sanitize_body(once) == once


@given(st.text(max_size=200))
def test_any_text_gives_safe_blocks(text: str) -> None:
    for block in split_body(text):
        assert isinstance(block.html, SafeString)
        assert "<script" not in block.html


def test_links_and_images_stay() -> None:
    html = (
        '<p><a href="https://example.org/a?b=1&amp;c=2" title="t">link</a> and '
        '<a href="/articles/x/">ours</a></p>'
        '<figure><img src="https://example.org/i.jpg" alt="A boat">'
        "<figcaption>Caption</figcaption></figure>"
    )
    assert sanitize_body(html) == html
    assert _html(html) == html


@pytest.mark.parametrize(
    "hostile",
    ["<div>" * 200_000, "<p>" + "&" * 900_000, "<a href=x><div>" * 60_000, "<a " * 300_000],
)
def test_hostile_markup_costs_little_time(hostile: str) -> None:
    start = time.monotonic()
    blocks = split_body(hostile + "the words")
    assert time.monotonic() - start < 10
    assert all("<div" not in block.html for block in blocks)


@pytest.mark.parametrize("kind", [kind for kind in TEXTS if "attributes" in kind])
def test_attributes_without_number_cost_little_time(kind: str) -> None:
    for seed in range(4):  # every third has the full size
        start = time.process_time()
        body = sanitize_body(clean(TEXTS[kind](Random(seed))))
        split_body(body)
        assert time.process_time() - start < 1


def test_two_hundred_attributes_are_not_too_many() -> None:
    attributes = " ".join(f'data-{number}="x > y"' for number in range(200))
    assert _html(f"<p {attributes}><b>Words</b></p>") == "<p><b>Words</b></p>"


@pytest.mark.parametrize(
    "block",
    [
        "<p><b>A heading of sorts</b></p>",
        "<p><strong>Another <em>one</em></strong></p>",
        "<p><img src='/i.jpg' alt='A boat'> seen</p>",
        "<img src='/i.jpg' alt='A boat'>",
        "<p>- first<br>- second</p>",
        "<p>https://video.example/watch?v=1</p>",
        "<blockquote><p>Said</p></blockquote>",
        "<table><tr><td>1</td></tr></table>",
    ],
)
def test_what_only_looks_like_a_paragraph_is_none(block: str) -> None:
    shown = split_body(f"<p>One.</p>{block}<p>Two <b>bold</b>.</p>")
    assert [each.is_paragraph for each in shown] == [True, False, True]


@pytest.mark.parametrize(
    "text", ["* first\n* second", "1. first", "> quoted", "https://a.example/b"]
)
def test_plain_text_has_lists_quotes_and_embeds_too(text: str) -> None:
    blocks = split_body(f"One.\n\n{text}\n\n1907 was a year.")
    assert [block.is_paragraph for block in blocks] == [True, False, True]
