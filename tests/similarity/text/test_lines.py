"""Titles, excerpts and names as people read them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from related.similarity.text.lines import plain_line


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Tips &amp; tricks", "Tips & tricks"),
        ("R&amp;amp;D", "R&D"),
        ("Café &#8217;s caf&eacute;", "Café ’s café"),
        ("cafe&#769;", "café"),
        ("Why <b>this</b> &lt;i&gt;matters&lt;/i&gt;", "Why this matters"),
        ("Cut in the <strong>middle of", "Cut in the middle of"),
        ("One<br>two\n\tthree&nbsp;four", "One two three four"),
        ("<p>One.</p><p>Two.</p>", "One. Two."),
        ("AT&T, 5 < 6 & 7 > 2", "AT&T, 5 < 6 & 7 > 2"),
        ("How to use <section> well", "How to use <section> well"),
        ("&lt;joe@example.com&gt; wrote", "<joe@example.com> wrote"),
        ('<a href="/x">Read</a> <!-- no --> on', "Read on"),
        ("<script>alert(1)</script> News", "News"),
        ("<img src=x>", "<img src=x>"),  # markup alone: better that than nothing
        ("", ""),
    ],
)
def test_a_line_is_what_people_read(written: str, read: str) -> None:
    assert plain_line(written) == read


@given(st.text(alphabet="a <>/b&;l=tampgi#3'\"\u0301é", max_size=40))
def test_reading_twice_changes_nothing(text: str) -> None:
    once = plain_line(text)
    assert plain_line(once) == once


@pytest.mark.parametrize("piece", ["&amp;", "amp;", "<", "<a", "<a ", "<b></b>", "&lt;", "\u0301"])
def test_the_time_is_linear(piece: str) -> None:
    began = time.perf_counter()
    assert len(plain_line("&" + piece * 300_000).encode()) <= 200_000
    assert time.perf_counter() - began < 4
