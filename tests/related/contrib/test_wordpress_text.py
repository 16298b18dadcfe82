"""WordPress' marks in a text: what a reader would see stays."""

from __future__ import annotations

import pytest

from related.contrib.importing.wordpress_text import article_html

IMAGE = '<img src="https://post.example/i.jpg" alt="">'
TEXTS = [
    ("Plain\ntext", "Plain\ntext"),
    ("One\n\n\nTwo <i>x</i>\nthree", "<p>One</p>\n\n<p>Two <i>x</i><br>three</p>"),
    ("<h2>Head</h2>\nText <b>b</b>", "<h2>Head</h2>\nText <b>b</b>"),
    ("A <b>b</b>\n\n<pre>x\n\ny</pre>\n\nC", "<p>A <b>b</b></p>\n\n<pre>x\n\ny</pre>\n\n<p>C</p>"),
    (
        '<!-- wp:paragraph {"a":1} -->\n<p>One</p>\n<!-- /wp:paragraph -->\n\n<!--more-->',
        "<p>One</p>",
    ),
    (
        f'[caption id="a" width="9"]{IMAGE} The harbor[/caption]',
        f"<figure>{IMAGE}<figcaption>The harbor</figcaption></figure>",
    ),
    (
        "[embed]https://video.example/1[/embed]",
        '<p><a href="https://video.example/1">https://video.example/1</a></p>',
    ),
    ('[gallery ids="1,2"]', ""),
    ("[vc_row][vc_column width='1/2']Kept[/vc_column][/vc_row]", "Kept"),
    ('[box title="x"]Kept[/box]', "Kept"),
    ("He said [sic] it [1] and [see note]", "He said [sic] it [1] and [see note]"),
    ("Write [[gallery]] for one", "Write [gallery] for one"),
    ("Never closed <!-- a\n\ncomment", "Never closed"),
]


@pytest.mark.parametrize(("text", "read"), TEXTS)
def test_what_a_reader_sees(text: str, read: str) -> None:
    assert article_html(text) == read
    assert article_html(text.replace("\n", "\r\n")) == read


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "mark", ["<pre", "[caption]<img>", "<!--", "[a b='", "[[a]", "[embed]http://", "<a href='"]
)
def test_marks_that_are_never_closed_cost_no_more_than_others(mark: str) -> None:
    assert article_html(mark * (1_000_000 // len(mark))) is not None
