"""``manage.py evaluate_related [LINKS.tsv]``: the rules against editors' own links."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from tqdm import tqdm

from related.domain.corpus.memory import CorpusTooLarge
from related.domain.documents.lookup import AmbiguousReference
from related.domain.reports.calibration import Calibration, calibrate
from related.domain.reports.evaluation import Evaluation, evaluate_own_links, evaluate_slot
from related.domain.reports.known_links import Links, read_links
from related.domain.reports.queries import N_QUERIES
from related.management.engine import start_engine
from related.management.evaluation_json import as_json
from related.management.evaluation_text import calibration_lines, evaluation_lines
from related.management.output import write_lines
from related.management.slots import slots_by_similarity
from related.models import Slot


class Command(BaseCommand):
    help = _(
        "Measure a slot against links that editors placed themselves: those of a file, or without "
        "one those in the site's own texts, where other settings are tried too. Beside it stands "
        "plain TF-IDF, and whether strength comes true. Nothing is changed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "links",
            type=Path,
            nargs="?",
            help=_(
                "Tab-separated file in UTF-8 with two columns, id_from and id_to; a link counts in "
                "both directions. Left out: the links in the bodies."
            ),
        )
        parser.add_argument(
            "--slot", default="related", help=_("The slot to judge (default: related).")
        )
        parser.add_argument(
            "--queries",
            type=int,
            default=N_QUERIES,
            help=_("Without a file: judge so many documents (default: %(default)s)."),
        )
        parser.add_argument("--json", action="store_true", help=_("Print one JSON object."))

    def handle(
        self, *args: Any, links: Path | None, slot: str, queries: int, **options: Any
    ) -> None:
        [judged] = slots_by_similarity(slot)
        if queries < 2:
            raise CommandError(_("--queries must be 2 or more."))
        if links is None:
            start_engine(self.stderr)
            evaluation = self._evaluate_own_links(judged, queries)
        else:
            try:
                evaluation = evaluate_slot(judged, _read(links), _progress)
            except AmbiguousReference as error:
                raise CommandError(str(error)) from None
        calibration = calibrate()
        if not evaluation.measured and links is not None:
            message = _(
                "No link in %(path)s joins two indexed documents. Its ids must be external ids "
                "(or app.model:id) of documents that workers have indexed."
            )
            raise CommandError(message % {"path": links})
        if not evaluation.measured and calibration is None:
            raise CommandError(
                _(
                    "Nothing to judge by: no body links to another indexed document, and too few "
                    "suggestions were decided. Give a file of links."
                )
            )
        if options["json"]:
            self.stdout.write(json.dumps(as_json(evaluation, calibration)))
        else:
            write_lines(self.stdout, _lines(evaluation, calibration))

    def _evaluate_own_links(self, slot: Slot, n_queries: int) -> Evaluation:
        try:
            return evaluate_own_links(slot, n_queries, _progress)
        except CorpusTooLarge as error:
            raise CommandError(str(error)) from None


def _lines(evaluation: Evaluation, calibration: Calibration | None) -> Iterable[str]:
    if evaluation.measured:
        yield from evaluation_lines(evaluation)
    else:
        yield _("No body links to another indexed document; give a file of links to judge by.")
    yield from calibration_lines(calibration)


def _progress(texts: Iterable[str], n: int) -> Iterable[str]:
    """A bar on standard error where that is a terminal: reading the texts takes longest."""
    return tqdm(texts, total=n, unit=_(" texts"), disable=None)


def _read(path: Path) -> Links:
    try:
        with path.open(encoding="utf-8") as lines:
            return read_links(lines)
    except OSError as error:
        message = _("%(path)s cannot be read: %(reason)s.")
        raise CommandError(message % {"path": path, "reason": error.strerror}) from None
    except UnicodeDecodeError as error:
        message = _("%(path)s is not UTF-8 (byte %(byte)d).")
        raise CommandError(message % {"path": path, "byte": error.start}) from None
    except ValueError as error:
        raise CommandError(f"{path}: {error}") from None
