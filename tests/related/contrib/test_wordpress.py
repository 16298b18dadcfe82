"""WordPress exports: which posts become articles, and under which status, id, date and section."""

from __future__ import annotations

import pytest

from tests.related.contrib.archives import WXR, Read, notices, post, refusals, rows

CATEGORIES = (
    '<category domain="category" nicename="uncategorized"><![CDATA[Allgemein]]></category>'
    '<category domain="category" nicename="news"><![CDATA[News & views]]></category>'
    '<category domain="category" nicename="town"><![CDATA[Town]]></category>'
    '<category domain="post_tag" nicename="boats"><![CDATA[boats]]></category>'
    '<category domain="post_format" nicename="aside"><![CDATA[Aside]]></category>'
)
FULL = {
    "title": "Tide &amp; time",
    "link": "https://post.example/tide/",
    "guid": "https://post.example/?p=7",
    "dc_creator": "ann",
    "content_encoded": "First\nline\n\n<b>Second</b> [gallery ids='1']",
    "excerpt_encoded": "In <em>short</em>.",
    "wp_post_date": "2026-03-02 07:00:00",
    "wp_post_date_gmt": "2026-03-02 06:00:00",
    "more": CATEGORIES,
}


def test_a_post(read_text: Read) -> None:
    assert rows(read_text(WXR.format(post(**FULL)))) == [
        {
            "id": "https://post.example/?p=7",
            "title": "Tide & time",
            "body": "<p>First<br>line</p>\n\n<p><b>Second</b></p>",
            "excerpt": "In short.",
            "published_at": "2026-03-02T06:00:00+00:00",
            "section": "News & views",
            "tags": ["Town", "boats"],
            "language": "en-us",
            "url": "https://post.example/tide/",
            "authors": ["Ann Lee"],
            "status": "published",
        }
    ]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"wp_status": "publish"}, "published"),
        ({"wp_status": "future"}, "scheduled"),
        ({"wp_status": "draft"}, "draft"),
        ({"wp_status": "pending"}, "draft"),
        ({"wp_status": "private"}, "draft"),
        ({"wp_status": "publish", "wp_post_password": "enter"}, "draft"),
        ({"wp_status": "members-only"}, "draft"),
        ({"wp_status": ""}, "draft"),
    ],
)
def test_nothing_that_was_hidden_becomes_public(
    read_text: Read, fields: dict[str, str], status: str
) -> None:
    assert [row["status"] for row in rows(read_text(WXR.format(post(**fields))))] == [status]


@pytest.mark.parametrize(
    ("fields", "moment"),
    [
        ({"wp_post_date_gmt": "2026-03-02 06:00:00", "wp_post_date": "x"}, "2026-03-02T06:00:00"),
        (
            {"wp_post_date_gmt": "0000-00-00 00:00:00", "wp_post_date": "2026-03-02 06:00:00"},
            "2026-03-02T06:00:00",
        ),
        ({"pubDate": "Mon, 02 Mar 2026 06:00:00 +0100"}, "2026-03-02T05:00:00"),
        ({"wp_post_date_gmt": "0000-00-00 00:00:00"}, None),
        (
            {
                "wp_status": "draft",
                "wp_post_date_gmt": "0000-00-00 00:00:00",
                "wp_post_date": "2026-03-02 06:00:00",
            },
            None,
        ),
    ],
)
def test_dates(read_text: Read, fields: dict[str, str], moment: str | None) -> None:
    [row] = rows(read_text(WXR.format(post(**fields))))
    assert row.get("published_at") == (moment and f"{moment}+00:00")


@pytest.mark.parametrize(
    ("fields", "external_id"),
    [
        ({"guid": "https://old.example/?p=7"}, "https://old.example/?p=7"),
        ({"guid": "https://post.example/2007/tide/"}, "https://post.example/2007/tide/"),
        # Moved into this site, where another post is 99.
        ({"guid": "https://old.example/?p=99"}, "https://post.example/?p=7"),
        ({"guid": ""}, "https://post.example/?p=7"),
    ],
)
def test_ids(read_text: Read, fields: dict[str, str], external_id: str) -> None:
    assert [row["id"] for row in rows(read_text(WXR.format(post(**fields))))] == [external_id]


def test_what_is_no_article_is_counted(read_text: Read) -> None:
    kinds = ["page", "attachment", "nav_menu_item", "nav_menu_item", "post", "story"]
    items = [post(wp_post_type=kind, wp_post_id=str(n)) for n, kind in enumerate(kinds)]
    found = read_text(WXR.format("".join(items) + post(wp_status="trash")))
    assert len(rows(found)) == 2
    [notice] = notices(found)
    assert notice.endswith("no articles: 1 × attachment, 2 × nav_menu_item, 1 × page, 1 × trash")


def test_versions_and_name_spaces(read_text: Read) -> None:
    for version in ("1.0", "1.1"):
        export = WXR.format(post(**FULL)).replace("/export/1.2/", f"/export/{version}/")
        assert len(rows(read_text(export))) == 1
    foreign = '<wp:status xmlns:wp="http://example.com/other/">publish</wp:status>'
    [row] = rows(read_text(WXR.format(post(wp_status="").replace("<title>", f"{foreign}<title>"))))
    assert row["status"] == "draft"


def test_a_post_that_is_damaged_costs_itself_alone(read_text: Read) -> None:
    damaged = post(wp_post_id="1", title="Damaged <b>")
    repaired = post(wp_post_id="2", title="Fish & chips &nbsp;", content_encoded="a ]]> b")
    found = read_text(WXR.format(damaged + repaired + "<item><title>No kind</title></item>"))
    assert [(row["title"], row["body"]) for row in rows(found)] == [("Fish & chips", "a  b]]>")]
    first, last = refusals(found)
    assert first.startswith("line 4: it is not well-formed XML: mismatched tag")
    assert last.startswith("line 6: it says neither what kind of post it is nor its status")
