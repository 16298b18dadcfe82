"""What ``evaluate_related`` prints for people."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from related.domain.reports.advice import Advice
from related.domain.reports.calibration import FEWEST_JUDGED, SHARE_LEARNED_FROM, Calibration
from related.domain.reports.evaluation import PLAIN, Evaluation
from related.domain.reports.measures import Measures
from related.domain.reports.rule_settings import AS_IT_IS, Setting
from related.management.output import in_columns
from related.similarity.intervals import Interval

N_UNKNOWN_SHOWN = 10
NAME_WIDTH, WIDTH = 28, 26  # of the first column, and of one that holds an interval


def evaluation_lines(evaluation: Evaluation) -> Iterator[str]:
    """The slot's own figures, then each other way to rank beside it, then the advice."""
    _setting, own = evaluation.measured[0]
    rows = {
        _("slot"): evaluation.slot.key,
        "nDCG@10": _interval(own.ndcg),
        "MRR": _interval(own.mrr),
        _("precision@5"): _interval(own.precision),
        _("queries"): _describe_queries(evaluation),
    }
    if evaluation.unknown:
        rows[_("not indexed")] = _describe_unknown(evaluation.unknown)
    for name, text in rows.items():
        yield in_columns(name, text, 13)
    yield ""
    yield _row("", "nDCG@10", _("gain"), "MRR", _("precision@5"), _("offered"))
    for setting, measures in evaluation.measured:
        yield _row(_name(setting, evaluation), *_cells(measures, own))
    yield _("In parentheses: 95 percent intervals. The gain is in nDCG@10, on the same queries.")
    message = _("TfidfVectorizer() chose from %(n)d texts, by the cosine of title and body.")
    if evaluation.n_texts < evaluation.n_documents:
        message = _(
            "TfidfVectorizer() chose from %(n)d of %(all)d texts, by the cosine of title and body. "
            "That is easier than from all."
        )
    yield message % {"n": evaluation.n_texts, "all": evaluation.n_documents}
    yield from _sample(evaluation)
    if not evaluation.from_file:
        yield ""
        yield from _advice_lines(evaluation)


def calibration_lines(calibration: Calibration | None) -> Iterator[str]:
    """Whether strength tells the truth, tenth by tenth."""
    yield ""
    if calibration is None:
        least = round(FEWEST_JUDGED / (1 - SHARE_LEARNED_FROM))
        message = _("strength: not judged; that takes %(least)d decisions on suggestions.")
        yield message % {"least": least}
        return
    message = _("strength: learned from %(learned)d decisions, judged on the %(judged)d after them")
    yield message % {"learned": calibration.n_learned, "judged": calibration.n_judged}
    message = _(
        "Brier score %(brier)s; always saying %(rate)s has %(constant)s; better by %(gain)s"
    )
    yield message % {
        "brier": _number(calibration.brier),
        "rate": _number(calibration.base_rate),
        "constant": _number(calibration.brier_of_base_rate),
        "gain": _interval(calibration.gain),
    }
    yield _row(_("strength"), _("decisions"), _("said"), _("approved"))
    for each in calibration.table:
        span = f"{_number(each.low, 1)}–{_number(each.high, 1)}"
        yield _row(span, str(each.n), _number(each.said), _number(each.came_true))


def _row(name: str, *cells: str) -> str:
    return f"{name:<{NAME_WIDTH}}{''.join(f'{cell:<{WIDTH}}' for cell in cells)}".rstrip()


def _cells(measures: Measures, own: Measures) -> list[str]:
    gain = "" if measures is own else _interval(measures.gain_over(own))
    intervals = [_interval(each) for each in (measures.ndcg, measures.mrr, measures.precision)]
    return [intervals[0], gain, *intervals[1:], _number(measures.n_offered, 1)]


def _name(setting: Setting, evaluation: Evaluation) -> str:
    if setting == PLAIN:
        return "TfidfVectorizer()"
    if setting == AS_IT_IS:
        return _("as it is served") if evaluation.from_file else _("as it is set")
    return _values(setting)


def _values(setting: Setting) -> str:
    """What differs from the slot as it is, in a few words."""
    numbers = {name: number_format(value) for name, value in setting.values.items()}
    if "minimum_score" in numbers:
        return _("minimum score %(minimum_score)s") % numbers
    if "title_weight" in numbers:
        return _("weight of titles %(title_weight)s") % numbers
    return _("weight of time %(time_weight)s") % numbers


def _describe_queries(evaluation: Evaluation) -> str:
    message = ngettext(
        "%(queries)d (from %(links)d link)",
        "%(queries)d (from %(links)d links)",
        evaluation.n_links,
    )
    return message % {"queries": evaluation.n_queries, "links": evaluation.n_links}


def _sample(evaluation: Evaluation) -> Iterator[str]:
    if not evaluation.from_file:
        message = _(
            "Queries are documents with a later link; the advice was chosen on %(chosen)d with an "
            "earlier one. There are %(available)d in all."
        )
        yield message % {
            "chosen": evaluation.n_queries_chosen_on,
            "available": evaluation.n_queries_available,
        }


def _advice_lines(evaluation: Evaluation) -> Iterator[str]:
    if not evaluation.advice:
        yield _("Nothing to change: no other setting is better beyond chance.")
        return
    for advice in evaluation.advice:
        yield _describe_advice(advice)
    yield _("Nothing was changed. Set it under Slots in the admin; it counts after a rebuild.")


def _describe_advice(advice: Advice) -> str:
    message = _(
        "Better: %(settings)s. nDCG@10 changes by %(gain)s; %(offered)s suggestions an article in "
        "place of %(now)s."
    )
    return message % {
        "settings": _values(advice.setting),
        "gain": _interval(advice.gain),
        "offered": _number(advice.n_offered, 1),
        "now": _number(advice.n_offered_now, 1),
    }


def _describe_unknown(unknown: list[str]) -> str:
    n_more = len(unknown) - N_UNKNOWN_SHOWN
    names = {"n": len(unknown), "ids": ", ".join(unknown[:N_UNKNOWN_SHOWN]), "more": n_more}
    if n_more > 0:
        message = _("%(n)d ids, their links were left out: %(ids)s and %(more)d more")
    else:
        message = ngettext(
            "%(n)d id, its links were left out: %(ids)s",
            "%(n)d ids, their links were left out: %(ids)s",
            len(unknown),
        )
    return message % names


def _interval(interval: Interval) -> str:
    message = _("%(mean)s (%(low)s to %(high)s)")
    return message % {
        "mean": _number(interval.mean),
        "low": _number(interval.low),
        "high": _number(interval.high),
    }


def _number(value: float, places: int = 3) -> str:
    """Rounded, which ``number_format`` does not; and no minus before nothing."""
    return str(number_format(round(value, places) + 0.0, places))
