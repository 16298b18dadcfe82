"""One row of an archive, checked: what an article is given by it."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from related.contrib.importing.cleaning import as_text, one_line
from related.contrib.importing.dates import is_no_date, parse_date
from related.contrib.importing.rows import Row, Where

MAX_BODY_BYTES = 1_000_000
# Characters at most; a model whose field holds fewer is asked first.
MAX_LENGTHS = {"id": 200, "title": 1000, "section": 100, "source": 200, "url": 1000}
MAX_LENGTHS |= {"image_url": 1000, "tags": 100, "authors": 100, "language": 16}

STATUSES = ("draft", "scheduled", "published", "withdrawn")
# What WordPress calls them; nothing that it hides becomes public.
_OTHER_STATUSES = {"publish": "published", "future": "scheduled", "pending": "draft"}
_OTHER_STATUSES |= {"private": "draft", "auto-draft": "draft", "trash": "withdrawn"}

_LANGUAGE_CODE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*\Z")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_web_address = URLValidator(schemes=["http", "https"])

Lengths = Mapping[str, int]
_Read = Callable[[str, Any, Lengths], Any]


class RowRefusedError(Exception):
    """The row cannot become an article; the message says why, for people."""


@dataclass(frozen=True)
class CheckedRow:
    """What a row says about its article: ``values`` holds only what it names, under the keys of
    JSON Lines, each of its kind (dates aware, in UTC)."""

    where: Where
    external_id: str
    values: dict[str, Any]


def check_row(row: Row, max_lengths: Lengths = MAX_LENGTHS) -> CheckedRow:
    """Check a row; keys that are missing, null or unknown are passed over.

    Raises:
        RowRefusedError: a value cannot be used; nothing of the row is imported then.
    """
    data = {key: value for key, value in row.data.items() if value is not None}
    values = {"title": _title("title", data.get("title", ""), max_lengths)}
    for key, read in _READERS.items():
        if key in data:
            values[key] = read(key, data[key], max_lengths)
    return CheckedRow(row.where, _external_id(data, max_lengths), values)


def _external_id(data: dict[str, Any], lengths: Lengths) -> str:
    value = data.get("id", "")
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        value = int(value)  # a table with gaps turns numbers into fractions
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    external_id = _line("id", value, lengths)
    if external_id:
        return external_id
    # Without an id, the row itself is its name: the same row again is the same article.
    content = json.dumps(data, sort_keys=True).encode()
    return f"row-{hashlib.sha256(content).hexdigest()[:32]}"


def _title(key: str, value: Any, lengths: Lengths) -> str:
    title = _name(key, value, lengths)
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


def _line(key: str, value: Any, lengths: Lengths) -> str:
    """One line of text, as it is written."""
    return _short(key, one_line(_text(key, value)), lengths)


def _name(key: str, value: Any, lengths: Lengths) -> str:
    """One line of text, as people read it."""
    return _short(key, as_text(_text(key, value)), lengths)


def _short(key: str, text: str, lengths: Lengths) -> str:
    most = lengths.get(key, MAX_LENGTHS.get(key, 100))
    if len(text) > most:
        message = _('"%(key)s" has %(size)s characters; %(most)s are allowed')
        raise RowRefusedError(message % _sizes(key, len(text), most))
    return text


def _long_text(key: str, value: Any, lengths: Lengths) -> str:
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


def _address(key: str, value: Any, lengths: Lengths) -> str:
    address = _line(key, value, lengths).replace(" ", "%20")  # as every browser reads it
    if address:
        try:
            _web_address(address)
        except ValidationError:
            message = _('"%(key)s" is not an http or https address: %(address).80s')
            raise RowRefusedError(message % {"key": key, "address": address}) from None
    return address


def _names(key: str, value: Any, lengths: Lengths) -> list[str]:
    if not isinstance(value, list):
        message = _('"%(key)s" must be a list of names, not %(kind)s')
        raise RowRefusedError(message % {"key": key, "kind": _kind(value)})
    names = [_name(key, name, lengths) for name in value]
    return list(dict.fromkeys(name for name in names if name))


def _authors(key: str, value: Any, lengths: Lengths) -> list[str]:
    return _names(key, [value] if isinstance(value, str) else value, lengths)


def _language(key: str, value: Any, lengths: Lengths) -> str:
    code = _line(key, value, lengths).replace("_", "-").lower()
    if not _LANGUAGE_CODE.match(code):
        message = _('"%(key)s" is not a language code such as en or pt-br: %(code)r')
        raise RowRefusedError(message % {"key": key, "code": code})
    return code


def _status(key: str, value: Any, lengths: Lengths) -> str:
    status = one_line(_text(key, value)).lower()
    status = _OTHER_STATUSES.get(status, status)
    if status not in STATUSES:
        message = _('"%(key)s" is %(status).40r; it may be one of: %(known)s')
        names = {"key": key, "status": status, "known": ", ".join(STATUSES)}
        raise RowRefusedError(message % names)
    return status


def _moment(key: str, value: Any, lengths: Lengths) -> datetime | None:
    if is_no_date(value):
        return None
    if isinstance(value, bool | list | dict):
        _text(key, value)  # says that it must be text
    moment = parse_date(value)
    if moment is None:
        message = _(
            '"%(key)s" is not a date that can be read: %(text).60r; write 2024-05-31 or '
            "2024-05-31T06:30:00+02:00"
        )
        raise RowRefusedError(message % {"key": key, "text": value})
    return moment


def _kind(value: Any) -> str:
    number = _("a number")
    kinds = {bool: _("true or false"), int: number, float: number, str: _("text")}
    return kinds.get(type(value), _("a list") if isinstance(value, list) else _("an object"))


_READERS: dict[str, _Read] = {
    "body": _long_text,
    "excerpt": _long_text,
    "published_at": _moment,
    "section": _name,
    "language": _language,
    "url": _address,
    "source": _name,
    "tags": _names,
    "authors": _authors,
    "image_url": _address,
    "status": _status,
}
