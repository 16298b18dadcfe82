"""``manage.py learn_order``: whether decisions teach a better order than the score, and use it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from related.domain.corpus.memory import CorpusTooLarge
from related.domain.ordering.learning import (
    FEWEST_REVIEWED,
    Judgment,
    judge_order,
    switch_off,
    switch_on,
)
from related.management.engine import start_engine
from related.management.output import in_columns
from related.models import Reranker
from related.similarity.intervals import Interval


class Command(BaseCommand):
    help = _(
        "Learn an order of suggestions from editors' decisions, and say whether it beats the score "
        "on later decisions. It counts only once it is switched on, and only while it does."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        switch = parser.add_mutually_exclusive_group()
        switch.add_argument(
            "--on", action="store_true", help=_("Switch it on, if it beats the score.")
        )
        switch.add_argument("--off", action="store_true", help=_("Go by the score alone."))

    def handle(self, *args: Any, on: bool, off: bool, **options: Any) -> None:
        if off:
            was_on = switch_off()
            self.stdout.write(_("Switched off.") if was_on else _("It was not switched on."))
            return
        start_engine(self.stderr)
        was_on = Reranker.switched_on() is not None
        try:
            judgment = judge_order()
        except CorpusTooLarge as error:
            raise CommandError(str(error)) from None
        for line in _lines(judgment):
            self.stdout.write(line)
        if judgment.may_be_on:
            self._switch(on=on, was_on=was_on)
            return
        if was_on:
            self.stdout.write(_("It was switched on, and is off now."))
        if on:
            raise CommandError(_("Not switched on."))

    def _switch(self, *, on: bool, was_on: bool) -> None:
        if on:
            switch_on()
            self.stdout.write(
                _("Switched on. Suggestions follow after a rebuild (rebuild_related).")
            )
        elif was_on:
            self.stdout.write(_("It stays switched on, as learned now."))
        else:
            self.stdout.write(_("It is not used until it is switched on, with --on."))


def _lines(judgment: Judgment) -> list[str]:
    lines = [_describe_decisions(judgment)]
    if not judgment.is_enough:
        message = _("Too few to learn from: that takes %(fewest)d reviewed articles.")
        return [*lines, message % {"fewest": FEWEST_REVIEWED}]
    if judgment.by_score is None or judgment.learned is None or judgment.gain is None:
        return [*lines, _("They do not tell what is approved from what is rejected.")]
    message = _(
        "Judged on the %(n)d latest articles with an approved and a rejected link, nDCG@10:"
    )
    rows = {
        _("by the score"): judgment.by_score,
        _("learned"): judgment.learned,
        _("gain"): judgment.gain,
    }
    width = max(map(len, rows)) + 2
    lines.append(message % {"n": judgment.n_judged})
    lines += [in_columns(name, _interval(figures), width) for name, figures in rows.items()]
    if judgment.may_be_on:
        return [*lines, _("The learned order is better.")]
    return [*lines, _("The learned order is not better beyond chance, so the score stays.")]


def _describe_decisions(judgment: Judgment) -> str:
    n, reviewed = judgment.n_decisions, judgment.n_reviewed
    return _("%(decisions)s on %(articles)s.") % {
        "decisions": ngettext("%(n)d decision", "%(n)d decisions", n) % {"n": n},
        "articles": ngettext("%(n)d article", "%(n)d articles", reviewed) % {"n": reviewed},
    }


def _interval(interval: Interval) -> str:
    parts = (interval.mean, interval.low, interval.high)
    names = ("mean", "low", "high")
    numbers = {
        name: number_format(round(value, 3) + 0.0, 3)
        for name, value in zip(names, parts, strict=True)
    }
    return _("%(mean)s (%(low)s to %(high)s)") % numbers
