"""The row of a page: written with every change, compared by the rebuild, never needed for truth."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.contrib.auth.models import User

from newsroom.articles.models import Article
from related.domain.decisions import reviewing
from related.domain.decisions.accounts import find_account
from related.domain.decisions.headings import set_heading
from related.domain.decisions.reverting_words import find_words_by, take_back_words
from related.domain.decisions.summaries import approve_summary
from related.domain.decisions.writing import LinkRef
from related.domain.pages.placing import Page, place_links
from related.domain.pages.rows import outdated_pages, rewrite_pages
from related.domain.rebuilds.rebuilding import process_once, rebuild
from related.models import Corpus, Document, PageLinks, Slot
from tests.related.stored_articles import approve, make_article, publish, row_of, suggest

pytestmark = pytest.mark.django_db


def is_true(article: Article) -> bool:
    """Whether the page has a row that says what the tables say."""
    return not outdated_pages([row_of(article).pk])


def page_of(article: Article) -> Page:
    [page] = place_links([article])
    return page


def titles(article: Article, slot: str = "related") -> list[str]:
    return [link.title for link in page_of(article).slots[slot].items]


@pytest.mark.parametrize("verdict", [reviewing.approve, reviewing.reject, reviewing.pin])
def test_a_decision_writes_it(anna: User, verdict: Callable[..., object]) -> None:
    article, target = make_article("A"), make_article("B")
    link = LinkRef(row_of(article), Slot.objects.get(key="related"), row_of(target))
    verdict(link, user=anna, version=0)
    assert is_true(article)
    reviewing.reopen(link, user=anna, version=1)
    assert is_true(article)


def test_headings_and_summaries_write_it(anna: User) -> None:
    article = make_article("A")
    row = row_of(article)
    set_heading(row, Slot.objects.get(key="inline"), "More on the bridge", user=anna)
    approve_summary(row, article, "In short.", user=anna, version=0)
    assert is_true(article)
    assert page_of(article).slots["inline"].heading == "More on the bridge"
    assert page_of(article).summary == "In short."
    account = find_account(anna.username)
    assert account is not None
    words = find_words_by(account, row.marked_at.replace(year=2000))
    assert take_back_words(words, user=anna, operation=uuid4()) == (2, 0)
    assert is_true(article)
    assert page_of(article).summary is None


def test_workers_write_it_with_the_suggestions_of_slots_without_approval() -> None:
    Slot.objects.filter(key="related").update(requires_approval=False, minimum_score=0)
    articles = [publish(f"The ferry left the harbor late, part {n}") for n in range(3)]
    while process_once():
        pass
    assert all(is_true(article) for article in articles)
    assert titles(articles[0])
    rebuild(cold=True)
    assert all(is_true(article) for article in articles)
    assert set(PageLinks.objects.values_list("generation", flat=True)) == {
        Corpus.objects.get().generation
    }


def test_a_row_that_rots_is_found_and_written_again_by_the_rebuild() -> None:
    article, target = publish("The ferry left the harbor"), publish("The ferry came late")
    while process_once():
        pass
    approve(article, "related", target)  # past every door
    assert outdated_pages(Document.objects.values_list("pk", flat=True)) == [row_of(article).pk]
    assert rebuild().counts["n_pages_repaired"] == 1
    assert titles(article) == ["The ferry came late"]


def test_a_page_without_a_row_is_read_from_the_tables() -> None:
    article, target = make_article("A"), make_article("B")
    approve(article, "related", target)
    assert not PageLinks.objects.exists()
    assert titles(article) == ["B"]
    rewrite_pages([row_of(article).pk])
    assert titles(article) == ["B"]


def test_suggestions_of_another_generation_than_the_served_are_not_believed() -> None:
    Slot.objects.filter(key="related").update(requires_approval=False)
    article = make_article("A", section="")
    suggest(article, "related", make_article("B", section=""))
    rewrite_pages([row_of(article).pk])
    assert titles(article) == ["B"]
    suggest(article, "related", make_article("C", section=""), generation=1)
    Corpus.objects.update(generation=1)
    assert titles(article) == ["C"]


def test_a_slot_counts_from_the_next_page_on_without_any_row_being_written() -> None:
    article = make_article("A", section="")
    for title in "BCD":
        approve(article, "related", make_article(title, section=""))
    suggest(article, "inline", make_article("E", section=""))
    rewrite_pages([row_of(article).pk])
    assert titles(article) == ["B", "C", "D"]
    Slot.objects.filter(key="related").update(count=1, heading="Mehr davon")
    assert titles(article) == ["B"]
    assert page_of(article).slots["related"].heading == "Mehr davon"
    Slot.objects.filter(key="inline").update(requires_approval=False)
    assert titles(article, "inline") == ["E"]
    Slot.objects.filter(key="related").update(is_active=False)
    assert "related" not in page_of(article).slots


def test_what_is_beyond_the_reserve_is_asked_for_when_it_is_needed() -> None:
    Slot.objects.filter(key="related").update(count=1)
    article = make_article("A", section="")
    targets = [make_article(f"B{number}", section="") for number in range(9)]
    for target in targets:
        approve(article, "related", target)
    rewrite_pages([row_of(article).pk])
    Article.objects.filter(pk__in=[target.pk for target in targets[:8]]).update(status="draft")
    assert titles(article) == ["B8"]


def test_a_slot_by_date_stays_full_however_many_were_withdrawn_unseen() -> None:
    article = make_article("A", days_old=90)
    others = [make_article(f"B{number}", days_old=number + 1) for number in range(40)]
    Article.objects.filter(pk__in=[other.pk for other in others[:30]]).update(status="draft")
    rewrite_pages([row_of(article).pk])
    assert titles(article, "section") == ["B30", "B31", "B32", "B33"]
