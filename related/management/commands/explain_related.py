"""``manage.py explain_related A B``: why two documents are similar."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from related.domain.corpus.explaining import explain_pair
from related.domain.documents.lookup import find_documents
from related.management.output import write_lines
from related.models import Document
from related.registry import registered
from related.similarity.index.explaining import SharedTerm


class Command(BaseCommand):
    help = "Show the similarity of two documents, their shared terms and what each contributes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("a", help="external id, or app_label.model:id")
        parser.add_argument("b", help="likewise")
        parser.add_argument("--top", type=int, default=20, help="terms to show (default: 20)")

    def handle(self, *args: Any, a: str, b: str, top: int, **options: Any) -> None:
        if top < 1:
            raise CommandError(f"--top must be 1 or more, not {top}.")
        found = find_documents([a, b])
        first, second = _indexed(a, found.get(a)), _indexed(b, found.get(b))
        if first == second:
            raise CommandError(f"{a} and {b} are the same document.")
        if first.language != second.language:
            raise CommandError(
                f"{a} is in {first.language!r} and {b} in {second.language!r}: "
                "only documents of one language are compared."
            )
        terms = explain_pair(first, second, top=None)
        if terms is None:
            raise CommandError("No stored terms to compare. Run manage.py rebuild_related.")
        write_lines(self.stdout, _table(terms, top))


def _table(terms: list[SharedTerm], top: int) -> list[str]:
    similarity = sum(term.contribution for term in terms)
    width = max((len(term.term) for term in terms[:top]), default=0)
    lines = [f"similarity {similarity:.4f}, {len(terms)} shared terms"]
    lines += [
        f"{t.term:<{width}}  {t.contribution:.4f}  {t.contribution / similarity:4.0%}"
        for t in terms[:top]
    ]
    if len(terms) > top:
        rest = sum(term.contribution for term in terms[top:])
        lines.append(f"{len(terms) - top} more terms contribute {rest:.4f}")
    return lines


def _indexed(reference: str, document: Document | None) -> Document:
    if document is None:
        kinds = ", ".join(f"{model._meta.label_lower}:id" for model in registered())
        raise CommandError(f"Nothing is known as {reference}. Give an external id, or {kinds}.")
    if not document.is_indexed:
        why = document.error or "it waits for a worker, or may not be indexed"
        raise CommandError(f"{reference} is not indexed ({why}). Run manage.py process_related.")
    return document
