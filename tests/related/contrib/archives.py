"""Reading archives in tests: a file's content -> what it yields."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from related.contrib.importing.archives import Archive, Limits, Notice, Refusal, Row

RSS = (
    '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">'
    "<channel><title>The Harbor Post</title><link>https://post.example/</link>"
    "<language>en-GB</language>{}</channel></rss>"
)
WXR = (
    '<?xml version="1.0" encoding="UTF-8" ?>\n<rss version="2.0"'
    ' xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:wp="http://wordpress.org/export/1.2/">\n<channel><title>The Harbor Post</title>'
    "<link>https://post.example</link><language>en-US</language>"
    "<wp:wxr_version>1.2</wp:wxr_version>"
    "<wp:base_blog_url>https://post.example</wp:base_blog_url>"
    "<wp:author><wp:author_login><![CDATA[ann]]></wp:author_login>"
    "<wp:author_display_name><![CDATA[Ann Lee]]></wp:author_display_name></wp:author>\n"
    "{}</channel></rss>"
)

Read = Callable[..., list[Any]]


def read(path: Path | str, format: str | None = None, limits: Limits | None = None) -> list[Any]:  # noqa: A002
    with Archive(str(path), format, limits) as archive:
        return list(archive)


def rows(found: list[Any]) -> list[dict[str, Any]]:
    return [each.data for each in found if isinstance(each, Row)]


def refusals(found: list[Any]) -> list[str]:
    return [f"{each.where}: {each.reason}" for each in found if isinstance(each, Refusal)]


def notices(found: list[Any]) -> list[str]:
    return [f"{each.where}: {each.text}" for each in found if isinstance(each, Notice)]


def post(**fields: str) -> str:
    """One ``<item>`` of a WordPress export; ``wp_`` stands for the prefix, ``more`` is as it is."""
    given = {"wp_post_type": "post", "wp_status": "publish", "wp_post_id": "7", "title": "A post"}
    more = fields.pop("more", "")
    tags = "".join(
        f"<{name.replace('_', ':', 1)}><![CDATA[{value}]]></{name.replace('_', ':', 1)}>"
        if name.startswith(("wp_", "content_", "excerpt_", "dc_"))
        else f"<{name}>{value}</{name}>"
        for name, value in {**given, **fields}.items()
    )
    return f"<item>{tags}{more}</item>\n"
