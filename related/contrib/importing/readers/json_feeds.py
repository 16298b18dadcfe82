"""JSON Feed 1.0 and 1.1: an item -> the keys of a row."""

from __future__ import annotations

from typing import Any

from related.contrib.importing.cleaning import (
    absolute_links,
    as_html,
    as_text,
    joined,
    language_code,
    short_names,
    title_or_opening,
)
from related.contrib.importing.dates import parse_date
from related.contrib.importing.identity import identity


def is_feed(facts: dict[str, Any]) -> bool:
    return "jsonfeed.org" in str(facts.get("version", ""))


def feed_item(item: dict[str, Any], feed: dict[str, Any]) -> dict[str, Any]:
    """The row of one item; what is of another type than the format says is passed over."""
    home = _text(feed, "home_page_url")
    url = joined(home, _text(item, "url"))
    body = _text(item, "content_html") or as_html(_text(item, "content_text"))
    data = {
        "id": identity(item.get("id"), url, site=home),
        "title": title_or_opening(_text(item, "title"), body),
        "body": absolute_links(body, url or home),
        "excerpt": as_text(_text(item, "summary")),
        "published_at": _date(item),
        "tags": short_names([tag for tag in _list(item, "tags") if isinstance(tag, str)]),
        "language": language_code(item.get("language") or feed.get("language")),
        "url": url,
        "source": as_text(_text(feed, "title"))[:200],
        "authors": _authors(item) or _authors(feed),
        "image_url": joined(url or home, _text(item, "image") or _text(item, "banner_image")),
    }
    return {key: value for key, value in data.items() if value}


def _date(item: dict[str, Any]) -> str:
    for key in ("date_published", "date_modified"):
        if moment := parse_date(item.get(key)):
            return moment.isoformat()
    return ""


def _authors(holder: dict[str, Any]) -> list[str]:
    people = [*_list(holder, "authors"), holder.get("author")]
    return short_names([_text(each, "name") for each in people if isinstance(each, dict)])


def _text(holder: dict[str, Any], key: str) -> str:
    value = holder.get(key)
    return value if isinstance(value, str) else ""


def _list(holder: dict[str, Any], key: str) -> list[Any]:
    value = holder.get(key)
    return value if isinstance(value, list) else []
