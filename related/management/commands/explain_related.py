"""``manage.py explain_related A B``: why two documents are similar."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from related.domain.corpus.explaining import explain_pair
from related.domain.documents.lookup import AmbiguousReference, find_documents
from related.management.output import write_lines
from related.models import Document
from related.registry import registered
from related.similarity.index.explaining import SharedTerm


class Command(BaseCommand):
    help = _("Show the similarity of two documents, their shared terms and what each contributes.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("a", help=_("External id, or app_label.model:id."))
        parser.add_argument("b", help=_("The other document, named likewise."))
        parser.add_argument(
            "--top", type=int, default=20, help=_("How many terms to show (default: 20).")
        )

    def handle(self, *args: Any, a: str, b: str, top: int, **options: Any) -> None:
        if top < 1:
            raise CommandError(_("--top must be 1 or more, not %(value)d.") % {"value": top})
        try:
            found = find_documents([a, b])
        except AmbiguousReference as error:
            raise CommandError(str(error)) from None
        first, second = _indexed(a, found.get(a)), _indexed(b, found.get(b))
        if first == second:
            message = _("%(first)s and %(second)s are the same document.")
            raise CommandError(message % {"first": a, "second": b})
        if first.language != second.language:
            message = _(
                "%(first)s is in %(language)r and %(second)s in %(other)r: only documents of one "
                "language are compared."
            )
            names = {"first": a, "language": first.language}
            raise CommandError(message % {**names, "second": b, "other": second.language})
        terms = explain_pair(first, second, top=None)
        if terms is None:
            raise CommandError(_("No stored terms to compare. Run manage.py rebuild_related."))
        write_lines(self.stdout, _table(terms, top))


def _table(terms: list[SharedTerm], top: int) -> list[str]:
    similarity = sum(term.contribution for term in terms)
    width = max((len(term.term) for term in terms[:top]), default=0)
    head = ngettext(
        "similarity %(similarity)s, %(n)d shared term",
        "similarity %(similarity)s, %(n)d shared terms",
        len(terms),
    )
    lines = [head % {"similarity": number_format(similarity, 4), "n": len(terms)}]
    lines += [
        f"{t.term:<{width}}  {number_format(t.contribution, 4)}  {t.contribution / similarity:4.0%}"
        for t in terms[:top]
    ]
    n_more = len(terms) - top
    if n_more > 0:
        rest = sum(term.contribution for term in terms[top:])
        tail = ngettext(
            "%(n)d more term contributes %(similarity)s",
            "%(n)d more terms contribute %(similarity)s",
            n_more,
        )
        lines.append(tail % {"n": n_more, "similarity": number_format(rest, 4)})
    return lines


def _indexed(reference: str, document: Document | None) -> Document:
    if document is None:
        kinds = ", ".join(f"{model._meta.label_lower}:id" for model in registered())
        message = _("Nothing is known as %(reference)s. Give an external id, or %(kinds)s.")
        raise CommandError(message % {"reference": reference, "kinds": kinds})
    if not document.is_indexed:
        why = document.error or _("it is waiting for a worker, or may not be indexed")
        message = _("%(reference)s is not indexed (%(why)s). Run manage.py process_related.")
        raise CommandError(message % {"reference": reference, "why": why})
    return document
