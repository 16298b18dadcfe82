"""Drafts in a rebuild: they keep what was found, are offered new links, and are no part of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Model

from newsroom.articles.models import Article, Status
from newsroom.articles.related_sources import ArticleSource
from related import Source
from related.conf import conf
from related.domain.documents.marking import reconcile_rows
from related.domain.indexing import claiming
from related.domain.indexing.processing import analyze, process
from related.domain.indexing.results import store_vectors_only
from related.domain.rebuilds.rebuilding import rebuild
from related.enums import Priority
from related.models import Document, DocumentVector, Worker
from tests.related.faults import while_reading
from tests.related.stories import (
    BAKERY_PRIZE,
    FLOOD_COST,
    archive,
    document_of,
    publish,
    suggested,
    work,
    write_draft,
)

pytestmark = pytest.mark.django_db


def test_a_rebuild_keeps_what_was_found_and_offers_new_links() -> None:
    archive()
    draft = write_draft()
    rebuild()
    work()
    before = suggested(draft, "related")
    assert before
    prize = "The mayor gave the bakery a prize: its almond cakes sell out in the old town by noon."
    publish("Mayor eats cake", prize, day=5)
    Article.objects.filter(pk=draft.pk).update(body=BAKERY_PRIZE)  # without a signal
    work()
    run = rebuild()
    assert suggested(draft, "related")  # of the new generation, without a moment in between
    work()
    assert "Mayor eats cake" in suggested(draft, "related")
    assert run.counts["n_documents"] == 5
    assert not document_of(draft).is_waiting


def test_a_rebuild_does_not_bring_back_a_draft_that_was_set_aside() -> None:
    archive()
    draft = write_draft()
    work()
    before = suggested(draft, "related")
    draft.save()

    def fail(obj: Article) -> None:
        raise ValueError("Its text cannot be read.")

    with while_reading(fail):
        for _ in range(conf.max_attempts):
            Document.objects.update(retry_at=None)
            process()
    rebuild()
    row = document_of(draft)
    assert (row.is_set_aside, row.attempts) == (True, conf.max_attempts)
    assert suggested(draft, "related") == before  # of the new generation
    Document.objects.update(retry_at=None)
    work()
    assert not document_of(draft).is_waiting


def test_reconcile_finds_drafts_that_were_saved_without_a_signal() -> None:
    archive()
    work()
    Article.objects.bulk_create([Article(title="Barrier rusts", slug="rusts", body=FLOOD_COST)])
    reconcile_rows()
    work()
    draft = Article.objects.get(slug="rusts")
    assert document_of(draft).is_draft
    assert suggested(draft, "related") != []
    Article.objects.filter(pk=draft.pk).update(status=Status.PUBLISHED)
    reconcile_rows()
    work()
    assert (document_of(draft).is_draft, document_of(draft).is_indexed) == (False, True)
    Article.objects.filter(pk=draft.pk).update(status=Status.DRAFT)
    reconcile_rows()
    work()
    assert (document_of(draft).is_draft, document_of(draft).is_indexed) == (True, False)


def test_drafts_that_are_known_only_since_the_source_says_so(
    register_only: Callable[[dict[type[Model], type[Source]]], None],
) -> None:
    class Silent(ArticleSource):
        def drafts(self) -> Any:
            return Source.drafts(self)

    register_only({Article: Silent})
    archive()
    draft = write_draft()
    work()
    assert not document_of(draft).is_draft
    register_only({Article: ArticleSource})
    reconcile_rows()
    work()
    assert document_of(draft).is_draft


def test_in_a_rebuild_drafts_have_no_vectors_and_wait_on() -> None:
    archive()
    work()
    draft = write_draft()
    Document.objects.waiting().update(priority=Priority.BULK)
    row = document_of(draft)
    store_vectors_only(analyze(claiming.claim(Worker.register(), [row.pk])))
    row.refresh_from_db()
    assert (row.is_waiting, row.is_draft, row.worker_id, row.attempts) == (True, True, None, 0)
    assert not DocumentVector.objects.filter(document=row).exists()
    work()
    assert suggested(draft, "related") != []
