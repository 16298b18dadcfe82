"""manage.py import_articles PATH: an archive of articles goes in."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
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
    help = _("Import articles. Safe to repeat: an article with a known id is updated, not doubled.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", help=_("The file, also gzipped; - reads standard input."))
        parser.add_argument(
            "--format",
            choices=["jsonl", "csv", "rss", "wxr"],
            help=_("Guessed from the file's ending if left out; this version reads jsonl."),
        )

    def handle(self, *, path: str, verbosity: int, **options: Any) -> None:
        kind = options["format"] or _guess_format(path)
        if kind != "jsonl":
            message = _(
                "This version reads JSON Lines only, not %(format)s. Convert the file to one JSON "
                "object per line (docs/reference/commands.md lists the keys), or pass "
                "--format jsonl if it is JSON Lines under another name."
            )
            raise CommandError(message % {"format": kind})
        with _opened(path) as raw, _progress(raw, path, verbosity) as bar:

            def report(refusal: Refusal) -> None:
                message = _("line %(line)d: %(reason)s")
                with bar.external_write_mode():
                    names = {"line": refusal.line, "reason": refusal.reason}
                    self.stderr.write(message % names)

            totals = ArchiveImport(report).run(_watched(read_rows(decompressed(raw)), raw, bar))
        self.stdout.write(_summary(totals))
        if totals.refused:
            raise CommandError(
                _(
                    "The rows named above were refused; all others are in. Fix them and run the "
                    "same command again."
                )
            )


def _guess_format(path: str) -> str:
    if path == "-":
        return "jsonl"
    ending = Path(path.removesuffix(".gz")).suffix.lower()
    if ending not in FORMATS:
        message = _("%(path)s: the ending does not tell the format; pass --format.")
        raise CommandError(message % {"path": path})
    return FORMATS[ending]


@contextmanager
def _opened(path: str) -> Iterator[BinaryIO]:
    if path == "-":
        yield sys.stdin.buffer
        return
    try:
        raw = Path(path).open("rb")  # noqa: SIM115 - closed below; only opening may be excused
    except OSError as error:
        message = _("%(path)s cannot be read: %(reason)s.")
        raise CommandError(message % {"path": path, "reason": error.strerror}) from error
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
    read = ngettext("%(rows)s row read.", "%(rows)s rows read.", totals.rows)
    created = ngettext(
        "%(created)s article created, %(updated)s updated, %(unchanged)s unchanged.",
        "%(created)s articles created, %(updated)s updated, %(unchanged)s unchanged.",
        totals.created,
    )
    refused = ngettext("%(refused)s row refused.", "%(refused)s rows refused.", totals.refused)
    names = ("rows", "created", "updated", "unchanged", "refused")
    numbers = {name: number_format(getattr(totals, name), force_grouping=True) for name in names}
    return " ".join(sentence % numbers for sentence in (read, created, refused))
