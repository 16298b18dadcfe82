"""Articles and sections that are marked as sensitive, for tests."""

from __future__ import annotations

from django.contrib.auth.models import User

from newsroom.articles.models import Article
from related.domain.decisions.sensitivity import mark_document, mark_section
from related.models import SectionRule, Sensitivity
from tests.related.stored_articles import row_of


def mark(article: Article, marks: int, user: User) -> None:
    """In place of what stood."""
    document = row_of(article)
    row = Sensitivity.objects.filter(document=document).first()
    mark_document(document, marks, seen=row.marks if row else 0, user=user)


def mark_city(marks: int, user: User) -> None:
    """The same for the section that the articles of tests are in."""
    mark_of("city", marks, user)


def mark_of(section: str, marks: int, user: User) -> None:
    article = Article.objects.filter(section__slug=section).first()
    assert article is not None
    kind = row_of(article).content_type_id
    rule = SectionRule.objects.filter(content_type=kind, section=section).first()
    mark_section(kind, section, marks, seen=rule.marks if rule else 0, user=user)
