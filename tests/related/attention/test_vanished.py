"""However a target vanishes, the pages that link there are in the queue the next moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

import related
from newsroom.articles.models import Article, Section, Status
from newsroom.articles.publishing import return_to_draft, withdraw
from newsroom.articles.related_sources import ArticleSource
from related.changes import mark_changed
from related.domain.attention.states import refresh_states
from related.domain.attention.vanished import Watch, notice_vanished
from related.domain.decisions import reviewing
from related.domain.decisions.agreeing import call_done
from related.domain.decisions.writing import LinkRef
from related.domain.documents.marking import ensure_document
from related.domain.rebuilds.rebuilding import process_once
from related.enums import ReviewReason
from related.models import Decision, Document, ReviewState
from tests.related.desk.test_removed_models import SectionSource
from tests.related.desk_documents import make_document, make_slot, make_target

pytestmark = pytest.mark.django_db


@pytest.fixture
def target(document: Document, anna: Any) -> Document:
    target = make_target("Repaired")
    reviewing.approve(LinkRef(document, make_slot(), target), user=anna, version=0)
    assert reasons(document) == set()
    return target


def reasons(document: Document) -> set[ReviewReason]:
    """As the queue has it; nothing is computed here."""
    return set(ReviewState.objects.get(document=document).why)


def article_of(document: Document) -> Article:
    return Article.objects.get(pk=document.object_id)


def delete_and_make_again(article: Article) -> None:
    key = article.pk
    article.delete()
    article.pk = key
    article.save(force_insert=True)


def update_in_bulk(article: Article) -> None:
    with transaction.atomic():
        Article.objects.filter(pk=article.pk).update(status=Status.WITHDRAWN)
        mark_changed([article])


def leave_the_language(article: Article) -> None:
    article.status = Status.DRAFT
    article.save()


BY_SIGNAL: list[Callable[[Article], object]] = [
    withdraw,
    return_to_draft,
    Article.delete,
    lambda article: Article.objects.filter(pk=article.pk).delete(),
    delete_and_make_again,
    update_in_bulk,
    leave_the_language,
]


@pytest.mark.parametrize("vanish", BY_SIGNAL)
def test_what_sends_a_signal_or_says_so_is_seen_at_the_commit(
    document: Document,
    target: Document,
    vanish: Callable[[Article], object],
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        vanish(article_of(target))
    assert reasons(document) == {ReviewReason.LOST}


def withdrawn_by_sql(key: str) -> None:
    sql = "UPDATE newsroom_article SET status = 'withdrawn' WHERE id = %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [key])


def deleted_by_sql(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM newsroom_article WHERE id = %s", [key])


@pytest.mark.parametrize("vanish", [withdrawn_by_sql, deleted_by_sql])
def test_what_says_nothing_is_seen_by_the_sweeper(
    document: Document, target: Document, vanish: Callable[[str], object]
) -> None:
    vanish(target.object_id)
    assert (notice_vanished(), notice_vanished()) == (1, 0)
    assert reasons(document) == {ReviewReason.LOST}
    target.refresh_from_db()
    assert target.is_waiting, "the workers hear of it as well"
    assert (target.deleted_at is not None) == (vanish is deleted_by_sql)


def test_it_is_part_of_the_sweepers_round(document: Document, target: Document) -> None:
    refresh_states([target.pk])
    while process_once():
        pass
    withdrawn_by_sql(target.object_id)
    watch = Watch()
    assert watch.look() == 1
    assert reasons(document) == {ReviewReason.LOST}


def test_what_was_made_by_sql_under_the_key_of_a_deleted_one_is_another(
    document: Document, target: Document
) -> None:
    article = article_of(target)
    deleted_by_sql(target.object_id)
    notice_vanished()
    Article.objects.bulk_create([article])
    notice_vanished()
    assert reasons(document) == {ReviewReason.LOST}
    assert Decision.objects.select_related("target").get().is_about_another


def test_what_comes_back_is_off_the_list(document: Document, target: Document) -> None:
    withdrawn_by_sql(target.object_id)
    notice_vanished()
    Article.objects.filter(pk=target.object_id).update(status=Status.PUBLISHED)
    assert (notice_vanished(), notice_vanished()) == (1, 0)
    assert reasons(document) == set()


def test_a_model_that_the_site_took_out(document: Document, anna: Any) -> None:
    related.register(Section)(SectionSource)
    try:
        target = make_document_of(Section.objects.create(name="Sport"))
        reviewing.approve(LinkRef(document, make_slot(), target), user=anna, version=0)
        assert notice_vanished() == 0
    finally:
        related.registry.unregister(Section)
    assert (notice_vanished(), notice_vanished()) == (1, 0)
    assert reasons(document) == {ReviewReason.LOST}


def make_document_of(section: Section) -> Document:
    document = ensure_document(section)
    Document.objects.filter(pk=document.pk).update(is_indexed=True, done_rev=document.want_rev)
    return document


class UntilItsDate(ArticleSource):
    """A site whose articles go by the clock alone."""

    def public(self) -> Any:
        return super().public().filter(published_at__gt=timezone.now() - timedelta(days=5))

    def queryset(self) -> Any:
        return super().queryset().filter(published_at__gt=timezone.now() - timedelta(days=5))


def test_an_article_whose_time_is_over(
    document: Document, target: Document, register_only: Any
) -> None:
    register_only({Article: UntilItsDate})
    assert notice_vanished() == 1
    assert reasons(document) == {ReviewReason.LOST}


def test_a_date_that_passes_loses_nothing(document: Document, anna: Any) -> None:
    target = make_target("Tomorrow", days_ago=-1)
    reviewing.approve(LinkRef(document, make_slot(), target), user=anna, version=0)
    before = ReviewState.objects.get(document=document).checked_at
    assert (notice_vanished(), reasons(document)) == (0, set())
    assert ReviewState.objects.get(document=document).checked_at == before
    hour_ago = timezone.now() - timedelta(hours=1)
    Article.objects.filter(pk=target.object_id).update(published_at=hour_ago)
    make_document(article_of(target))
    ReviewState.objects.update(checked_at=hour_ago - timedelta(minutes=1))
    assert (notice_vanished(), reasons(document)) == (0, set())
    assert ReviewState.objects.get(document=document).checked_at > hour_ago, "computed again"


def test_what_an_editor_closed_stays_closed(
    document: Document, target: Document, anna: Any
) -> None:
    withdrawn_by_sql(target.object_id)
    notice_vanished()
    call_done(document, user=anna)
    assert (notice_vanished(), reasons(document)) == (0, set())


def test_what_vanishes_once_more_is_new(document: Document, target: Document, anna: Any) -> None:
    withdrawn_by_sql(target.object_id)
    notice_vanished()
    call_done(document, user=anna)
    Article.objects.filter(pk=target.object_id).update(status=Status.PUBLISHED)
    refresh_states([document.pk])
    withdrawn_by_sql(target.object_id)
    assert (notice_vanished(), reasons(document)) == (1, {ReviewReason.LOST})


def test_the_sweeper_spends_little_of_its_time_on_it(document: Document, target: Document) -> None:
    clock = iter([0.0, 1.0, 50.0, 52.0, 53.0])
    watch = Watch(lambda: next(clock))
    assert watch.look() == 0  # it took a second: the next one in fifty
    withdrawn_by_sql(target.object_id)
    assert [watch.look(), watch.look()] == [0, 1]


@pytest.mark.parametrize("n_pages", [1, 3])
def test_the_same_queries_for_any_number_of_pages(
    n_pages: int, anna: Any, django_assert_num_queries: Any
) -> None:
    for number in range(n_pages):
        page, target = make_target(f"Page {number}"), make_target(f"Target {number}")
        reviewing.approve(LinkRef(page, make_slot(), target), user=anna, version=0)
        withdrawn_by_sql(target.object_id)
    notice_vanished()
    ReviewState.objects.update(is_open=False, items=[])
    with django_assert_num_queries(21):
        assert notice_vanished() == n_pages
