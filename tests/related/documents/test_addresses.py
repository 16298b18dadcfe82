"""Which links of a body lead to a page, by every address that the page has or had."""

from __future__ import annotations

import time

import pytest

from related.addresses import Address, read_address
from related.domain.documents.addresses import address_keys, linked_keys, links_to

HERE = "https://paper.example/articles/here/"
THERE = "https://paper.example/articles/there/"


def leads(body: str, *target: str, own: tuple[str, ...] = (HERE,)) -> bool:
    return links_to(linked_keys(body, own), address_keys(target))


@pytest.mark.parametrize(
    "body",
    [
        f'<a href="{THERE}">x</a>',
        f"<A HREF = '{THERE}'>x</A>",
        f"<a href={THERE}>x</a>",
        '<a href="../there">x</a>',
        '<a href="/articles/there/?utm_source=mail&amp;fbclid=1#top">x</a>',
        '<a href="//www.paper.example/articles/there">x</a>',
        '<a href=" http://paper.example:80/articles/%74here/ ">x</a>',
        f"Read more: {THERE}.",
        f"({THERE})",
        "<p>www.paper.example/articles/there, they say</p>",
        '<a href="/articles/there/?from=home">x</a>',
    ],
)
def test_every_spelling_of_a_link(body: str) -> None:
    assert leads(body, THERE)
    assert leads(body, "/articles/there/", own=("/articles/here/",)) or "www" in body


def test_every_address_that_a_target_has_or_had() -> None:
    origin = "https://archive.example/2019/07.html"
    target = ("/articles/new-slug/", origin, "/articles/old-slug/")
    own = ("/articles/here/", "https://archive.example/2019/06.html")
    for body in (
        f"<a href='{origin}'>",
        "<a href='07.html'>",
        "<a href='/articles/old-slug/'>",
        "https://any.example/articles/new-slug/",
    ):
        assert leads(body, *target, own=own)
    assert not leads("<a href='08.html'>", *target, own=own)


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("https://other.example/articles/there/", THERE),
        ("https://paper.example:8443/articles/there/", THERE),
        ("https://sub.paper.example/articles/there/", THERE),
        ("/articles/There/", THERE),
        ("/story?id=2", "https://paper.example/story?id=1"),
        ("/story?id=2&page=1", "https://paper.example/story?id=2"),
        ("/?p=2", "/?p=1"),
        ("mailto:there@paper.example", THERE),
        ("#top", HERE),
        ("http://[::1", THERE),
    ],
)
def test_another_page_is_not_mistaken_for_the_target(link: str, target: str) -> None:
    assert not leads(f'<a href="{link}">x</a>', target)


def test_where_parameters_name_the_page_they_are_not_passed_over() -> None:
    own = ("https://paper.example/story?id=1",)
    assert not leads('<a href="?id=9">', "https://paper.example/story", own=own)
    assert leads('<a href="?id=9&amp;utm_medium=x">', "https://paper.example/story?id=9", own=own)


def test_no_link_is_lost() -> None:
    body = "".join(f'<a href="/articles/{n}/">{n}</a>' for n in range(5_000))
    linked = linked_keys(body, [HERE])
    missed = [n for n in range(5_000) if not links_to(linked, address_keys([f"/articles/{n}"]))]
    assert missed == []
    assert not links_to(linked, address_keys(["/articles/5000"]))


@pytest.mark.parametrize("piece", ["href=a ", "<a href='", 'href="', "href ", "https://", "www."])
def test_the_time_is_linear(piece: str) -> None:
    began = time.perf_counter()
    linked_keys(piece * 100_000, [HERE, "/x/", "https://archive.example/1"])
    assert time.perf_counter() - began < 4


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://www.Paper.example./A/?b=2&a=1#c", Address("paper.example", "/A", "a=1&b=2")),
        ("/?p=12", Address("", "", "p=12")),
        ("https://münchen.example/ä", Address("xn--mnchen-3ya.example", "/ä", "")),
        ("/a?gid=1&ref=x", Address("", "/a", "gid=1")),
        ("https://paper.example/", None),
        ("javascript:alert(1)", None),
        ("https://paper.example:x/a", None),
        ("", None),
        (None, None),
    ],
)
def test_the_parts_that_name_a_page(url: str | None, address: Address | None) -> None:
    assert read_address(url) == address
