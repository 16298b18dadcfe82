"""``manage.py export_suggestions``: what the slots offer to editors now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from related.domain.corpus.memory import CorpusTooLarge
from related.domain.reports.exports import read_names, suggestion_rows
from related.domain.reports.ranked import ranked_rows
from related.management.engine import start_engine
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
        parser.add_argument(
            "--ranked",
            type=int,
            metavar="N",
            help=_(
                "The first N of all stored neighbors in the order of the slot's score, before "
                "stories are collapsed and weak ones cut."
            ),
        )

    def handle(self, *args: Any, slot: str | None, ranked: int | None, **options: Any) -> None:
        slots = slots_by_similarity(slot)
        if ranked is not None:
            if ranked < 1:
                raise CommandError(_("--ranked must be 1 or more, not %(n)d.") % {"n": ranked})
            start_engine(self.stderr)
        names = read_names()
        rows = suggestion_rows(names, slots)
        if ranked is not None:
            rows = ranked_rows(names, slots, ranked)
        try:
            write_json_lines(self.stdout, rows, len(names) * len(slots))
        except CorpusTooLarge as error:
            raise CommandError(str(error)) from None
