"""What is asked of sensitive articles: by editors, by the rule of their section, by the site.

All that shows or offers a link goes by these marks at the moment when it is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    F,
    OuterRef,
    PositiveSmallIntegerField,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from related.domain.bulk_rows import chunked
from related.enums import Mark
from related.models import Document, SectionRule
from related.registry import Source

BY_SITE = {mark.name.lower(): mark for mark in Mark}
NOT_LIGHT = sum(mark for mark in Mark if mark != Mark.LIGHT)


def is_sensitive(marks: int) -> bool:
    """Whether an article fills nothing by itself."""
    return bool(marks & NOT_LIGHT)


def is_barred(page: int, target: int) -> bool:
    """Whether a target must not be offered nor shown on a page, by the marks of both."""
    if page & Mark.NO_LINKS or target & Mark.NEVER_SUGGEST:
        return True
    return bool(page & Mark.NOTHING_LIGHT and target & Mark.LIGHT)


def bars_of(page: int) -> int:
    """The marks of targets that must not stand on a page of these marks."""
    return Mark.NEVER_SUGGEST | (Mark.LIGHT if page & Mark.NOTHING_LIGHT else 0)


@dataclass(frozen=True, slots=True)
class PageMarks:
    """The marks of one page, and of those of its targets that have any."""

    own: int = 0
    targets: Mapping[int, int] = field(default_factory=dict)  # by id of the document

    def admits(self, target: int) -> bool:
        return not is_barred(self.own, self.targets.get(target, 0))

    def is_never_suggested(self, target: int) -> bool:
        return bool(self.targets.get(target, 0) & Mark.NEVER_SUGGEST)

    @property
    def has_no_links(self) -> bool:
        return bool(self.own & Mark.NO_LINKS)

    @property
    def fills_itself(self) -> bool:
        """Whether more may show than an editor approved."""
        return not is_sensitive(self.own)

    def why_barred(self, target: int) -> str:
        """For people; "" of a target that the page may show."""
        marks = self.targets.get(target, 0)
        if self.has_no_links:
            return _("no links here")
        if marks & Mark.NEVER_SUGGEST:
            return _("never suggest this")
        return "" if self.admits(target) else _("nothing light beside this article")


def marks_of(document: str = "") -> CombinedExpression:
    """In a query: the sum of all marks of a document.

    Args:
        document: how the query comes to it, as ``"target__"``; empty for documents.
    """
    rules = SectionRule.objects.filter(
        content_type=OuterRef(f"{document}content_type"), section=OuterRef(f"{document}section")
    )
    number = PositiveSmallIntegerField()
    found = Subquery(rules.values("marks"))
    # Any: ``bitor`` is typed as for numbers alone.
    of_section: Any = Coalesce(found, Value(0, number), output_field=number)
    by_site: Any = F(f"{document}site_marks")
    return F(f"{document}own_marks").bitor(by_site).bitor(of_section)


def without(rows: QuerySet[Any], marks: int, document: str = "") -> QuerySet[Any]:
    """Those whose document has none of these marks; ``document`` as of ``marks_of``."""
    found: QuerySet[Any] = rows.alias(barring=marks_of(document).bitand(marks)).filter(barring=0)
    return found


def read_marks(document_ids: Iterable[int]) -> dict[int, int]:
    """The marks of those of some documents that have any; one query for a page's targets."""
    return {
        pk: marks
        for keys in chunked(sorted(set(document_ids)))
        for pk, marks in Document.objects.filter(pk__in=keys)
        .annotate(marks=marks_of())
        .filter(marks__gt=0)
        .values_list("pk", "marks")
    }


def page_marks(document_id: int, marks: Mapping[int, int]) -> PageMarks:
    """Of one page, out of what ``read_marks`` found."""
    return PageMarks(marks.get(document_id, 0), marks)


def marks_by_site(source: Source, obj: Any) -> int:
    """What the site says of an object.

    Raises:
        ValueError: a word is none of the known ones.
    """
    given: Any = source.sensitivity(obj) or ()
    words = [given] if isinstance(given, str) else given
    marks = 0
    for word in words:
        if word not in BY_SITE:
            message = _("sensitivity() gave %(word)r; it may give %(known)s.")
            raise ValueError(message % {"word": word, "known": ", ".join(BY_SITE)})
        marks |= BY_SITE[word]
    return marks
