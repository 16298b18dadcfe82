"""``manage.py export_suggestions``: what the slots offer to editors now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from related.domain.reports.exports import read_external_ids, suggestion_rows
from related.management.output import write_json_lines
from related.management.slots import slots_by_similarity


class Command(BaseCommand):
    help = _(
        "Write the current suggestions of every indexed document as JSON Lines: "
        '{"id": ..., "slot": ..., "suggestions": [{"id": ..., "score": ...}]}, best first.'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--slot", help=_("Only this slot (default: all that go by similarity).")
        )

    def handle(self, *args: Any, slot: str | None, **options: Any) -> None:
        slots = slots_by_similarity(slot)
        external_ids = read_external_ids()
        rows = suggestion_rows(external_ids, slots)
        write_json_lines(self.stdout, rows, len(external_ids) * len(slots))
