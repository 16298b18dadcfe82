"""Which links stand on a page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from newsroom.articles import publishing
from newsroom.articles.models import Article, Status
from related.addresses import web_address
from related.domain.documents.reading import body_hash
from related.domain.pages.placing import Page, place_links
from related.domain.pages.rows import rewrite_pages
from related.enums import Verdict
from related.models import Slot, SlotHeading, Summary
from tests.related.stored_articles import approve, decide, make_article, row_of, store, suggest

pytestmark = pytest.mark.django_db


def page_of(article: Article, *, preview: bool = False) -> Page:
    [page] = place_links([article], preview=preview)
    return page


def titles(article: Article, slot: str, *, preview: bool = False) -> list[str]:
    return [link.title for link in page_of(article, preview=preview).slots[slot].items]


def test_every_active_slot_is_there_in_the_order_of_the_page() -> None:
    assert list(page_of(make_article()).slots) == [
        "previous", "next", "inline", "related", "section",
    ]  # fmt: skip


def test_a_suggestion_waits_for_approval_and_shows_in_the_preview() -> None:
    article, target = make_article("A", section=""), make_article("B", section="")
    suggest(article, "related", target)
    assert titles(article, "related") == []
    assert titles(article, "related", preview=True) == ["B"]


def test_a_link_is_read_from_the_live_target() -> None:
    article, target = make_article("A"), make_article("B", image_url="https://img.example/b.jpg")
    approve(article, "related", target, reasons=["bridge"])
    Article.objects.filter(pk=target.pk).update(title="B, corrected")
    [link] = page_of(article).slots["related"].items
    assert link.title == "B, corrected"
    assert link.url == target.get_absolute_url()
    assert link.image_url == "https://img.example/b.jpg"
    assert (link.type, link.id) == ("newsroom.article", str(target.pk))
    assert (link.section, link.source, link.similarity) == ("City", "approved", 0.5)
    assert link.reasons == ["bridge"]
    assert link.published_at == target.published_at


def test_pinned_come_first_then_the_editors_order() -> None:
    article = make_article("A", section="")
    for position, title in enumerate(["B", "C"]):
        approve(article, "related", make_article(title, section=""), position=position)
    approve(article, "related", make_article("D", section=""), is_pinned=True)
    assert titles(article, "related") == ["D", "B", "C"]


def test_a_decision_taken_back_is_no_approval() -> None:
    article = make_article("A", section="")
    decide(article, "related", make_article("B", section=""), Verdict.OPEN)
    assert titles(article, "related", preview=True) == []


def test_a_rejected_target_is_not_offered_in_any_slot() -> None:
    article, target = make_article("A"), make_article("B", days_old=2)
    assert titles(article, "section") == ["B"]
    decide(article, "related", target, Verdict.REJECTED)
    suggest(article, "inline", target)
    assert titles(article, "section") == []
    assert titles(article, "inline", preview=True) == []


def test_no_target_stands_twice_and_the_editor_beats_the_machine() -> None:
    article, target = make_article("A"), make_article("B")
    approve(article, "related", target)
    suggest(article, "previous", target)
    page = page_of(article, preview=True)
    assert [key for key, slot in page.slots.items() if slot.items] == ["related"]


def test_an_article_never_links_to_itself() -> None:
    article = make_article("A")
    approve(article, "related", article)
    assert titles(article, "related") == []


@pytest.mark.parametrize("status", [Status.DRAFT, Status.WITHDRAWN])
def test_a_target_is_gone_at_once_even_when_changed_behind_our_back(status: Status) -> None:
    article, target = make_article("A"), make_article("B")
    approve(article, "related", target)
    Article.objects.filter(pk=target.pk).update(status=status)
    assert titles(article, "related") == []
    assert titles(article, "section") == []
    assert titles(article, "related", preview=True) == []


def test_a_deleted_target_is_gone() -> None:
    article, target = make_article("A"), make_article("B")
    approve(article, "related", target)
    target.delete()
    assert titles(article, "related") == []


def test_an_approved_link_to_a_scheduled_article_appears_by_the_clock() -> None:
    article = make_article("A")
    later = timezone.now() + timedelta(hours=1)
    target = make_article("B", status=Status.SCHEDULED, at=later)
    approve(article, "related", target)
    assert titles(article, "related") == []
    Article.objects.filter(pk=target.pk).update(published_at=timezone.now())
    assert titles(article, "related") == ["B"]


def test_a_hidden_article_shows_its_links_only_to_editors() -> None:
    article, target = make_article("A"), make_article("B")
    approve(article, "related", target)
    publishing.withdraw(article)
    assert titles(article, "related") == []
    assert titles(article, "related", preview=True) == ["B"]


def test_suggestions_of_a_generation_being_built_are_not_served() -> None:
    article = make_article("A", section="")
    suggest(article, "related", make_article("B", section=""), generation=1)
    assert titles(article, "related", preview=True) == []


def test_a_slot_shows_no_more_than_its_count_and_spares_stand_in_for_hidden_targets() -> None:
    Slot.objects.filter(key="related").update(count=2, requires_approval=False)
    article = make_article("A", section="")
    targets = [make_article(title, section="") for title in "BCDE"]
    suggest(article, "related", *targets)
    assert titles(article, "related") == ["B", "C"]
    publishing.withdraw(targets[0])
    assert titles(article, "related") == ["C", "D"]


def test_section_shows_the_newest_others_of_the_section() -> None:
    article = make_article("A", days_old=5)
    make_article("other section", section="Sport")
    make_article("other language", language="es")
    for days_old in (3, 1, 2, 9, 8):
        make_article(f"{days_old} days", days_old=days_old)
    assert titles(article, "section") == ["1 days", "2 days", "3 days", "8 days"]


def test_articles_without_a_section_share_it_with_none() -> None:
    article = make_article("A", section="")
    make_article("B", section="")
    assert titles(article, "section") == []
    Slot.objects.filter(key="section").update(rule="earlier", same_section=True)
    assert titles(article, "section") == []


@pytest.mark.parametrize(("rule", "expected"), [("earlier", ["2"]), ("later", ["4"])])
def test_rules_by_date_follow_the_total_order(rule: str, expected: list[str]) -> None:
    Slot.objects.filter(key="previous").update(rule=rule, requires_approval=False)
    Slot.objects.filter(key="section").update(is_active=False)
    moment = timezone.now() - timedelta(days=1)
    articles = [make_article(str(number), at=moment) for number in range(1, 6)]  # ids decide
    assert titles(articles[2], "previous") == expected


def test_a_scheduled_neighbor_by_date_does_not_push_out_the_visible_ones() -> None:
    Slot.objects.filter(key="next").update(rule="later", requires_approval=False)
    article = make_article("A", days_old=2)
    make_article("B", days_old=1)
    for hours in range(30):
        at = timezone.now() + timedelta(hours=hours + 1)
        make_article("C", status=Status.SCHEDULED, at=at)
    assert titles(article, "next") == ["B"]


def test_a_fallback_fills_only_what_stayed_empty() -> None:
    Slot.objects.filter(key="section").update(is_active=False)
    Slot.objects.filter(key="previous").update(fallback="earlier")
    article = make_article("A", days_old=1)
    make_article("B", days_old=2)
    approved = make_article("C", days_old=3)
    assert titles(article, "previous") == ["B"]
    approve(article, "previous", approved)
    assert titles(article, "previous") == ["C"]


def test_a_heading_of_the_article_beats_the_slots_own() -> None:
    article = make_article()
    slot = Slot.objects.get(key="inline")
    SlotHeading.objects.create(document=row_of(article), slot=slot, heading="Upcoming stops")
    assert page_of(article).slots["inline"].heading == "Upcoming stops"
    assert page_of(make_article()).slots["inline"].heading == slot.heading


def test_a_summary_hides_when_the_body_changes() -> None:
    article = make_article()
    document = row_of(article)
    digest = body_hash(document.source, article)
    Summary.objects.create(document=document, text="In short.", text_hash=digest)
    assert page_of(article).summary == "In short."
    article.body = "<p>Another text.</p>"
    article.save()
    assert page_of(article).summary is None


def test_an_article_without_a_row_has_empty_slots() -> None:
    [article] = Article.objects.bulk_create(
        [Article(title="A", slug="a", status=Status.PUBLISHED, published_at=timezone.now())]
    )
    page = page_of(article)
    assert page.title == "A"
    assert not any(slot.items for slot in page.slots.values())


@pytest.mark.parametrize("n_links", [1, 3])
@pytest.mark.parametrize("n_articles", [1, 3])
def test_queries_do_not_grow(
    n_links: int, n_articles: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    articles = [make_article(f"A{number}") for number in range(n_articles)]
    for article in articles:
        for number in range(n_links):
            approve(article, "related", make_article(f"B{number}"))
    place_links(articles)  # content types are read once per process
    rewrite_pages(row_of(article).pk for article in articles)
    with django_assert_num_queries(2):
        pages = place_links(articles)
    assert {len(page.slots["related"].items) for page in pages} == {n_links}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/articles/a/", "/articles/a/"),
        (" https://news.example/a ", "https://news.example/a"),
        ("HTTP://news.example/a", "HTTP://news.example/a"),
        ("javascript:alert(1)", ""),
        ("\x01javascript:alert(1)", ""),
        ("java\nscript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("articles/a", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_only_web_addresses_leave_the_plugin(url: str | None, expected: str) -> None:
    assert web_address(url) == expected


def test_moving_to_another_section_moves_the_links_by_date() -> None:
    article, target = make_article("A"), make_article("B")
    target.section = make_article("C", section="Sport").section
    target.save()
    store(target)
    assert titles(article, "section") == []
