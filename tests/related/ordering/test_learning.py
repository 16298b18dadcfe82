"""A learned order: judged on later reviews, and used only where it is better and switched on."""

from __future__ import annotations

from io import StringIO
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from related.domain.corpus.live import LiveCorpus
from related.domain.decisions import reviewing
from related.domain.decisions.writing import LinkRef
from related.domain.ordering.learning import (
    FEWEST_REVIEWED,
    judge,
    store_order,
    switch_off,
    switch_on,
)
from related.domain.ordering.reviewed import Reviewed, read_reviewed
from related.domain.rebuilds import rebuilding
from related.domain.suggesting.neighborhood import read_neighborhood
from related.models import Corpus, Reranker, Slot, Suggestion
from related.similarity.learned_order import FEATURES
from tests.related.stories import archive, work

pytestmark = pytest.mark.django_db

PER_ARTICLE = 6


def reviews(n_documents: int, *, taste: float) -> Reviewed:
    """Made-up reviews; ``taste`` says how much editors like the second feature."""
    random = np.random.default_rng(1)
    n = n_documents * PER_ARTICLE
    features = random.random((n, len(FEATURES)))
    scores = features[:, 0]
    odds = (scores / 0.5) ** 2 * np.exp(taste * (features[:, 1] - 0.5))
    return Reviewed(
        documents=np.repeat(np.arange(n_documents), PER_ARTICLE),
        seconds=np.arange(n, dtype=np.float64),
        approved=random.random(n) < odds / (1 + odds),
        scores=scores,
        features=features,
    )


def run(*arguments: str) -> str:
    stdout = StringIO()
    call_command("learn_order", *arguments, stdout=stdout, stderr=StringIO())
    return stdout.getvalue()


def test_few_reviews_are_not_learned_from() -> None:
    judgment = judge(reviews(FEWEST_REVIEWED - 1, taste=6))
    assert (judgment.is_enough, judgment.may_be_on, judgment.gain) == (False, False, None)


def test_what_editors_like_is_learned_and_kept_but_not_used() -> None:
    found = reviews(FEWEST_REVIEWED, taste=6)
    judgment = judge(found)
    assert judgment.may_be_on
    assert judgment.gain is not None
    assert judgment.gain.low > 0.02
    assert 200 < judgment.n_judged <= FEWEST_REVIEWED * 0.3 + 1
    store_order(found, judgment)
    row = Reranker.objects.get()
    assert (row.is_on, row.version, row.n_reviewed) == (False, 1, FEWEST_REVIEWED)
    assert row.gain["low"] == judgment.gain.low
    assert Reranker.switched_on() is None
    switch_on()
    store_order(found, judgment)  # learned again: it stays switched on
    assert Reranker.switched_on() is not None
    assert Reranker.objects.get().version == 2


def test_what_is_not_better_is_switched_off() -> None:
    good = reviews(FEWEST_REVIEWED, taste=6)
    store_order(good, judge(good))
    switch_on()
    plain = reviews(FEWEST_REVIEWED, taste=0)
    judgment = judge(plain)
    assert not judgment.may_be_on
    store_order(plain, judgment)
    assert Reranker.switched_on() is None


def test_reviews_of_one_verdict_teach_nothing() -> None:
    found = reviews(FEWEST_REVIEWED, taste=0)
    alike = Reviewed(
        found.documents, found.seconds, np.ones(len(found), bool), found.scores, found.features
    )
    judgment = judge(alike)
    assert (judgment.is_enough, judgment.gain, judgment.may_be_on) == (True, None, False)


def test_decisions_are_read_beside_what_their_scores_are_made_of(anna: Any) -> None:
    archive()
    work()
    suggestions = list(Suggestion.objects.served().select_related("document", "slot", "target"))
    for number, row in enumerate(suggestions):
        press = reviewing.approve if number % 2 else reviewing.reject
        press(LinkRef(row.document, row.slot, row.target), user=anna, version=0)
    found = read_reviewed()
    assert len(found) == len(suggestions)
    assert sorted(found.scores.round(6)) == sorted(row.score for row in suggestions)
    assert int(found.approved.sum()) == len(suggestions) // 2
    assert np.isfinite(found.features).all()
    assert (found.features[:, 0] > 0).all()


def test_an_order_that_is_on_corrects_scores() -> None:
    archive()
    work()
    plain = {row.pk: row.score for row in Suggestion.objects.served()}
    raised = {"feature": [-1], "threshold": [0.0], "left": [-1], "right": [-1], "value": [0.5]}
    trees = {"features": list(FEATURES), "slope": 2.0, "trees": [raised]}
    Reranker.objects.create(trees=trees, n_decisions=9, n_reviewed=9, gain={})
    slots = list(Slot.objects.by_similarity())
    live = LiveCorpus.read(Corpus.objects.get())
    keys = live.index.keys().tolist()
    before = read_neighborhood(live, keys, slots).scores[0][1]
    switch_on()
    after = read_neighborhood(live, keys, slots).scores[0][1]
    np.testing.assert_allclose(after, before * np.exp(0.25))
    np.testing.assert_array_equal(
        read_neighborhood(live, keys, slots, is_corrected=False).scores[0][1], before
    )
    rebuilding.rebuild()
    served = {row.score for row in Suggestion.objects.served()}
    assert max(served) == pytest.approx(min(max(plain.values()) * np.exp(0.25), 1), abs=1e-5)


def test_trees_of_another_release_are_not_used() -> None:
    trees = {"features": ["similarity"], "slope": 2.0, "trees": []}
    Reranker.objects.create(trees=trees, n_decisions=9, n_reviewed=9, gain={}, is_on=True)
    assert Reranker.switched_on() is None


def test_the_command_says_why_it_does_not_switch_on() -> None:
    assert f"that takes {FEWEST_REVIEWED} reviewed articles" in run()
    with pytest.raises(CommandError, match="Not switched on"):
        run("--on")
    assert "It was not switched on" in run("--off")
    Reranker.objects.create(
        trees={"features": list(FEATURES), "slope": 2.0, "trees": []},
        n_decisions=9,
        n_reviewed=9,
        gain={},
        is_on=True,
    )
    assert "It was switched on, and is off now" in run()
    assert not switch_off()
    switch_on()
    assert "Switched off" in run("--off")
