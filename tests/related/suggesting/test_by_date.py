"""Slots by date: the total order, and full slots whatever is hidden."""

from __future__ import annotations

import pytest

from newsroom.articles.models import Article, Status
from related.domain.pages.placing import place_links
from related.enums import Rule
from related.models import Document, Slot
from tests.related.stories import document_of, publish, section, work

pytestmark = pytest.mark.django_db


def titles(article: Article, slot: str) -> list[str]:
    (page,) = place_links([article])
    return [link.title for link in page.slots[slot].items]


def test_the_section_stays_full_while_the_workers_are_away() -> None:
    """Withdrawn without a signal, with nobody to notice: older articles take their places."""
    local = section("Local")
    articles = [publish(f"Report {n}", "In the archive.", day=n, section=local) for n in range(45)]
    work()
    Article.objects.filter(pk__in=[a.pk for a in articles[10:44]]).update(status=Status.WITHDRAWN)
    assert titles(articles[44], "section") == ["Report 9", "Report 8", "Report 7", "Report 6"]


def test_articles_of_the_same_moment_go_by_their_own_ids() -> None:
    """The plugin's rows may have been created in another order than the articles."""
    Slot.objects.filter(key="previous").update(rule=Rule.EARLIER, requires_approval=False)
    Slot.objects.filter(key="next").update(rule=Rule.LATER, requires_approval=False)
    for n in range(12):
        publish(f"Report {n}", "In the archive.")
    Document.objects.all().delete()
    articles = list(Article.objects.order_by("pk"))
    for article in reversed(articles):
        article.save()
    work()
    assert document_of(articles[0]).pk > document_of(articles[11]).pk
    assert titles(articles[0], "previous") == []
    assert titles(articles[0], "next") == ["Report 1"]
    assert titles(articles[10], "previous") == ["Report 9"]
    assert titles(articles[11], "next") == []
