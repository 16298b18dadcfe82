"""What feedparser tells of an item -> the keys of a row."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime
from typing import Any

from related.contrib.importing.cleaning import (
    absolute_links,
    as_html,
    as_text,
    joined,
    language_code,
    one_line,
    short_names,
    title_or_opening,
)
from related.contrib.importing.dates import parse_date
from related.contrib.importing.identity import identity

_TEXT_TYPES = {"text/plain", "text/html", "application/xhtml+xml", ""}
_DATES = ("published", "updated", "created")
_IMAGE_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".gif")


def feed_facts(feed: Any) -> dict[str, str]:
    """What a feed says of itself."""
    return {
        "title": as_text(str(feed.get("title") or "")),
        "link": str(feed.get("link") or ""),
        "language": language_code(feed.get("language")),
    }


def entry_data(entry: Any, feed: Any, facts: dict[str, str]) -> dict[str, Any]:
    """The row of one entry; what its feed says of itself fills the gaps."""
    base = (
        joined(facts["link"], str(entry.get("title_detail", {}).get("base") or "")) or facts["link"]
    )
    url = joined(base, str(entry.get("feedburner_origlink") or entry.get("link") or ""))
    body, summary = _texts(entry)
    names = short_names([_label(tag) for tag in entry.get("tags") or []])
    data = {
        "id": identity(entry.get("id"), url, site=facts["link"]),
        "title": title_or_opening(str(entry.get("title") or ""), body),
        "body": absolute_links(body, url or base),
        "excerpt": as_text(summary),
        "published_at": _date(entry),
        "section": names[0] if names else "",
        "tags": names[1:],
        "language": _language(entry, facts),
        "url": url if len(url) <= 1000 else "",
        "source": as_text(str((entry.get("source") or {}).get("title") or facts["title"]))[:200],
        "authors": _authors(entry),
        "image_url": _image(entry, url or base),
    }
    return {key: value for key, value in data.items() if value}


def _texts(entry: Any) -> tuple[str, str]:
    """The body, and a summary beside it where the feed has both."""
    contents = [each for each in entry.get("content") or [] if each.get("type", "") in _TEXT_TYPES]
    contents.sort(key=lambda each: (each.get("type") != "text/plain", len(each.get("value") or "")))
    summary = str(entry.get("summary") or "")
    if not contents or not contents[-1].get("value"):
        return _html(entry.get("summary_detail") or {}, summary), ""
    best = contents[-1]
    body = _html(best, str(best.get("value") or ""))
    is_same = one_line(summary) == one_line(str(best.get("value") or ""))
    return body, "" if is_same else summary


def _html(detail: Any, text: str) -> str:
    return as_html(text) if detail.get("type") == "text/plain" else text


def _date(entry: Any) -> str:
    """As it is written where that can be read; else as feedparser reads it: it knows more."""
    for name in _DATES:
        if moment := parse_date(dict.get(entry, name)):
            return moment.isoformat()
        if parts := dict.get(entry, f"{name}_parsed"):
            try:
                moment = datetime.fromtimestamp(calendar.timegm(parts), UTC)
            except (ValueError, OverflowError, OSError):
                continue
            if parse_date(moment.isoformat()):
                return moment.isoformat()
    return ""


def _label(tag: Any) -> str:
    return str(tag.get("label") or tag.get("term") or "")


def _language(entry: Any, facts: dict[str, str]) -> str:
    """The item's own, that of its text (``xml:lang``), or the feed's."""
    details = [*(entry.get("content") or [])[:1], entry.get("title_detail") or {}]
    named = [entry.get("dc_language"), entry.get("language")]
    named += [detail.get("language") for detail in details]
    return next(filter(None, map(language_code, named)), facts["language"])


def _authors(entry: Any) -> list[str]:
    people = [
        str(each.get("name") or each.get("email") or "") for each in entry.get("authors") or []
    ]
    return short_names(people or [str(entry.get("author") or "")])


def _image(entry: Any, base: str) -> str:
    """A picture that goes with the item: of Media RSS, an enclosure, or a podcast's."""
    media = [each for each in entry.get("media_content") or [] if _is_image(each)]
    candidates = [each.get("url") for each in media]
    candidates += [each.get("url") for each in entry.get("media_thumbnail") or []]
    candidates += [each.get("href") for each in entry.get("enclosures") or [] if _is_image(each)]
    candidates.append((entry.get("image") or {}).get("href"))
    full = (joined(base, str(each)) for each in candidates if each)
    return next((url for url in full if url and len(url) <= 1000), "")


def _is_image(media: Any) -> bool:
    kind = str(media.get("type") or media.get("medium") or "")
    path = str(media.get("url") or "").partition("?")[0].lower()
    return kind.startswith("image") or (not kind and path.endswith(_IMAGE_ENDINGS))
