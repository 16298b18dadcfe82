"""The format is told from the content."""

from __future__ import annotations

import pytest

from related.contrib.importing.detecting import detect
from tests.related.contrib.archives import RSS, WXR

FORMATS = [
    ("jsonl", '{"title": "One"}\n{"title": "Two"}\n'),
    ("jsonl", '\ufeff{"title": "One"}'),
    ("jsonl", '{not json\n{"title": "Two"}\n'),
    ("jsonl", '{"title": "One", "body": "' + "x" * 300_000),
    ("jsonl", ""),
    ("jsonl", "  \n\n"),
    ("json", '[{"title": "One"}]'),
    ("json", '{\n  "title": "One",\n  "body": "Spread out"\n}\n'),
    ("json", '{"version": "https://jsonfeed.org/version/1.1", "items": []}'),
    ("json", '{\n"articles": [\n{"title": "One"}\n]}'),
    ("rss", RSS.format("")),
    (
        "rss",
        '<?xml version="1.0"?><!-- <rss> is next --><feed xmlns="http://www.w3.org/2005/Atom">',
    ),
    ("rss", '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'),
    ("rss", '<entry xmlns="http://www.w3.org/2005/Atom"><title>One</title></entry>'),
    ("wxr", WXR.format("")),
    ("csv", "id,title,body\n1,One,Text\n"),
    ("csv", "ID;Headline;Text\n1;One;Text\n"),
    ("csv", "\ufefftitle\tbody\nOne\tText"),
    (None, "name of a recipe\nflour\n"),
    (None, "<html><head><title>Moved</title></head></html>"),
    (None, "\x89PNG\r\n\x1a\n\x00\x00\x00"),
    (None, "%PDF-1.7 title,body"),
]


@pytest.mark.parametrize(("kind", "text"), FORMATS)
def test_what_a_file_begins_with_tells_its_format(kind: str | None, text: str) -> None:
    assert detect(text.encode()) == kind


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_wide_encoding_hides_nothing(encoding: str) -> None:
    assert detect(RSS.format("").encode(encoding)) == "rss"
