"""Names that other systems give the keys of a row, for tables and JSON that is no JSON Lines."""

from __future__ import annotations

from typing import Any

_NAMES = {
    "id": ["external_id", "guid", "uuid", "post_id"],
    "title": ["headline", "post_title", "name"],
    "body": ["content", "text", "content_html", "post_content"],
    "excerpt": ["summary", "description", "standfirst", "post_excerpt"],
    "published_at": ["published", "date_gmt", "date_published", "pubdate", "date", "post_date"],
    "section": ["category"],
    "language": ["lang"],
    "url": ["link", "permalink"],
    "tags": ["keywords"],
    "authors": ["author", "byline", "creator"],
    "image_url": ["image", "featured_image"],
    "status": ["post_status"],
}


def under_our_names(data: dict[str, Any]) -> dict[str, Any]:
    """The same data under the keys of a row; a key's own name goes before any other."""
    named = {
        key.strip().lower().replace(" ", "_"): _plain(key, value) for key, value in data.items()
    }
    for key, names in _NAMES.items():
        if key not in named:
            found = [named[name] for name in names if _is_usable(key, named.get(name))]
            if found:
                named[key] = found[0]
    return named


def _plain(key: str, value: Any) -> Any:
    """``{"rendered": text}``, as WordPress' REST API has it, is the text; a person is the name."""
    if isinstance(value, dict):
        texts = [value.get(name) for name in ("rendered", "name")]
        return next((text for text in texts if isinstance(text, str)), value)
    if key.lower().endswith("_gmt") and isinstance(value, str) and value:
        return f"{value}Z"
    return value


def _is_usable(key: str, value: Any) -> bool:
    """Whether a value under another system's name is of a kind that the key can have."""
    if isinstance(value, int | float):
        return key in {"id", "published_at"} and not isinstance(value, bool)
    if isinstance(value, list):
        return key in {"tags", "authors"} and all(isinstance(each, str) for each in value)
    return isinstance(value, str) and bool(value)
