"""Stories in a night's rebuild: learned anew, and lists that no longer fit are searched again."""

from __future__ import annotations

import numpy as np
import pytest

from newsroom.articles.models import Article
from related.domain.corpus.codec import read_neighbors
from related.domain.rebuilds import rebuilding
from related.models import CorpusStatistics, Neighbors
from tests.related.stories import document_of, publish, work
from tests.related.versions import sentence, tell_background

pytestmark = pytest.mark.django_db

Stored = dict[int, tuple[list[int], list[float], int | None, bool]]


def stored() -> Stored:
    rows = Neighbors.objects.served().order_by("document")
    found = {}
    for row in rows:
        ids, similarities = read_neighbors(row)
        rounded = np.round(similarities, 5).tolist()
        found[row.document_id] = ids.tolist(), rounded, row.story, row.is_complete
    return found


def told(*numbers: int) -> str:
    return " ".join(sentence(n) for n in numbers)


def parts(n: int, first: int) -> list[Article]:
    """Versions of one text, in which ten sentences stay and two are new."""
    kept = range(first, first + 10)
    return [
        publish(f"Part {first}, {i}", told(*kept, first + 200 + 2 * i, first + 201 + 2 * i), day=i)
        for i in range(n)
    ]


def test_stories_that_grew_together_take_three_places_in_a_list() -> None:
    """Two stories, until a text came that repeats both: it joined one, the night joins all."""
    tell_background()
    one, other = parts(4, 0), parts(4, 40)
    work()
    rebuilding.rebuild(cold=True)
    bridge = publish("Both", told(*range(10), *range(40, 50)), day=50)
    work()
    before = {stored()[document_of(a).pk][2] for a in (*one, *other)}
    assert len(before) == 2
    assert stored()[document_of(bridge).pk][2] in before

    rebuilding.rebuild(small=0)
    rescored = stored()
    assert len({rescored[document_of(a).pk][2] for a in (*one, *other, bridge)}) == 1
    rebuilding.rebuild(cold=True)
    assert rescored == stored()


def test_stories_that_fell_apart_take_three_places_each_in_a_list() -> None:
    tell_background()
    one, other = parts(4, 0), parts(4, 40)
    bridge = publish("Both", told(*range(10), *range(40, 50)), day=50)
    work()
    rebuilding.rebuild(cold=True)
    versions = {document_of(a).pk for a in (*one, *other)}
    assert len({stored()[key][2] for key in versions}) == 1
    bridge.delete()
    work()
    assert len({stored()[key][2] for key in versions}) == 1  # nobody else's story changes by day

    rebuilding.rebuild(small=0)
    rescored = stored()
    assert len({rescored[key][2] for key in versions}) == 2
    assert CorpusStatistics.objects.latest("pk").divided_documents
    background = document_of(Article.objects.get(title="Background 0")).pk
    assert len(versions & set(rescored[background][0])) == 6
    rebuilding.rebuild(cold=True)
    assert rescored == stored()


def test_a_list_that_loses_one_of_three_versions_shows_the_next() -> None:
    """Withdrawn, edited or deleted: the version that was left out comes in."""
    tell_background()
    updates = parts(6, 0)
    work()
    rebuilding.rebuild(cold=True)
    background = document_of(Article.objects.get(title="Background 0")).pk
    versions = {document_of(a).pk: a for a in updates}
    for n_left in (5, 4, 3, 2):
        listed = [key for key in stored()[background][0] if key in versions]
        assert len(listed) == 3
        leaving = versions.pop(listed[0])
        if n_left % 2:
            leaving.delete()
        else:
            leaving.body = "A lost cat was found in a tree by children on their way to the beach."
            leaving.save()
        work()
        left = [key for key in stored()[background][0] if key in versions]
        assert len(left) == min(3, n_left)
