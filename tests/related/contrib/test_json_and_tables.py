"""JSON Lines, JSON and CSV: what becomes a row, and what is refused with its line."""

from __future__ import annotations

import json
from typing import Any

import pytest

from related.contrib.importing.decoding import CHUNK_BYTES
from tests.related.contrib.archives import Read, notices, refusals, rows

FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "The Harbor Post",
    "home_page_url": "https://post.example/",
    "language": "en-GB",
    "authors": [{"name": "Ann"}],
    "items": [
        {
            "id": "https://post.example/1",
            "url": "/one",
            "title": "One & only",
            "content_html": '<p>See <a href="two">two</a>.</p>',
            "summary": "<b>Short</b>",
            "date_published": "2026-03-02T06:00:00Z",
            "tags": ["boats", 5],
            "image": "/i.jpg",
        },
        {"id": 2, "title": "Two", "content_text": "1 <b> 2"},
    ],
}


def test_an_array_of_articles(read_text: Read) -> None:
    found = read_text('[\n{"title": "One"},\n{"title": "Two", "tags": ["a"]}\n]')
    assert rows(found) == [{"title": "One"}, {"title": "Two", "tags": ["a"]}]
    assert [str(each.where) for each in found] == ["line 2", "line 3"]


@pytest.mark.parametrize("indent", [None, 2])
def test_a_json_feed(read_text: Read, indent: int | None) -> None:
    one, two = rows(read_text(json.dumps(FEED, indent=indent)))
    assert one == {
        "id": "https://post.example/1",
        "title": "One & only",
        "body": '<p>See <a href="https://post.example/two">two</a>.</p>',
        "excerpt": "Short",
        "published_at": "2026-03-02T06:00:00+00:00",
        "tags": ["boats"],
        "language": "en-gb",
        "url": "https://post.example/one",
        "source": "The Harbor Post",
        "authors": ["Ann"],
        "image_url": "https://post.example/i.jpg",
    }
    assert (two["id"], two["body"]) == ("post.example/2", "1 &lt;b&gt; 2")


def test_what_wordpress_answers(read_text: Read) -> None:
    answer = {"id": 7, "title": {"rendered": "A post"}, "content": {"rendered": "<p>Text</p>"}}
    answer |= {"date": "2026-03-02T07:00:00", "date_gmt": "2026-03-02T06:00:00", "author": 1}
    [row] = rows(read_text(json.dumps([answer])))
    assert (row["title"], row["body"]) == ("A post", "<p>Text</p>")
    assert row["published_at"] == "2026-03-02T06:00:00Z"
    assert "authors" not in row


def test_a_bad_value_costs_itself_alone(read_text: Read) -> None:
    found = read_text('[{"title": "One"},\n{"title": One},\n"text",\n7,\n{"title": "Two"}\n]')
    assert [row["title"] for row in rows(found)] == ["One", "Two"]
    assert [reason.split(":")[0] for reason in refusals(found)] == ["line 2", "line 3", "line 4"]


def test_objects_in_a_row_and_one_alone(read_text: Read) -> None:
    spread = '{\n "title": "%s",\n "tags": [\n "a"\n ]\n}\n'
    assert [row["title"] for row in rows(read_text(spread % "One"))] == ["One"]
    both = read_text(spread % "One" + spread % "Two")
    assert [row["title"] for row in rows(both)] == ["One", "Two"]


def test_the_end_of_the_file_within_a_value(read_text: Read) -> None:
    found = read_text('[{"title": "One"},\n{"title": "Tw')
    assert rows(found) == [{"title": "One"}]
    assert refusals(found) == ["line 2: the file ends within this value"]


def test_values_across_the_pieces_that_a_file_is_read_in(read_text: Read) -> None:
    bodies = ["\\" * n + '"]},{[' * 9 + "x" * (CHUNK_BYTES - 50 + n) for n in range(40)]
    articles: list[dict[str, Any]] = [{"title": "t", "body": body} for body in bodies]
    assert rows(read_text(json.dumps(articles))) == articles


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table(read_text: Read, delimiter: str) -> None:
    lines = [
        "ID,Headline,Text,Pubdate,Tags,Unknown",
        '1001.0,One,"Two',
        'lines",,"a; b",x',
        ",,,,,",
    ]
    found = read_text("\r\n".join(lines).replace(",", delimiter))
    [row] = rows(found)
    assert {key: row[key] for key in ("id", "title", "body", "tags")} == {
        "id": "1001",
        "title": "One",
        "body": "Two\r\nlines",
        "tags": ["a", "b"],
    }
    assert "published_at" not in row
    assert str(found[0].where) == "line 2"


def test_rows_that_do_not_fit_the_table(read_text: Read) -> None:
    found = read_text("title,body\nOne,a,b\nTwo\nThree,x,\n")
    assert [row["title"] for row in rows(found)] == ["Two", "Three"]
    assert refusals(found) == ["line 2: it has 3 columns, the first line names 2"]


def test_a_quote_that_is_never_closed(read_text: Read) -> None:
    found = read_text('title,body\nOne,"a\n' + ("x" * 9_999 + "\n") * 610)
    assert refusals(found)[0].startswith("line 2: it is no row of a table: field larger")


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_encodings_of_tables(read_text: Read, encoding: str) -> None:
    found = read_text("title,body\nCafé,“Text”\n".encode(encoding))
    assert rows(found) == [{"title": "Café", "body": "“Text”"}]
    is_mended = notices(found) == [
        "line 2: from here on, bytes that are not UTF-8 are read as Windows-1252"
    ]
    assert is_mended == (encoding == "cp1252")
    [refusal] = refusals(read_text("body\nText\n", format="csv"))
    assert refusal == "line 1: no column of the first line is called “title”"
