"""``manage.py rebuild_related``: fresh statistics, neighbors and suggestions of everything."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from related.domain.corpus.memory import CorpusTooLarge
from related.domain.rebuilds import runs
from related.domain.rebuilds.rebuilding import process_publishes, rebuild, work
from related.management.engine import start_engine
from related.management.progress import PhaseBar
from related.models import RebuildRun
from related.wakeups import call_helpers


class Command(BaseCommand):
    help = (
        "Rebuild all similarities and suggestions, together with the Celery workers there are. The "
        "old ones are served until the new ones are complete; editors' decisions are never "
        "touched. Stopped with Ctrl-C or killed, it goes on where it was when run again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--cold",
            action="store_true",
            help="Search all neighbors from nothing, in place of rescoring the stored ones.",
        )
        parser.add_argument(
            "--join", action="store_true", help="Help with the rebuild that is running."
        )

    def handle(self, *args: Any, cold: bool, join: bool, **options: Any) -> None:
        start_engine(self.stderr)
        try:
            with PhaseBar() as bar:
                run = self._join(bar) if join else self._rebuild(bar, cold=cold)
        except (runs.RebuildRunning, CorpusTooLarge) as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            raise CommandError(
                "Stopped. The old suggestions are still served; run the command again to go on "
                "from here."
            ) from None
        self.stdout.write(_summary(run))

    def _rebuild(self, bar: PhaseBar, *, cold: bool) -> RebuildRun:
        return rebuild(bar, between=process_publishes, cold=cold, started=call_helpers)

    def _join(self, bar: PhaseBar) -> RebuildRun:
        """Ctrl-C ends the help, not the rebuild."""
        run = runs.running()
        if run is None:
            raise CommandError("No rebuild is running; start one without --join.")
        work(run, bar, between=process_publishes)
        run.refresh_from_db()
        return run


def _summary(run: RebuildRun) -> str:
    counts = {"n_created": 0, "n_changed": 0, "n_gone": 0, "n_failed": 0} | run.counts
    ended = run.finished_at or run.progressed_at
    return (
        f"{counts.get('n_documents', 0)} documents in {counts.get('n_corpora', 0)} languages, "
        f"{(ended - run.started_at).total_seconds():.1f} s. Found on the way: "
        f"{counts['n_created']} new, {counts['n_changed']} changed, {counts['n_gone']} gone, "
        f"{counts['n_failed']} that could not be analyzed"
        + (" (see related_health)." if counts["n_failed"] else ".")
    )
