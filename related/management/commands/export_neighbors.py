"""``manage.py export_neighbors``: what the machine finds, before any slot's rules."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from related.domain.reports.exports import neighbor_rows, read_names
from related.management.output import write_json_lines


class Command(BaseCommand):
    help = _(
        "Write the nearest documents of every indexed document as JSON Lines: "
        '{"id": ..., "neighbors": [{"id": ..., "similarity": ...}]}, nearest first.'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--top", type=int, default=10, help=_("Neighbors per document (default: 10).")
        )

    def handle(self, *args: Any, top: int, **options: Any) -> None:
        if top < 1:
            raise CommandError(_("--top must be 1 or more, not %(value)d.") % {"value": top})
        names = read_names()
        write_json_lines(self.stdout, neighbor_rows(names, top), len(names))
