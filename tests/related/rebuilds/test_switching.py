"""A new generation comes into service: nobody waits long, and nothing is lost on the way."""

from __future__ import annotations

from math import ceil
from typing import Any

import pytest

from newsroom.articles.models import Article
from newsroom.articles.publishing import withdraw
from related.domain.indexing.processing import process, stored_at_once
from related.domain.rebuilds import rebuilding, switching
from related.enums import Phase, Priority, RunStatus
from related.models import Corpus, DocumentVector, RebuildBlock
from tests.related.faults import end_pauses, statements_failing
from tests.related.stories import FLOOD_COST, archive, publish, snapshot, work

pytestmark = pytest.mark.django_db

N_MORE = 3 * switching.FEW_LEFT


def publish_many_once_lists_are_built() -> int:
    """For ``between``: publishes that the new set, being written, does not know."""
    end_pauses()
    is_built = RebuildBlock.objects.open().filter(phase=Phase.SUGGEST).exists()
    if not is_built or Article.objects.filter(title__startswith="Cost").exists():
        return 0
    more = [publish(f"Cost {n}", FLOOD_COST, day=9 + n) for n in range(N_MORE)]
    process(priority=Priority.PUBLISH)
    withdraw(more[0])
    return process(priority=Priority.PUBLISH)


class CatchingUp:
    """What the database sees of a switch: its transactions, and what the last one takes over.

    Args:
        dies_at: a power cut in this transaction.
    """

    def __init__(self, dies_at: int = 0) -> None:
        self.dies_at = dies_at
        self.n_transactions = 0  # before the switch itself
        self.n_left = 0  # documents for the switch itself

    def __call__(self, sql: str, params: Any) -> bool:
        if 'FROM "related_rebuildblock"' in sql and '"worker_id" = ' in sql:
            self.n_transactions += 1
            return self.n_transactions == self.dies_at
        if '"related_documentvector"."words"' in sql and '"version" > ' in sql:
            corpus = Corpus.objects.get()
            _, since, *_ = params
            vectors = DocumentVector.objects.filter(version__gt=since, version__lte=corpus.version)
            self.n_left = vectors.count()
        return False


def rebuild(catching_up: CatchingUp) -> None:
    """Rebuild while much is published."""
    archive()
    work()
    with statements_failing(catching_up, RuntimeError("power cut")):
        finished = rebuilding.rebuild(between=publish_many_once_lists_are_built)
    assert finished.status == RunStatus.FINISHED


def assert_nothing_is_missing() -> None:
    """Each article enters again, as if it had come last, and nothing changes."""
    served = snapshot()
    assert served
    for article in Article.objects.visible():
        article.save()
        process()
    assert snapshot() == served


@pytest.mark.slow  # more waits than is stored at once
def test_most_is_caught_up_with_before_anybody_has_to_wait() -> None:
    """The switch itself, for which publishes wait, takes over a few documents at most."""
    catching_up = CatchingUp()
    rebuild(catching_up)
    assert catching_up.n_transactions == ceil(N_MORE / stored_at_once())
    assert catching_up.n_left == 0
    assert_nothing_is_missing()


@pytest.mark.slow  # likewise
def test_a_switch_that_dies_while_it_catches_up_is_done_again() -> None:
    catching_up = CatchingUp(dies_at=2)
    rebuild(catching_up)
    assert catching_up.n_transactions == 2 + ceil(N_MORE / stored_at_once())
    assert catching_up.n_left == 0
    assert_nothing_is_missing()
