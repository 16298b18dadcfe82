"""Feeds in XML: what of an item becomes what of a row, and what damage costs."""

from __future__ import annotations

import pytest

from tests.related.contrib.archives import RSS, Read, notices, refusals, rows

ITEM = (
    "<item><title>Tide &amp;amp; time</title><link>/tide</link>"
    '<guid isPermaLink="false">tide-1</guid><pubDate>Mon, 02 Mar 2026 06:00:00 +0100</pubDate>'
    "<category>News</category><category>boats</category><dc:creator>Ann</dc:creator>"
    "<description>&lt;p&gt;In short.&lt;/p&gt;</description>"
    '<content:encoded><![CDATA[<p>Long <a href="/a">text</a>.</p>'
    '<img src="https://count.example/p" width="1" height="1">]]></content:encoded>'
    '<media:content url="https://post.example/i.jpg" medium="image"/></item>'
)
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Hafenpost</title>'
    '<link href="https://post.example/"/>{}</feed>'
)
ENTRY = (
    "<entry><title>Ebbe</title><id>tag:post.example,2026:1</id>"
    '<link href="https://post.example/ebbe"/><updated>2026-03-02T06:00:00Z</updated>'
    '<category term="b" label="Boote"/><author><name>Ann</name></author>'
    '<content type="text">5 &lt; 7 &lt;b&gt;</content>{}</entry>'
)


def test_an_item_of_rss(read_text: Read) -> None:
    assert rows(read_text(RSS.format(ITEM))) == [
        {
            "id": "tide-1",
            "title": "Tide & time",
            "body": '<p>Long <a href="https://post.example/a">text</a>.</p>',
            "excerpt": "In short.",
            "published_at": "2026-03-02T05:00:00+00:00",
            "section": "News",
            "tags": ["boats"],
            "language": "en-gb",
            "url": "https://post.example/tide",
            "source": "The Harbor Post",
            "authors": ["Ann"],
            "image_url": "https://post.example/i.jpg",
        }
    ]


def test_an_entry_of_atom(read_text: Read) -> None:
    [row] = rows(read_text(ATOM.format(ENTRY.format(""))))
    assert (row["id"], row["url"]) == ("tag:post.example,2026:1", "https://post.example/ebbe")
    assert (row["language"], row["section"]) == ("de", "Boote")
    assert row["body"] == "5 &lt; 7 &lt;b&gt;"
    assert row["published_at"] == "2026-03-02T06:00:00+00:00"
    control = "<control xmlns='http://www.w3.org/2007/app'><draft>yes</draft></control>"
    [draft] = rows(read_text(ATOM.format(ENTRY.format(control))))
    assert draft["status"] == "draft"


RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://{}">'
A = "<title>A</title>"
ATOM_A = f"<a:entry>{A.replace('title', 'a:title')}</a:entry>"
KINDS = [
    RDF.format("purl.org/rss/1.0/")
    + f'<channel><items><rdf:Seq/></items></channel><item rdf:about="u">{A}</item></rdf:RDF>',
    RDF.format("my.netscape.com/rdf/simple/0.9/") + f"<item>{A}</item></rdf:RDF>",
    f'<rss version="0.91"><channel><item>{A}</item></channel></rss>',
    "<CHANNEL><ITEM HREF='https://post.example/a'><TITLE>A</TITLE></ITEM></CHANNEL>",
    f'<a:feed xmlns:a="http://www.w3.org/2005/Atom">{ATOM_A}</a:feed>',
    f'<entry xmlns="http://www.w3.org/2005/Atom">{A}</entry>',
]


@pytest.mark.parametrize("feed", KINDS)
def test_every_kind_of_feed(read_text: Read, feed: str) -> None:
    assert [row["title"] for row in rows(read_text(feed))] == ["A"]


def test_ids(read_text: Read) -> None:
    ids = ["<guid>12</guid>", f"<guid>{'x' * 300}</guid>", "<link>/only-a-link</link>", ""]
    feed = RSS.format("".join(f"<item><title>A</title>{each}</item>" for each in ids))
    number, long, link, none = (row.get("id") for row in rows(read_text(feed)))
    assert number == "post.example/12"
    assert long
    assert len(long) == 191
    assert link == "https://post.example/only-a-link"
    assert none is None


@pytest.mark.parametrize(
    ("damaged", "title"),
    [
        ("<title>Fish & chips</title>", "Fish & chips"),
        ("<title>Caf&eacute; &bogus; AT&T</title>", "Café &bogus; AT&T"),
        ("<title>A\x01B</title>", "AB"),
        ("<title>A</title><x:y>undeclared</x:y>", "A"),
        ("<title>A</title><p>not closed", "A"),
        ("<title><![CDATA[A]]> ]]></title>", "A ]]>"),
    ],
)
def test_what_feed_readers_read_is_read(read_text: Read, damaged: str, title: str) -> None:
    good = "<item><title>Good</title></item>"
    found = read_text(RSS.format(f"{good}<item>{damaged}</item>{good}"))
    assert [row["title"] for row in rows(found)] == ["Good", title, "Good"]
    assert refusals(found) == []


def test_without_a_title_the_text_gives_one(read_text: Read) -> None:
    texts = ["<b>Short &amp;amp; good.</b>", "word " * 30, ""]
    items = "".join(f"<item><description><![CDATA[{each}]]></description></item>" for each in texts)
    short, long, none = (row.get("title", "") for row in rows(read_text(RSS.format(items))))
    assert short == "Short & good."
    assert long == "word " * 15 + "word…"
    assert none == ""


def test_an_item_that_is_cut(read_text: Read) -> None:
    whole = RSS.format(f"\n{ITEM}\n{ITEM}")
    found = read_text(whole[: whole.rindex("<dc:creator>")])
    assert len(rows(found)) == 1
    assert refusals(found) == ["line 3: the file ends within this item"]


def test_an_item_without_its_end_ends_where_the_next_begins(read_text: Read) -> None:
    found = read_text(RSS.format("<item><title>A</title><item><title>B</title></item>"))
    assert [row["title"] for row in rows(found)] == ["A", "B"]


def test_items_in_comments_and_in_text_are_none(read_text: Read) -> None:
    text = "<!-- <item><title>No</title></item> --><item><title>A</title><description>"
    found = read_text(RSS.format(text + "<![CDATA[<item>b</item>]]></description></item>"))
    assert [(row["title"], row["body"]) for row in rows(found)] == [("A", "<item>b</item>")]


def test_bytes_that_are_not_utf_8(read_text: Read) -> None:
    feed = RSS.format("\n<item><title>Café “A” née</title></item>").encode("cp1252")
    found = read_text(feed.replace(b"n\xe9e", "née".encode()))
    assert [row["title"] for row in rows(found)] == ["Café “A” née"]
    assert notices(found) == [
        "line 2: from here on, bytes that are not UTF-8 are read as Windows-1252"
    ]


@pytest.mark.parametrize("encoding", ["iso-8859-1", "koi8-r", "gb2312", "utf-16", "bogus"])
def test_declared_encodings(read_text: Read, encoding: str) -> None:
    title = {"koi8-r": "Порт", "gb2312": "市议会"}.get(encoding, "Café")
    feed = f'<?xml version="1.0" encoding="{encoding}"?>' + RSS.format(
        f"<item><title>{title}</title></item>"
    )
    written = feed.encode("utf-8" if encoding == "bogus" else encoding)
    found = read_text(written)
    assert [row["title"] for row in rows(found)] == [title]
    assert [text.split(":")[0] for text in notices(found)] == ["line 1"] * (encoding == "bogus")
