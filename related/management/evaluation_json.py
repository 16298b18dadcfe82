"""What ``evaluate_related --json`` prints. docs/reference/commands.md describes the keys."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from related.domain.reports.advice import Advice
from related.domain.reports.calibration import Calibration
from related.domain.reports.evaluation import Evaluation
from related.domain.reports.measures import Measures
from related.domain.reports.rule_settings import Setting
from related.similarity.intervals import Interval


def as_json(evaluation: Evaluation, calibration: Calibration | None) -> dict[str, Any]:
    return {
        "slot": evaluation.slot.key,
        "links_from": "file" if evaluation.from_file else "bodies",
        "n_links": evaluation.n_links,
        "unknown": evaluation.unknown,
        "n_queries": evaluation.n_queries,
        "n_queries_chosen_on": evaluation.n_queries_chosen_on,
        "n_queries_available": evaluation.n_queries_available,
        "n_documents": evaluation.n_documents,
        "n_texts": evaluation.n_texts,
        "rankings": [
            _ranking(setting, measures, evaluation) for setting, measures in evaluation.measured
        ],
        "advice": [_advice(each) for each in evaluation.advice],
        "strength": None if calibration is None else _calibration(calibration),
    }


def _ranking(setting: Setting, measures: Measures, evaluation: Evaluation) -> dict[str, Any]:
    _, own = evaluation.measured[0]
    return {
        "name": setting.name,
        "settings": setting.values,
        "ndcg_at_10": _interval(measures.ndcg),
        "mrr": _interval(measures.mrr),
        "precision_at_5": _interval(measures.precision),
        "ndcg_at_10_gain": _interval(measures.gain_over(own)),
        "n_offered": round(measures.n_offered, 2),
    }


def _advice(advice: Advice) -> dict[str, Any]:
    return {
        "settings": advice.setting.values,
        "ndcg_at_10_gain": _interval(advice.gain),
        "n_offered": round(advice.n_offered, 2),
        "n_offered_now": round(advice.n_offered_now, 2),
    }


def _calibration(calibration: Calibration) -> dict[str, Any]:
    return {
        "n_learned": calibration.n_learned,
        "n_judged": calibration.n_judged,
        "base_rate": round(calibration.base_rate, 6),
        "brier": round(calibration.brier, 6),
        "brier_of_base_rate": round(calibration.brier_of_base_rate, 6),
        "brier_gain": _interval(calibration.gain),
        "reliability": [
            {name: round(value, 6) for name, value in asdict(each).items()}
            for each in calibration.table
        ],
    }


def _interval(interval: Interval) -> dict[str, float]:
    return {name: round(value, 6) for name, value in asdict(interval).items()}
