"""The format of a file, told from what it begins with; its name does not count."""

from __future__ import annotations

import csv
import json
import re

from related.contrib.importing.decoding import decode_head

_ROOT = re.compile(r"<(?:[\w.-]+:)?(rss|rdf|feed|entry|channel)(?=[\s>/])", re.IGNORECASE)
_WXR = re.compile(r"wordpress\.org/export/|<wp:(?:wxr_version|author|category|tag|post_id)\b")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_JSON_FEED = re.compile(r'"https?://(?:www\.)?jsonfeed\.org/version|"items"\s*:\s*\[')
LINES_TRIED = 20

TITLES = {"title", "headline", "post_title", "name"}  # columns that a table is known by
DELIMITERS = ",;\t|"


def detect(head: bytes) -> str | None:
    """``jsonl``, ``json``, ``rss`` (every kind of feed in XML), ``wxr`` or ``csv``; None for what
    is none of them. A file in which nothing stands yet is one of no lines."""
    text = decode_head(head).lstrip("\ufeff \t\r\n")
    if not text:
        return "jsonl"
    if text[:1] in {"{", "["}:
        return _kind_of_json(text)
    if xml := _kind_of_xml(text):
        return xml
    return "csv" if delimiter_of(text) else None


def delimiter_of(text: str) -> str | None:
    """What divides the columns of a table whose first line names a title; None for no table."""
    header = text.lstrip("\ufeff\r\n").partition("\n")[0].strip("\r")
    for delimiter in sorted(DELIMITERS, key=header.count, reverse=True):
        try:
            names = next(csv.reader([header], delimiter=delimiter), [])
        except csv.Error:
            continue
        if TITLES & {name.strip().lower() for name in names}:
            return delimiter
    return None


def _kind_of_xml(text: str) -> str | None:
    root = _ROOT.search(_COMMENT.sub("", text))
    if root is None or (not text.startswith("<") and len(text[: root.start()].split()) > 1):
        return None
    return "wxr" if root[1].lower() == "rss" and _WXR.search(text) else "rss"


def _kind_of_json(text: str) -> str:
    if text.startswith("["):
        return "json"
    lines = text.split("\n")[:LINES_TRIED]
    complete = lines[:-1] if len(lines) > 1 else lines
    if _JSON_FEED.search(lines[0]) or (len(lines) > 1 and _is_spread_out(complete)):
        return "json"
    return "jsonl"


def _is_spread_out(lines: list[str]) -> bool:
    """Whether one value stands on many lines, and not one on each."""
    written = [line for line in lines if line.strip()]
    return not _is_object(written[0]) and not all(line.lstrip().startswith("{") for line in written)


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False
