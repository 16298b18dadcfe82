"""One row of an archive, checked: which fields of an article it sets."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from newsroom.articles.cleaning import one_line
from newsroom.articles.importing.rows import Row
from newsroom.articles.models import LANGUAGE_CODE, Status

MAX_BODY_BYTES = 1_000_000
YEARS = range(1000, 3000)

_web_address = URLValidator(schemes=["http", "https"])
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class RowRefusedError(Exception):
    """The row cannot become an article; the message says why, for people."""


@dataclass(frozen=True)
class ArticleRow:
    """What a row says about its article.

    ``fields`` holds only what the row names: an update leaves everything else as it is, so that
    an article that an editor withdrew is not put out again by the file it once came from.
    """

    line: int
    external_id: str
    fields: dict[str, Any]  # names of Article's fields -> values
    section: str | None
    tags: list[str] | None


def check_row(row: Row) -> ArticleRow:
    """Check a row of the file; keys that are missing, null or unknown are passed over.

    Raises:
        RowRefusedError: a value cannot be used; nothing of the row is imported then.
    """
    data = {key: value for key, value in row.data.items() if value is not None}
    fields: dict[str, Any] = {"title": _title(data)}
    for key, name, read in _READERS:
        if key in data:
            fields[name] = read(key, data[key])
    return ArticleRow(
        line=row.line,
        external_id=_external_id(data),
        fields=fields,
        section=(_line_of(100)("section", data["section"]) or None) if "section" in data else None,
        tags=_names("tags", data["tags"]) if "tags" in data else None,
    )


def _external_id(data: dict[str, Any]) -> str:
    value = data.get("id", "")
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    external_id = _line_of(200)("id", value)
    if external_id:
        return external_id
    # Without an id, the row itself is its name: the same row again is the same article.
    content = json.dumps(data, sort_keys=True).encode()
    return f"row-{hashlib.sha256(content).hexdigest()[:32]}"


def _title(data: dict[str, Any]) -> str:
    title = _line_of(300)("title", data.get("title", ""))
    if not any(map(str.isprintable, title.replace(" ", ""))):  # zero-width ones are not
        raise RowRefusedError(_("it has no title"))
    return title


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str):
        message = _('"%(key)s" must be text, not %(kind)s')
        raise RowRefusedError(message % {"key": key, "kind": _kind(value)})
    if "\x00" in value:
        raise RowRefusedError(_('"%(key)s" contains a NUL character') % {"key": key})
    if _LONE_SURROGATE.search(value):
        message = _('"%(key)s" contains a lone surrogate (half of a character)')
        raise RowRefusedError(message % {"key": key})
    return value


def _line_of(max_length: int) -> Callable[[str, Any], str]:
    """A reader of one line of text, cleaned as it is stored, of at most so many characters."""

    def read(key: str, value: Any) -> str:
        text = one_line(_text(key, value))
        if len(text) > max_length:
            message = _('"%(key)s" has %(size)s characters; %(most)s are allowed')
            raise RowRefusedError(message % _sizes(key, len(text), max_length))
        return text

    return read


def _long_text(key: str, value: Any) -> str:
    size = len(_text(key, value).encode())
    if size > MAX_BODY_BYTES:
        message = _('"%(key)s" has %(size)s bytes; %(most)s are allowed')
        raise RowRefusedError(message % _sizes(key, size, MAX_BODY_BYTES))
    return str(value)


def _sizes(key: str, size: int, most: int) -> dict[str, str]:
    return {
        "key": key,
        "size": number_format(size, force_grouping=True),
        "most": number_format(most, force_grouping=True),
    }


def _address(key: str, value: Any) -> str:
    address = _line_of(1000)(key, value).replace(" ", "%20")  # as every browser reads it
    if address:
        try:
            _web_address(address)
        except ValidationError:
            message = _('"%(key)s" is not an http or https address: %(address).80s')
            raise RowRefusedError(message % {"key": key, "address": address}) from None
    return address


def _names(key: str, value: Any) -> list[str]:
    if not isinstance(value, list):
        message = _('"%(key)s" must be a list of names, not %(kind)s')
        raise RowRefusedError(message % {"key": key, "kind": _kind(value)})
    names = [_line_of(100)(key, name) for name in value]
    return list(dict.fromkeys(name for name in names if name))


def _authors(key: str, value: Any) -> list[str]:
    return _names(key, [value] if isinstance(value, str) else value)


def _language(key: str, value: Any) -> str:
    code = _line_of(16)(key, value).replace("_", "-").lower()
    if not re.match(LANGUAGE_CODE, code):
        message = _('"%(key)s" is not a language code such as en or pt-br: %(code)r')
        raise RowRefusedError(message % {"key": key, "code": code})
    return code


def _status(key: str, value: Any) -> str:
    status = _line_of(20)(key, value).lower()
    if status not in Status.values:
        message = _('"%(key)s" is %(status)r; it may be one of: %(known)s')
        names = {"key": key, "status": status, "known": ", ".join(Status.values)}
        raise RowRefusedError(message % names)
    return status


def _moment(key: str, value: Any) -> datetime:
    text = _line_of(60)(key, value)
    try:
        moment = parse_datetime(text)
    except ValueError:  # it looks like a date, but there is no such day
        moment = None
    if moment is None or moment.year not in YEARS:
        message = _(
            '"%(key)s" is not a date that can be read: %(text)r; write 2024-05-31 or '
            "2024-05-31T06:30:00+02:00"
        )
        raise RowRefusedError(message % {"key": key, "text": text})
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    return moment.astimezone(UTC)


def _kind(value: Any) -> str:
    number = _("a number")
    kinds = {bool: _("true or false"), int: number, float: number, str: _("text")}
    return kinds.get(type(value), _("a list") if isinstance(value, list) else _("an object"))


# key in the file, field of the article, how it is read
_READERS: list[tuple[str, str, Callable[[str, Any], Any]]] = [
    ("body", "body", _long_text),
    ("excerpt", "excerpt", _long_text),
    ("published_at", "published_at", _moment),
    ("language", "language", _language),
    ("url", "origin_url", _address),
    ("source", "source", _line_of(200)),
    ("authors", "authors", _authors),
    ("image_url", "image_url", _address),
    ("status", "status", _status),
]
