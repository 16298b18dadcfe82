"""``manage.py rebuild_related``: statistics, neighbors and suggestions of everything, anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from related.domain.rebuilding import process_publishes, rebuild
from related.domain.runs import RebuildRunning
from related.management.progress import PhaseBar


class Command(BaseCommand):
    help = (
        "Rebuild all similarities and suggestions. The old ones are served until the new ones "
        "are complete; editors' decisions are never touched."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with PhaseBar() as bar:
                run = rebuild(bar, between=process_publishes)
        except RebuildRunning as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            raise CommandError(
                "Stopped. The old suggestions are still served; run the command again to rebuild."
            ) from None
        counts = run.counts
        assert run.finished_at is not None
        seconds = (run.finished_at - run.started_at).total_seconds()
        self.stdout.write(
            f"{counts.get('n_documents', 0)} documents in {counts.get('n_corpora', 0)} languages, "
            f"{seconds:.1f} s. Found on the way: {counts['n_created']} new, "
            f"{counts['n_changed']} changed, {counts['n_gone']} gone, "
            f"{counts['n_failed']} that could not be analyzed"
            + (" (see related_health)." if counts["n_failed"] else ".")
        )
