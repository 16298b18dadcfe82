"""What the desk says of an article's sensitivity: each mark, who set it, when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_

from related.domain.documents.marks import is_sensitive
from related.domain.documents.section_names import read_section_names
from related.enums import Mark
from related.models import Document, SectionRule, Sensitivity

# What an editor ticks for one article.
TICKS = (Mark.NO_LINKS, Mark.NEVER_SUGGEST, Mark.NOTHING_LIGHT)


@dataclass(frozen=True, slots=True)
class Setter:
    """Marks that one place asks for: the article, its section, or the site itself."""

    marks: int
    section: str = ""  # its name; "" of the article's own
    by: str = ""  # "" of a deleted account, and of the site
    at: datetime | None = None  # None of the site

    @property
    def words(self) -> list[str]:
        return [str(mark.label) for mark in Mark.of(self.marks)]


@dataclass(frozen=True, slots=True)
class DeskSensitivity:
    own: int = 0  # what editors ticked for the article
    setters: list[Setter] = field(default_factory=list)

    @property
    def ticks(self) -> Iterator[tuple[Mark, bool]]:
        for mark in TICKS:
            yield mark, bool(self.own & mark)

    @property
    def marks(self) -> int:
        return reduce(or_, (setter.marks for setter in self.setters), 0)

    @property
    def is_sensitive(self) -> bool:
        return is_sensitive(self.marks)

    @property
    def has_no_links(self) -> bool:
        return bool(self.marks & Mark.NO_LINKS)


def read_sensitivity(document: Document) -> DeskSensitivity:
    """Two queries, and one where the section has a rule: what the site calls the section."""
    row = Sensitivity.objects.filter(document=document).select_related("changed_by").first()
    rules = SectionRule.objects.filter(
        content_type=document.content_type_id, section=document.section, marks__gt=0
    )
    rule = rules.select_related("changed_by").first()
    setters = []
    if row is not None and row.marks:
        setters.append(Setter(row.marks, "", _name(row), row.changed_at))
    if rule is not None:
        section = read_section_names([document]).get(rule.section, rule.section)
        setters.append(Setter(rule.marks, section, _name(rule), rule.changed_at))
    if document.site_marks:
        setters.append(Setter(document.site_marks))
    return DeskSensitivity(row.marks if row else 0, setters)


def _name(row: Sensitivity | SectionRule) -> str:
    return row.changed_by.get_username() if row.changed_by else ""
