"""Hostile and odd XML: nothing is expanded or fetched, and nothing else in the file is lost."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from related.contrib.importing.xml_items import XMLItems
from tests.related.contrib.archives import RSS, WXR, Read, notices, post, refusals, rows

GOOD = "<item><title>Good</title></item>"
LAUGHS = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "{}">]>\n'.format("&a;" * 50)


def test_entities_are_never_expanded(read_text: Read, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    external = f'<!DOCTYPE rss [<!ENTITY xxe SYSTEM "{secret.as_uri()}">\n<!ENTITY b "ha">]>\n'
    for doctype, name in ((LAUGHS, "b"), (external, "xxe")):
        bad = f"\n<item><title>&{name};</title></item>"
        found = read_text(doctype + RSS.format(GOOD + bad + GOOD))
        assert [row["title"] for row in rows(found)] == ["Good", "Good"]
        [refusal] = refusals(found)
        assert f"it refers to &{name};, which the file declares" in refusal
        [notice] = notices(found)
        assert notice.startswith("line 1: the file declares entities of its own")
        assert "ha" not in str(rows(found))
        assert "secret" not in str(rows(found))


def test_an_entity_in_an_export(read_text: Read) -> None:
    export = WXR.format(post(title="&b;") + post(wp_post_id="8"))
    found = read_text(export.replace("<rss", LAUGHS + "<rss", 1))
    assert len(rows(found)) == 1
    assert "it refers to &b;" in refusals(found)[0]


def test_a_document_type_within_an_item(read_text: Read) -> None:
    inner = '<item><!DOCTYPE x [<!ENTITY a "ha">]><title>&a;</title></item>'
    found = read_text(RSS.format(GOOD + inner + GOOD))
    assert [row["title"] for row in rows(found)] == ["Good", "Good"]
    assert len(refusals(found)) == 1


def test_nothing_is_fetched_and_no_file_opened(read_text: Read, tmp_path: Path) -> None:
    linked = tmp_path / "linked.xml"
    linked.write_text(RSS.format("<item><title>Linked</title></item>"))
    style = f'<?xml-stylesheet href="{linked.as_uri()}"?>'
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{linked}"/>'
    found = read_text(style + RSS.format(f"<item><title>Good</title>{include}</item>"))
    assert [row["title"] for row in rows(found)] == ["Good"]


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "text",
    [
        "<item>" * 5_000,
        "<item><title>" + "<b>" * 50_000 + "</title></item>",
        "<item>" + "<!--" * 300_000,
        "<item>" + "<![CDATA[" * 200_000,
        "<!DOCTYPE [" * 100_000,
        "<a " * 300_000,
        "<item " + "a='" * 300_000,
        "<item>" + "&" * 200_000 + "</item>",
        "<item><title>" + "x" * 7_000_000 + "</title></item>",
    ],
    ids=lambda text: text[:22],
)
def test_no_file_takes_long(read_text: Read, text: str) -> None:
    started = time.monotonic()
    for document in (RSS.format(text + GOOD), WXR.format(text + post())):
        read_text(document)
    assert time.monotonic() - started < 20


def test_an_item_that_is_too_long_costs_itself_alone(read_text: Read) -> None:
    long = "<item><title>" + "x" * 7_000_000 + "</title></item>"
    found = read_text(RSS.format(GOOD + long + GOOD))
    assert [row["title"] for row in rows(found)] == ["Good", "Good"]
    assert refusals(found) == ["line 1: the item is longer than 6,000,000 characters"]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 1_000])
def test_the_pieces_that_a_file_is_read_in_change_nothing(size: int) -> None:
    text = "<!DOCTYPE rss [<!ENTITY a 'x'>]>\n" + RSS.format(
        "<?a <item> ?><!-- <item> -->\n<item/>\n<item a='b' ><title><![CDATA[</item>]]></title>"
        "</item ><item><title>Open<item>\n</item><other:item></other:item>\n<item>cut"
    )
    pieces = XMLItems(text[at : at + size] for at in range(0, len(text), size))
    whole = XMLItems([text])
    assert list(pieces) == list(whole)
    assert pieces.head == whole.head
    assert [item.line for item in XMLItems([text])] == [3, 4, 4, 4, 6]
    assert whole.head.entities == {"a"}
