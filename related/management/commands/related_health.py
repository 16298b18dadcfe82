"""``manage.py related_health``: is the work being done? Exit code 1 when it is not."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from related.conf import conf
from related.domain.reports.durations import describe_duration
from related.domain.reports.health import Health, TriedDocument, measure_health
from related.domain.reports.rebuild_state import RebuildState
from related.enums import RunStatus
from related.management.output import write_lines


class Command(BaseCommand):
    help = (
        "Report waiting and failed documents, empty slots and the last rebuild. Exits with 1 when "
        "stale: a document waits longer than STALE_SECONDS, or was set aside after too many tries."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object, ages in seconds")

    def handle(self, *args: Any, **options: Any) -> None:
        health = measure_health()
        write_lines(
            self.stdout,
            [json.dumps(asdict(health))] if options["json"] else _report(health),
        )
        if health.is_stale:
            raise CommandError(health.summary)


def _report(health: Health) -> list[str]:
    waited = describe_duration(health.oldest_waiting_seconds, "no time")
    by_priority = ", ".join(f"{n} {name}" for name, n in health.waiting_by_priority.items())
    lines = [
        health.summary,
        f"waiting        {health.n_waiting} documents ({by_priority}), the oldest for {waited}",
        f"worked on      {health.n_working} documents",
        *_tried(health.working, health.n_working),
        f"set aside      {health.n_failed} documents after {conf.max_attempts} tries",
        *_tried(health.failed, health.n_failed),
    ]
    lines += [
        f"slot {key:<10}empty for {n_empty} of {health.n_indexed} documents"
        for key, n_empty in health.empty_slots.items()
    ]
    lines.append(f"hidden links   {health.n_hidden_links} approved links to what is not public now")
    ago = describe_duration(health.last_rebuild_seconds, "never", " ago")
    lines.append(f"last rebuild   {ago}")
    if health.rebuild and health.rebuild.status != RunStatus.FINISHED:
        lines.append(f"               {_describe(health.rebuild)}")
    return lines


def _tried(rows: list[TriedDocument], n_rows: int) -> list[str]:
    lines = [f"  {row.document}: {one_line(row.error) or 'no error yet'}" for row in rows]
    return [*lines, f"  and {n_rows - len(rows)} more"] if n_rows > len(rows) else lines


def _describe(rebuild: RebuildState) -> str:
    line = f"{rebuild.status}: {rebuild.phase}, {rebuild.n_done} of {rebuild.n_documents}"
    if rebuild.remaining_seconds is not None:
        line += f", {describe_duration(rebuild.remaining_seconds)} left of this phase"
    return f"{line} {one_line(rebuild.error)}".rstrip()


def one_line(text: str) -> str:
    """Text of a document's error as it is safe in a terminal: no line breaks, no escapes."""
    return "".join(c if c.isprintable() else " " for c in text)
