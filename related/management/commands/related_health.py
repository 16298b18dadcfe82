"""``manage.py related_health``: is the work being done? Exit code 1 when it is not."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from related.conf import conf
from related.domain.health import Health, measure_health
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
            raise CommandError(_complaint(health))


def _report(health: Health) -> list[str]:
    waited = _duration(health.oldest_waiting_seconds, "no time")
    lines = [
        f"waiting        {health.n_waiting} documents, the oldest for {waited}",
        f"set aside      {health.n_failed} documents after {conf.max_attempts} tries",
    ]
    lines += [f"  {f.document}: {f.error or 'its worker died'}" for f in health.failed]
    if health.n_failed > len(health.failed):
        lines.append(f"  and {health.n_failed - len(health.failed)} more")
    lines += [
        f"slot {key:<10}empty for {n_empty} of {health.n_indexed} documents"
        for key, n_empty in health.empty_slots.items()
    ]
    ago = _duration(health.last_rebuild_seconds, "never", " ago")
    return [*lines, f"last rebuild   {ago}"]


def _complaint(health: Health) -> str:
    complaints = []
    oldest = health.oldest_waiting_seconds
    if oldest is not None and oldest > conf.stale_seconds:
        complaints.append(
            f"a document has waited {_duration(oldest)} (allowed: {conf.stale_seconds} s): "
            "are the workers, or process_related --loop, running?"
        )
    if health.n_failed:
        complaints.append(
            f"{health.n_failed} documents were set aside: mend what their errors say and save them "
            "again, or retry them in the admin."
        )
    return "Stale: " + " ".join(complaints)


def _duration(seconds: float | None, nothing: str = "", suffix: str = "") -> str:
    """``90`` -> "1 min"; the largest unit alone, rounded down."""
    if seconds is None:
        return nothing
    for unit, length in (("days", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{seconds // length:.0f} {unit}{suffix}"
    return f"{seconds:.0f} s{suffix}"
