"""``manage.py evaluate_related LINKS.tsv``: the current rules against editors' own links."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from related.domain.reports.evaluation import Evaluation, Links, evaluate_slot, read_links
from related.management.output import write_lines
from related.management.slots import slots_by_similarity
from related.models import Slot

N_UNKNOWN_SHOWN = 10


class Command(BaseCommand):
    help = (
        "Compare a slot's current suggestions with links that editors placed themselves. The file "
        "has two columns separated by a tab, id_from and id_to; a link counts in both directions."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("links", type=Path, help="tab-separated file, UTF-8")
        parser.add_argument("--slot", default="related", help="slot to judge (default: related)")

    def handle(self, *args: Any, links: Path, slot: str, **options: Any) -> None:
        [judged] = slots_by_similarity(slot)
        evaluation = evaluate_slot(judged, _read(links))
        if not evaluation.n_queries:
            raise CommandError(
                f"No link in {links} joins two indexed documents. Its ids must be external ids "
                "(or app.model:id) of documents that workers have indexed."
            )
        write_lines(self.stdout, _report(judged, evaluation))


def _report(slot: Slot, evaluation: Evaluation) -> list[str]:
    lines = [
        f"slot         {slot.key}",
        f"nDCG@10      {evaluation.ndcg_at_10:.3f}",
        f"MRR          {evaluation.mean_reciprocal_rank:.3f}",
        f"precision@5  {evaluation.precision_at_5:.3f}",
        f"queries      {evaluation.n_queries} (from {evaluation.n_links} links)",
    ]
    if evaluation.unknown:
        shown = ", ".join(evaluation.unknown[:N_UNKNOWN_SHOWN])
        n_more = len(evaluation.unknown) - N_UNKNOWN_SHOWN
        more = f" and {n_more} more" if n_more > 0 else ""
        lines.append(
            f"not indexed  {len(evaluation.unknown)} ids, their links were left out: {shown}{more}"
        )
    return lines


def _read(path: Path) -> Links:
    try:
        with path.open(encoding="utf-8") as lines:
            return read_links(lines)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not UTF-8 (byte {error.start}).") from None
    except ValueError as error:
        raise CommandError(f"{path}: {error}") from None
