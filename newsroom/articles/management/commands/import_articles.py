"""manage.py import_articles PATH: an archive of articles goes in."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from newsroom.articles.importing.archive import ArchiveImport, Totals
from newsroom.articles.importing.rows import Refusal, Row, decompressed, read_rows

FORMATS = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".csv": "csv",
    ".rss": "rss",
    ".xml": "rss",
    ".wxr": "wxr",
}


class Command(BaseCommand):
    help = "Import articles. Safe to repeat: an article with a known id is updated, not doubled."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", help="the file, also gzipped; - reads standard input")
        parser.add_argument(
            "--format",
            choices=["jsonl", "csv", "rss", "wxr"],
            help="guessed from the file's ending if left out; this version reads jsonl",
        )

    def handle(self, *, path: str, verbosity: int, **options: Any) -> None:
        kind = options["format"] or _guess_format(path)
        if kind != "jsonl":
            raise CommandError(
                f"This version reads JSON Lines only, not {kind}. Convert the file to one JSON "
                "object per line (docs/reference/commands.md lists the keys), or pass "
                "--format jsonl if it is JSON Lines under another name."
            )
        with _opened(path) as raw, _progress(raw, path, verbosity) as bar:

            def report(refusal: Refusal) -> None:
                with bar.external_write_mode():
                    self.stderr.write(f"line {refusal.line}: {refusal.reason}")

            totals = ArchiveImport(report).run(_watched(read_rows(decompressed(raw)), raw, bar))
        self.stdout.write(_summary(totals))
        if totals.refused:
            raise CommandError(
                "The rows named above were refused, all others are in. Mend them and run the "
                "same command again."
            )


def _guess_format(path: str) -> str:
    if path == "-":
        return "jsonl"
    ending = Path(path.removesuffix(".gz")).suffix.lower()
    if ending not in FORMATS:
        raise CommandError(f"{path}: the ending does not tell the format; pass --format.")
    return FORMATS[ending]


@contextmanager
def _opened(path: str) -> Iterator[BinaryIO]:
    if path == "-":
        yield sys.stdin.buffer
        return
    try:
        raw = Path(path).open("rb")  # noqa: SIM115 - closed below; only opening may be excused
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    with raw:
        yield raw


def _progress(raw: BinaryIO, path: str, verbosity: int) -> Any:
    """A bar of the bytes read, on standard error; None lets tqdm hide it where no one watches."""
    total = None if path == "-" else Path(path).stat().st_size
    return tqdm(total=total, unit="B", unit_scale=True, disable=None if verbosity else True)


def _watched(rows: Iterator[Row | Refusal], raw: BinaryIO, bar: Any) -> Iterator[Row | Refusal]:
    for row in rows:
        if raw.seekable():
            bar.update(raw.tell() - bar.n)
        yield row


def _summary(totals: Totals) -> str:
    return (
        f"{totals.rows:,} rows: {totals.created:,} articles created, {totals.updated:,} updated, "
        f"{totals.unchanged:,} unchanged; {totals.refused:,} rows refused."
    )
