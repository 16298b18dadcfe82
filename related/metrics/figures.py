"""What the database says of the work: the same in every process, and asked for rarely."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from threading import Lock
from time import monotonic

from django.db.models import Count, F, Sum
from django.utils import timezone
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from related.domain.reports.coverage import measure_coverage
from related.domain.reports.health import (
    count_documents,
    empty_slots,
    oldest_waiting_seconds,
)
from related.domain.reports.rebuild_state import seconds_since_rebuild
from related.enums import Priority
from related.models import Corpus, DecisionLog, Document

SECONDS_KEPT = 10.0  # however often somebody asks, the database is not


class Figures:
    """A collector as prometheus-client has them."""

    def __init__(self, seconds: float = SECONDS_KEPT) -> None:
        self._seconds = seconds
        self._lock = Lock()
        self._kept: list[Metric] = []
        self._until = 0.0

    def collect(self) -> list[Metric]:
        with self._lock:
            if monotonic() >= self._until:
                self._kept = list(measure())
                self._until = monotonic() + self._seconds
            return self._kept

    def forget(self) -> None:
        self._until = 0.0


figures = Figures()


def measure() -> Iterator[Metric]:
    counts = count_documents()
    yield _gauge(
        "related_documents_waiting",
        "Documents that wait for a worker, without those set aside.",
        "priority",
        {"publish": counts["publish"], "bulk": counts["bulk"]},
    )
    yield _gauge(
        "related_oldest_waiting_seconds",
        "How long the oldest of them has waited; 0 where nothing waits.",
        "priority",
        {
            priority.name.lower(): oldest_waiting_seconds(priority) or 0.0
            for priority in (Priority.PUBLISH, Priority.BULK)
        },
    )
    yield GaugeMetricFamily(
        "related_documents_failed", "Documents set aside after an error.", value=counts["failed"]
    )
    corpora = Corpus.objects.order_by("language").values_list("language", "n_documents")
    yield _gauge(
        "related_documents_indexed", "Documents compared, by language.", "language", dict(corpora)
    )
    yield CounterMetricFamily(
        "related_revisions_processed",
        "Changes of documents that workers have answered.",
        value=Document.objects.aggregate(n=Sum(F("done_rev")))["n"] or 0,
    )
    yield _decisions()
    yield _gauge(
        "related_slot_empty_documents",
        "Public pages with neither an approved link nor an offer for a slot.",
        "slot",
        empty_slots(measure_coverage()),
    )
    age = seconds_since_rebuild(timezone.now())
    if age is not None:
        yield GaugeMetricFamily(
            "related_last_rebuild_age_seconds", "Since the last finished rebuild.", value=age
        )


def _decisions() -> Metric:
    family = CounterMetricFamily(
        "related_decisions", "Entries of the decision log, by action.", labels=["action"]
    )
    entries = DecisionLog.objects.order_by("action").values_list("action")
    for action, n in entries.annotate(n=Count("pk")):
        family.add_metric([action], n)
    return family


def _gauge(name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family
