"""Reads the measuring data: JSON Lines of real articles, and what people said about them."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Article:
    id: str
    title: str
    body: str
    language: str
    story: str
    topic: str
    published_at: datetime | None


def read_articles(path: Path) -> list[Article]:
    """All articles of a .jsonl or .jsonl.gz file, in its order."""
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        return [_article(json.loads(line)) for line in lines]


def read_pairs(path: Path) -> Iterator[list[str]]:
    """The rows of a .tsv file below its heading, as columns of text."""
    with path.open(encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            yield line.rstrip("\n").split("\t")


def _article(row: dict[str, str]) -> Article:
    date = row.get("published_at")
    return Article(
        id=row["id"],
        title=row.get("title") or "",
        body=row.get("body") or "",
        language=row.get("language") or "en",
        story=row.get("story") or "",
        topic=row.get("section") or "",
        published_at=datetime.fromisoformat(date) if date else None,
    )
