"""What editors decided: by day and editor, and how often they approve what is called strong."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Case, CharField, Count, Value, When
from django.db.models.functions import TruncDate
from django.utils import timezone

from related.domain.strength.words import has_strength
from related.enums import Action, Strength, Verdict
from related.models import Decision, DecisionLog, Slot

DAYS = 28
DAYS_OF_RATES = 90
VERDICTS = (Action.APPROVE, Action.REJECT, Action.NOT_HERE)
# More than these have no color of their own in a chart.
N_EDITORS = 5


@dataclass(frozen=True, slots=True)
class Editor:
    key: str  # of the account; "" in entries of deleted accounts before it was kept
    name: str  # as of the latest entry


@dataclass(frozen=True, slots=True)
class DecidedByDay:
    """Approvals and rejections. ``editors`` are those who decided most, the others are summed."""

    days: list[date]  # every one, oldest first
    editors: list[Editor]
    by_editor: list[list[int]]  # aligned with ``editors``, each with ``days``
    others: list[int]  # aligned with ``days``
    n_others: int  # how many editors those are

    @property
    def totals(self) -> list[int]:
        return [sum(column) for column in zip(*self.by_editor, self.others, strict=True)]


@dataclass(frozen=True, slots=True)
class Approvals:
    """Of the suggestions of one strength that editors decided on."""

    strength: Strength
    n_decided: int
    n_approved: int

    @property
    def rate(self) -> float | None:
        """0 to 1; None where nothing was decided."""
        return self.n_approved / self.n_decided if self.n_decided else None


def decided_by_day(n_days: int = DAYS) -> DecidedByDay:
    """One query over the log's latest days."""
    today = timezone.localdate()
    days = [today - timedelta(days=back) for back in range(n_days - 1, -1, -1)]
    entries = DecisionLog.objects.filter(at__gte=start_of(days[0]), action__in=VERDICTS)
    rows = entries.annotate(day=TruncDate("at")).order_by("day")
    counts: dict[tuple[str, str], Counter[date]] = defaultdict(Counter)
    names: dict[tuple[str, str], str] = {}
    for day, key, name, n in rows.values_list("day", "actor_key", "actor_name").annotate(
        n=Count("pk")
    ):
        who = (key, "" if key else name)  # names change, and are given to others
        counts[who][day] += n
        names[who] = name
    most = sorted(counts, key=lambda who: (-counts[who].total(), names[who]))
    shown, others = most[:N_EDITORS], most[N_EDITORS:]
    return DecidedByDay(
        days=days,
        editors=[Editor(who[0], names[who]) for who in shown],
        by_editor=[[counts[who][day] for day in days] for who in shown],
        others=[sum(counts[who][day] for who in others) for day in days],
        n_others=len(others),
    )


def approvals_by_strength(n_days: int = DAYS_OF_RATES) -> list[Approvals]:
    """Strongest first, of the latest days; by the curves of today, whatever they were then."""
    slots = list(Slot.objects.by_similarity().with_strength())
    word = Case(
        *(When(has_strength(each, slots), then=Value(each.value)) for each in Strength),
        output_field=CharField(),
    )
    decisions = Decision.objects.telling().filter(
        decided_at__gte=start_of_rates(n_days), slot__in=slots
    )
    rows = decisions.annotate(word=word).values_list("word", "verdict").annotate(n=Count("pk"))
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for strength, verdict, n in rows.order_by():
        counts[strength][verdict] += n
    return [
        Approvals(each, counts[each].total(), counts[each][Verdict.APPROVED]) for each in Strength
    ]


def start_of_rates(n_days: int = DAYS_OF_RATES) -> datetime:
    return start_of(timezone.localdate() - timedelta(days=n_days))


def start_of(day: date) -> datetime:
    """Its first moment, in the site's time zone."""
    return timezone.make_aware(datetime.combine(day, time.min))
