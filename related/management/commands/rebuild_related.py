"""``manage.py rebuild_related``: fresh statistics, neighbors and suggestions of everything."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from related.domain.corpus.memory import CorpusTooLarge
from related.domain.rebuilds import runs
from related.domain.rebuilds.rebuilding import process_publishes, rebuild, work
from related.domain.strength.learning import learn_strength
from related.management.engine import start_engine
from related.management.progress import PhaseBar
from related.models import RebuildRun
from related.wakeups import call_helpers


class Command(BaseCommand):
    help = _(
        "Rebuild all similarities and suggestions, together with the Celery workers there are. The "
        "old ones are served until the new ones are complete; editors' decisions are never "
        "touched. After Ctrl-C or a crash, running it again resumes where it stopped."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--cold",
            action="store_true",
            help=_("Search all neighbors from scratch instead of rescoring the stored ones."),
        )
        parser.add_argument(
            "--join", action="store_true", help=_("Help with the rebuild that is running.")
        )

    def handle(self, *args: Any, cold: bool, join: bool, **options: Any) -> None:
        start_engine(self.stderr)
        try:
            with PhaseBar() as bar:
                run = self._join(bar) if join else self._rebuild(bar, cold=cold)
            if not join:
                learn_strength()
        except (runs.RebuildRunning, CorpusTooLarge) as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            message = _(
                "Stopped. The old suggestions are still served; run the command again to resume."
            )
            raise CommandError(message) from None
        self.stdout.write(_summary(run))

    def _rebuild(self, bar: PhaseBar, *, cold: bool) -> RebuildRun:
        return rebuild(bar, between=process_publishes, cold=cold, started=call_helpers)

    def _join(self, bar: PhaseBar) -> RebuildRun:
        """Ctrl-C ends the help, not the rebuild."""
        run = runs.running()
        if run is None:
            raise CommandError(_("No rebuild is running; start one without --join."))
        work(run, bar, between=process_publishes)
        run.refresh_from_db()
        return run


def _summary(run: RebuildRun) -> str:
    names = ("n_documents", "n_corpora", "n_created", "n_changed", "n_gone", "n_failed")
    counts = dict.fromkeys(names, 0) | run.counts
    seconds = ((run.finished_at or run.progressed_at) - run.started_at).total_seconds()
    sentences = [
        ngettext(
            "%(n_documents)d document, %(seconds)s s.",
            "%(n_documents)d documents, %(seconds)s s.",
            counts["n_documents"],
        ),
        ngettext("%(n_corpora)d language.", "%(n_corpora)d languages.", counts["n_corpora"]),
        _("Found on the way: %(n_created)d new, %(n_changed)d changed, %(n_gone)d gone."),
    ]
    if counts["n_failed"]:
        sentences.append(
            ngettext(
                "%(n_failed)d could not be analyzed (see related_health).",
                "%(n_failed)d could not be analyzed (see related_health).",
                counts["n_failed"],
            )
        )
    numbers = {**counts, "seconds": number_format(seconds, 1)}
    return " ".join(sentence % numbers for sentence in sentences)
