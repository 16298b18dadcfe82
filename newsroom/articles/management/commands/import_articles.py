"""manage.py import_articles PATH: an archive of articles goes in."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

from newsroom.articles.importing.articles import ArticleImport
from related.contrib.importing.archives import (
    FORMATS,
    Archive,
    ArchiveError,
    Notice,
    Refusal,
    Row,
)
from related.contrib.importing.saving import Totals


class Command(BaseCommand):
    help = _("Import articles. Safe to repeat: an article with a known id is updated, not doubled.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "path",
            help=_("A file, plain, gzipped or zipped; a folder of files; - reads standard input."),
        )
        parser.add_argument(
            "--format", choices=FORMATS, help=_("Told from the content if left out.")
        )
        parser.add_argument(
            "--dry-run", action="store_true", help=_("Say what would change, and change nothing.")
        )

    def handle(self, *, path: str, dry_run: bool, verbosity: int, **options: Any) -> None:
        try:
            with Archive(path, options["format"]) as archive, _bar(archive, verbosity) as bar:

                def report(found: Refusal | Notice) -> None:
                    text = found.reason if isinstance(found, Refusal) else found.text
                    if isinstance(found, Refusal) or verbosity:
                        with bar.external_write_mode():
                            self.stderr.write(f"{found.where}: {text}")

                totals = ArticleImport(report, dry_run=dry_run).run(_watched(archive, bar))
        except ArchiveError as error:
            raise CommandError(str(error)) from error
        if dry_run:
            self.stdout.write(_("Nothing was changed; without --dry-run, this is what would be:"))
        self.stdout.write(_summary(totals))
        if totals.refused:
            raise CommandError(
                _(
                    "The rows named above were refused; all others are in. Fix them and run the "
                    "same command again."
                )
                if not dry_run
                else _("The rows named above would be refused.")
            )


def _bar(archive: Archive, verbosity: int) -> Any:
    """A bar of the bytes read, on standard error; None lets tqdm hide it where no one watches."""
    total = archive.total or None
    return tqdm(total=total, unit="B", unit_scale=True, disable=None if verbosity else True)


def _watched(archive: Archive, bar: Any) -> Iterator[Row | Refusal | Notice]:
    for found in archive:
        bar.update(max(archive.done - bar.n, 0))
        yield found


def _summary(totals: Totals) -> str:
    read = ngettext("%(rows)s row read.", "%(rows)s rows read.", totals.rows)
    created = ngettext(
        "%(created)s article created, %(updated)s updated, %(unchanged)s unchanged.",
        "%(created)s articles created, %(updated)s updated, %(unchanged)s unchanged.",
        totals.created,
    )
    repeated = ngettext(
        "%(repeated)s row was replaced by a later one with its id.",
        "%(repeated)s rows were replaced by later ones with their ids.",
        totals.repeated,
    )
    refused = ngettext("%(refused)s row refused.", "%(refused)s rows refused.", totals.refused)
    sentences = [read, created, *([repeated] if totals.repeated else []), refused]
    names = ("rows", "created", "updated", "unchanged", "repeated", "refused")
    numbers = {name: number_format(getattr(totals, name), force_grouping=True) for name in names}
    return " ".join(sentence % numbers for sentence in sentences)
