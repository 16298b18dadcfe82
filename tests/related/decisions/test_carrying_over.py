"""Links that people chose elsewhere, approved here."""

from __future__ import annotations

import pytest

from newsroom.articles.models import Article
from related.domain.decisions import reviewing
from related.domain.decisions.writing import LinkRef
from related.enums import Mark, Verdict
from related.links import approve_links
from related.models import Decision, DecisionLog, Document
from tests.related.desk_documents import make_article, make_slot, make_target, suggest
from tests.related.editors import make_editor
from tests.related.marks import mark

pytestmark = pytest.mark.django_db


def article_of(document: Document) -> Article:
    return Article.objects.get(pk=document.object_id)


def test_links_keep_their_order_and_are_one_step() -> None:
    page, first, second = (make_target(title) for title in ("Page", "First", "Second"))
    for target in (first, second):
        suggest(page, target)
    chosen = [article_of(each) for each in (second, first, page, second)]
    editor = make_editor()
    assert approve_links(article_of(page), make_slot().key, chosen, editor) == 2
    rows = Decision.objects.approved().order_by("position")
    assert [row.target for row in rows] == [second, first]
    assert DecisionLog.objects.values("operation", "actor").distinct().count() == 1


def test_what_an_editor_decided_stays() -> None:
    slot = make_slot()
    page, rejected, fresh = (make_target(title) for title in ("Page", "Rejected", "Fresh"))
    for target in (rejected, fresh):
        suggest(page, target)
    editor = make_editor()
    reviewing.reject(LinkRef(page, slot, rejected), user=editor, version=0)
    chosen = [article_of(rejected), article_of(fresh)]
    assert approve_links(article_of(page), slot.key, chosen, editor) == 1
    assert Decision.objects.get(target=rejected).verdict == Verdict.REJECTED


def test_what_sensitive_articles_keep_away_is_passed_over() -> None:
    page, barred, fresh = (make_target(title) for title in ("Page", "Barred", "Fresh"))
    editor = make_editor()
    mark(article_of(barred), Mark.NEVER_SUGGEST, editor)
    chosen = [article_of(barred), article_of(fresh)]
    assert approve_links(article_of(page), make_slot().key, chosen, editor) == 1
    assert Decision.objects.get().target == fresh


def test_what_is_not_indexed_is_passed_over_and_a_wrong_slot_is_not() -> None:
    page, target = make_target("Page"), make_target("Target")
    stray = make_article("Not indexed")
    Document.objects.filter(object_id=str(stray.pk)).delete()
    editor = make_editor()
    slot = make_slot()
    assert approve_links(stray, slot.key, [article_of(target)], editor) == 0
    assert approve_links(article_of(page), slot.key, [stray], editor) == 0
    with pytest.raises(LookupError, match="no-such-slot"):
        approve_links(article_of(page), "no-such-slot", [article_of(target)], editor)
