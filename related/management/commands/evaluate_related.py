"""``manage.py evaluate_related LINKS.tsv``: the current rules against editors' own links."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from related.domain.documents.lookup import AmbiguousReference
from related.domain.reports.evaluation import Evaluation, Links, evaluate_slot, read_links
from related.management.output import in_columns, write_lines
from related.management.slots import slots_by_similarity
from related.models import Slot

N_UNKNOWN_SHOWN = 10


class Command(BaseCommand):
    help = _(
        "Compare a slot's current suggestions with links that editors placed themselves. The file "
        "has two columns separated by a tab, id_from and id_to; a link counts in both directions."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("links", type=Path, help=_("Tab-separated file in UTF-8."))
        parser.add_argument(
            "--slot", default="related", help=_("The slot to judge (default: related).")
        )

    def handle(self, *args: Any, links: Path, slot: str, **options: Any) -> None:
        [judged] = slots_by_similarity(slot)
        try:
            evaluation = evaluate_slot(judged, _read(links))
        except AmbiguousReference as error:
            raise CommandError(str(error)) from None
        if not evaluation.n_queries:
            message = _(
                "No link in %(path)s joins two indexed documents. Its ids must be external ids "
                "(or app.model:id) of documents that workers have indexed."
            )
            raise CommandError(message % {"path": links})
        write_lines(self.stdout, _report(judged, evaluation))


def _report(slot: Slot, evaluation: Evaluation) -> list[str]:
    queries = ngettext(
        "%(queries)d (from %(links)d link)",
        "%(queries)d (from %(links)d links)",
        evaluation.n_links,
    ) % {"queries": evaluation.n_queries, "links": evaluation.n_links}
    rows = {
        _("slot"): slot.key,
        "nDCG@10": number_format(evaluation.ndcg_at_10, 3),
        "MRR": number_format(evaluation.mean_reciprocal_rank, 3),
        _("precision@5"): number_format(evaluation.precision_at_5, 3),
        _("queries"): queries,
    }
    if evaluation.unknown:
        rows[_("not indexed")] = _describe_unknown(evaluation.unknown)
    return [in_columns(name, text, 13) for name, text in rows.items()]


def _describe_unknown(unknown: list[str]) -> str:
    n_more = len(unknown) - N_UNKNOWN_SHOWN
    names = {"n": len(unknown), "ids": ", ".join(unknown[:N_UNKNOWN_SHOWN]), "more": n_more}
    if n_more > 0:
        message = _("%(n)d ids, their links were left out: %(ids)s and %(more)d more")
    else:
        message = ngettext(
            "%(n)d id, its links were left out: %(ids)s",
            "%(n)d ids, their links were left out: %(ids)s",
            len(unknown),
        )
    return message % names


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
