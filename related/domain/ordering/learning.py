"""Learns an order from decisions, says whether it beats the score, and switches it on and off."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass

import numpy as np
from django.db.models import F
from django.utils import timezone

from related.domain.ordering.reviewed import Reviewed, read_reviewed
from related.models import Reranker
from related.similarity.intervals import Interval, bootstrap_interval, paired_difference
from related.similarity.learned_order import LearnedOrder, learn_order
from related.similarity.ranking import ndcg_at

logger = logging.getLogger(__name__)

# Fewer reviewed articles teach trees what is chance; see benchmarks/README.md.
FEWEST_REVIEWED = 900
SHARE_LEARNED_FROM = 0.7


@dataclass(frozen=True, slots=True)
class Judgment:
    """How an order learned from earlier reviews does on later ones, beside the score."""

    n_reviewed: int
    n_decisions: int
    n_judged: int = 0  # later articles with an approved and a rejected link
    by_score: Interval | None = None  # nDCG@10 of the decided links
    learned: Interval | None = None
    gain: Interval | None = None

    @property
    def is_enough(self) -> bool:
        return self.n_reviewed >= FEWEST_REVIEWED

    @property
    def may_be_on(self) -> bool:
        """Only what is better beyond chance, on decisions that it has not seen."""
        return self.is_enough and self.gain is not None and self.gain.is_above_zero


def judge_order() -> Judgment:
    """Learn from all decisions and store the result, if it may be switched on; else say why not.

    The judgment is of an order learned from the earlier reviews alone. One that is switched on
    already is replaced, or switched off where it is not better any more.

    Raises:
        CorpusTooLarge: a corpus does not fit into memory.
    """
    reviewed = read_reviewed()
    judgment = judge(reviewed)
    store_order(reviewed, judgment)
    return judgment


def store_order(reviewed: Reviewed, judgment: Judgment) -> None:
    """Learn from all of it and keep the result, or switch off what is kept."""
    learned = _learn(reviewed) if judgment.may_be_on else None
    if learned is None or judgment.gain is None:
        switch_off()
        return
    values = {
        "trees": learned.as_json(),
        "n_decisions": judgment.n_decisions,
        "n_reviewed": judgment.n_reviewed,
        "gain": asdict(judgment.gain),
        "trained_at": timezone.now(),
    }
    Reranker.objects.update_or_create(
        only=True, defaults=values | {"version": F("version") + 1}, create_defaults=values
    )
    logger.info("order learned", extra={"decisions": judgment.n_decisions})


def switch_on() -> None:
    """Use what ``judge_order`` stored; suggestions follow with their next computation."""
    Reranker.objects.update(is_on=True)


def switch_off() -> bool:
    """Use the score alone; returns whether an order was on."""
    return Reranker.objects.filter(is_on=True).update(is_on=False) > 0


def judge(reviewed: Reviewed) -> Judgment:
    """Split by time, article by article: no article is on both sides."""
    n_reviewed = reviewed.n_documents
    nothing = Judgment(n_reviewed, len(reviewed))
    if not nothing.is_enough:
        return nothing
    documents, places = np.unique(reviewed.documents, return_inverse=True)
    last = np.zeros(len(documents))
    np.maximum.at(last, places, reviewed.seconds)
    is_later = (last > np.quantile(last, SHARE_LEARNED_FROM))[places]
    order = _learn(reviewed.where(~is_later))
    pairs = [] if order is None else _compare(order, reviewed.where(is_later))
    if not pairs:
        return nothing
    by_score, learned = np.array(pairs, np.float64).T
    return Judgment(
        n_reviewed,
        len(reviewed),
        n_judged=len(pairs),
        by_score=bootstrap_interval(by_score),
        learned=bootstrap_interval(learned),
        gain=paired_difference(learned, by_score),
    )


def _learn(reviewed: Reviewed) -> LearnedOrder | None:
    return learn_order(reviewed.features, reviewed.scores, reviewed.approved)


def _compare(order: LearnedOrder, later: Reviewed) -> list[tuple[float, float]]:
    """nDCG@10 by the score and by the learned order, for each article with both verdicts."""
    corrected = later.scores * order.factors(later.features)
    pairs = []
    for document in np.unique(later.documents).tolist():
        own = np.flatnonzero(later.documents == document)
        relevant = set(own[later.approved[own]].tolist())
        if 0 < len(relevant) < len(own):
            by_score = own[np.argsort(-later.scores[own], kind="stable")].tolist()
            learned = own[np.argsort(-corrected[own], kind="stable")].tolist()
            pairs.append((ndcg_at(10, by_score, relevant), ndcg_at(10, learned, relevant)))
    return pairs
