"""import_articles: rows that are refused, each with its reason, while the others go in."""

from __future__ import annotations

from typing import Any

import pytest

from newsroom.articles.models import Article
from related.contrib.importing.limits import MAX_ITEM_CHARACTERS
from tests.newsroom.import_runs import Import

pytestmark = pytest.mark.django_db

NESTED = b'{"title": "x", "tags": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"

BAD: list[tuple[Any, str]] = [
    (b"{not json", "it is not JSON"),
    (b'"text"', "it is not a JSON object"),
    (b"[1]", "it is not a JSON object"),
    (b'{"title": "\xff"}', "it is not UTF-8 text (byte 12 of the line)"),
    (NESTED, "nested too deeply"),
    (b'{"title": "x", "id": ' + b"9" * 5000 + b"}", "thousands of digits"),
    ({"body": "no title"}, "it has no title"),
    ({"title": " \n "}, "it has no title"),
    ({"title": None}, "it has no title"),
    ({"title": "\x01\x02"}, "it has no title"),
    ({"title": "\u200b \ufeff"}, "it has no title"),
    ({"title": 7}, '"title" must be text, not a number'),
    ({"title": "x" * 1001}, '"title" has 1,001 characters; 1,000 are allowed'),
    ({"title": "a\x00b"}, '"title" contains a NUL character'),
    (b'{"title": "a\\ud800b"}', '"title" contains a lone surrogate'),
    (b'{"title": "t", "body": "\\u0000"}', '"body" contains a NUL character'),
    (b'{"title": "t", "tags": ["\\udc00"]}', '"tags" contains a lone surrogate'),
    ({"title": "t", "body": "x" * 5_000_000}, '"body" has 5,000,000 bytes; 1,000,000 are allowed'),
    ({"title": "t", "body": ["x"]}, '"body" must be text, not a list'),
    ({"title": "t", "body": {"a": 1}}, '"body" must be text, not an object'),
    ({"title": "t", "published_at": "yesterday"}, "not a date that can be read: 'yesterday'"),
    ({"title": "t", "published_at": "2024-02-30"}, "not a date that can be read"),
    ({"title": "t", "published_at": "0001-01-01T00:00:00+14:00"}, "not a date that can be read"),
    ({"title": "t", "published_at": True}, '"published_at" must be text, not true or false'),
    ({"title": "t", "published_at": 1e300}, "not a date that can be read"),
    ({"title": "t", "status": "live"}, "it may be one of: draft, scheduled, published, withdrawn"),
    ({"title": "t", "status": "scheduled"}, 'it is scheduled but has no "published_at"'),
    ({"title": "t", "section": 5}, '"section" must be text'),
    ({"title": "t", "section": "x" * 101}, '"section" has 101 characters'),
    ({"title": "t", "language": "English"}, '"language" is not a language code'),
    ({"title": "t", "url": "javascript:alert(1)"}, '"url" is not an http or https address'),
    ({"title": "t", "image_url": "/i.jpg"}, '"image_url" is not an http or https address'),
    ({"title": "t", "tags": "a, b"}, '"tags" must be a list of names, not text'),
    ({"title": "t", "authors": [1]}, '"authors" must be text, not a number'),
    ({"title": "t", "id": True}, '"id" must be text, not true or false'),
    ({"title": "t", "id": 1.5}, '"id" must be text, not a number'),
    (b'{"title": "t", "id": NaN}', '"id" must be text, not a number'),
    ({"title": "t", "id": "x" * 201}, '"id" has 201 characters'),
]


@pytest.mark.parametrize(("bad", "reason"), BAD, ids=[reason[:40] for _, reason in BAD])
def test_bad_row_is_reported_and_the_others_go_in(run: Import, bad: Any, reason: str) -> None:
    result = run({"id": "1", "title": "First"}, bad, {"id": "3", "title": "Third"})
    assert result.code == 1
    [line] = [line for line in result.err.splitlines() if line.startswith("line ")]
    assert line.startswith("line 2: ")
    assert reason in line
    assert "2 articles created" in result.out
    assert "1 row refused" in result.out
    assert set(Article.objects.values_list("title", flat=True)) == {"First", "Third"}


def test_a_line_too_long_to_read_is_passed_over(run: Import) -> None:
    long = {"title": "y" * (MAX_ITEM_CHARACTERS - 5)}
    result = run(b" " * (3 * MAX_ITEM_CHARACTERS), {"title": "Fine"}, long)
    assert "line 1: the line is longer than 6,000,000 bytes" in result.err
    assert "line 3: the line is longer" in result.err
    assert Article.objects.get().title == "Fine"
