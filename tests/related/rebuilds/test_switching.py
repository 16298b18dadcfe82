"""A new generation comes into service: nobody waits long, and nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db.models import QuerySet

from newsroom.articles.models import Article
from newsroom.articles.publishing import withdraw
from related.domain.corpus.live import LiveCorpus
from related.domain.indexing.processing import process, stored_at_once
from related.domain.rebuilds import rebuilding, switching
from related.enums import Phase, Priority, RunStatus
from related.models import Corpus, DocumentVector, RebuildBlock
from related.similarity.text.terms import TermCounts
from tests.related.stories import FLOOD_COST, archive, publish, snapshot, work

pytestmark = pytest.mark.django_db

N_MORE = 3 * switching.FEW_LEFT

Rebuild = Callable[..., list[int]]


@pytest.fixture
def rebuild(monkeypatch: pytest.MonkeyPatch) -> Rebuild:
    """Rebuild while much is published; gives how many documents were taken over at a time."""
    archive()
    work()
    take_over = switching._take_over

    def run(*, dies_at: int | None = None) -> list[int]:
        taken_over: list[int] = []

        def note(corpus: Corpus, live: LiveCorpus, changes: dict[int, TermCounts]) -> None:
            taken_over.append(len(changes))
            if len(taken_over) == dies_at:
                raise RuntimeError("power cut")
            take_over(corpus, live, changes)

        monkeypatch.setattr(switching, "_take_over", note)
        finished = rebuilding.rebuild(between=publish_many_once_lists_are_built)
        assert finished.status == RunStatus.FINISHED
        return taken_over

    return run


def publish_many_once_lists_are_built() -> int:
    """For ``between``: publishes that the new set, being written, does not know."""
    is_built = RebuildBlock.objects.open().filter(phase=Phase.SUGGEST).exists()
    if not is_built or Article.objects.filter(title__startswith="Cost").exists():
        return 0
    more = [publish(f"Cost {n}", FLOOD_COST, day=9 + n) for n in range(N_MORE)]
    process(priority=Priority.PUBLISH)
    withdraw(more[0])
    return process(priority=Priority.PUBLISH)


def assert_nothing_is_missing() -> None:
    """Each article enters anew, as if it had come last, and nothing changes."""
    served = snapshot()
    assert served
    for article in Article.objects.visible():
        article.save()
        process()
    assert snapshot() == served


def test_most_is_caught_up_with_before_anybody_has_to_wait(
    rebuild: Rebuild, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The switch itself, for which publishes wait, takes over a few documents at most."""
    read: list[int] = []
    read_counts = switching._counts

    def read_and_note(rows: QuerySet[DocumentVector]) -> dict[int, TermCounts]:
        counts = read_counts(rows)
        read.append(len(counts))
        return counts

    monkeypatch.setattr(switching, "_counts", read_and_note)
    taken_over = rebuild()
    assert read == taken_over  # no more at a time is held in memory, either
    assert sum(taken_over) == N_MORE
    assert max(taken_over) == stored_at_once()
    assert taken_over[-1] == 0
    assert_nothing_is_missing()


def test_a_switch_that_dies_while_it_catches_up_is_done_again(rebuild: Rebuild) -> None:
    taken_over = rebuild(dies_at=2)
    assert sum(taken_over) == N_MORE + 2 * stored_at_once()  # the first part, and that of the crash
    assert taken_over[-1] == 0
    assert_nothing_is_missing()
