"""``manage.py explain_related A B``: why two documents are similar."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from related.domain.comparing import explain_pair
from related.domain.documents import find_documents
from related.models import Document
from related.registry import registered


class Command(BaseCommand):
    help = "Show the similarity of two documents, their shared terms and what each contributes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("a", help="external id, or app_label.model:id")
        parser.add_argument("b", help="likewise")
        parser.add_argument("--top", type=int, default=20, help="terms to show (default: 20)")

    def handle(self, *args: Any, a: str, b: str, top: int, **options: Any) -> None:
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
        similarity = sum(term.contribution for term in terms)
        self.stdout.write(f"similarity {similarity:.4f}, {len(terms)} shared terms")
        width = max((len(term.term) for term in terms[:top]), default=0)
        for term in terms[:top]:
            share = term.contribution / similarity
            self.stdout.write(f"{term.term:<{width}}  {term.contribution:.4f}  {share:4.0%}")
        if len(terms) > top:
            rest = sum(term.contribution for term in terms[top:])
            self.stdout.write(f"{len(terms) - top} more terms contribute {rest:.4f}")


def _indexed(reference: str, document: Document | None) -> Document:
    if document is None:
        kinds = ", ".join(f"{model._meta.label_lower}:id" for model in registered())
        raise CommandError(f"Nothing is known as {reference}. Give an external id, or {kinds}.")
    if not document.is_indexed:
        why = document.error or "it waits for a worker, or may not be indexed"
        raise CommandError(f"{reference} is not indexed ({why}). Run manage.py process_related.")
    return document
