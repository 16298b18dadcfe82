"""Phases: what is searched, what is rescored, and what goes on beside a rebuild."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries, Settings

from newsroom.articles.models import Article
from related.domain.corpus.cache import corpus_cache
from related.domain.rebuilds import rebuilding
from related.enums import Priority, RunStatus
from related.models import Document, Neighbors, RebuildRun
from tests.related.stories import (
    FLOOD_COST,
    SMALL_BLOCKS,
    publish,
    served,
    seven_reports,
    suggested,
    work,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive() -> list[Article]:
    return seven_reports()


def test_what_is_imported_during_a_rebuild_does_not_wait_for_its_end(
    archive: list[Article],
) -> None:
    seen: dict[str, bool] = {}  # phase -> whether the late report waited at its end

    def progress(phase: str, n_done: int, n_total: int) -> None:
        if phase == "counting terms (en)":
            publish("Late report", FLOOD_COST, day=9)
            Document.objects.waiting().update(priority=Priority.BULK)
        seen[phase] = Document.objects.waiting().exists()

    rebuilding.rebuild(progress, sizes=SMALL_BLOCKS)
    assert seen.pop("counting terms (en)")
    assert not seen.pop("switching over (en)")
    assert "writing suggestions (en)" in seen
    assert not any(seen.values())


def test_the_nightly_refresh_rescores_and_finds_the_same(archive: list[Article]) -> None:
    rebuilding.rebuild(cold=True)
    cold = served()
    seen = set()
    rebuilding.rebuild(lambda phase, *numbers: seen.add(phase), small=0)
    assert "rescoring neighbors (en)" in seen
    assert "finding neighbors (en)" not in seen
    assert served() == cold


def test_the_refresh_searches_for_documents_without_a_list(archive: list[Article]) -> None:
    expected = suggested(archive[0], "next")
    Neighbors.objects.filter(document__object_id=str(archive[0].pk)).delete()
    rebuilding.rebuild(small=0)
    assert suggested(archive[0], "next") == expected


def test_a_corpus_that_does_not_fit_is_refused_with_what_to_do(
    archive: list[Article], settings: Settings
) -> None:
    before = served()
    settings.RELATED = {"MEMORY_LIMIT_MB": 50}
    with pytest.raises(CommandError) as refusal:
        call_command("rebuild_related")
    message = str(refusal.value)
    assert "has 7 articles, which need about 100 MB of memory; 50 MB are allowed" in message
    assert "MEMORY_LIMIT_MB" in message
    assert served() == before
    assert RebuildRun.objects.latest("pk").status == RunStatus.FAILED


def test_rows_go_in_and_out_with_debug_cursors(
    archive: list[Article], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """COPY on PostgreSQL: the cursor that counts queries knows less than the plain one."""
    with django_assert_max_num_queries(1000):
        rebuilding.rebuild(cold=True)
        corpus_cache.forget(["en"])
        archive[0].save()
        work()
    assert suggested(archive[0], "next")
