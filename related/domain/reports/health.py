"""Is the work being done? The same facts for operators, probes, monitoring and the admin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from related.conf import conf
from related.domain.documents.titles import read_titles
from related.domain.reports.concerns import Concern, ask_for_concerns
from related.domain.reports.durations import describe_duration, seconds_between
from related.domain.reports.hidden_links import HiddenLink, count_hidden_links, find_hidden_links
from related.domain.reports.rebuild_state import (
    RebuildState,
    describe_latest_run,
    seconds_since_rebuild,
)
from related.enums import Priority
from related.models import Corpus, Decision, Document, Slot, Suggestion

N_SHOWN = 10


@dataclass(frozen=True, slots=True)
class TriedDocument:
    """A document that a worker has in hand, will try again, or gave up."""

    document_id: int
    document: str  # app_label.model:id
    title: str
    attempts: int
    error: str  # of the latest failure; "" where there was none, or where it killed its worker


@dataclass(frozen=True, slots=True)
class Health:
    """Ages in seconds; None stands for "there is none".

    ``empty_slots`` says for each slot that goes by similarity how many of the ``n_indexed``
    documents have neither a suggestion nor an approved link in it. Lists hold the first ten.
    """

    is_stale: bool
    state: str  # "fresh", "behind" or "stale"
    summary: str  # the state in one sentence
    oldest_waiting_seconds: float | None
    oldest_waiting: str  # its label, "" for none
    n_waiting: int
    waiting_by_priority: dict[str, int]
    n_working: int
    working: list[TriedDocument]
    n_failed: int
    failed: list[TriedDocument]
    n_indexed: int
    corpora: dict[str, int]  # documents by language
    empty_slots: dict[str, int]
    n_hidden_links: int
    hidden_links: list[HiddenLink]
    last_rebuild_seconds: float | None  # since the last one that was finished
    rebuild: RebuildState | None
    concerns: list[Concern]  # of apps beside the plugin


def measure_health() -> Health:
    """Count everything, in a constant number of queries per registered model.

    Stale means that stored links answer old texts and will go on doing so: the oldest waiting
    document has waited longer than STALE_SECONDS, or one was set aside.
    """
    now = timezone.now()
    oldest = _takeable().order_by("marked_at", "pk").first()
    age = None if oldest is None else seconds_between(oldest.marked_at, now)
    counts = count_documents()
    n_waiting = counts["publish"] + counts["bulk"]
    working, failed = _first(_takeable().filter(_in_hand())), _first(Document.objects.failed())
    titles = read_titles([*working, *failed])
    is_late = age is not None and age > conf.stale_seconds
    concerns = ask_for_concerns()
    bad = [f"{concern.name}: {concern.text}." for concern in concerns if concern.is_bad]
    is_stale = is_late or counts["failed"] > 0 or bool(bad)
    return Health(
        is_stale=is_stale,
        state=("stale" if is_stale else "behind" if n_waiting else "fresh"),
        summary=_summarize(age, n_waiting, counts["failed"], bad),
        oldest_waiting_seconds=age,
        oldest_waiting=oldest.label if oldest else "",
        n_waiting=n_waiting,
        waiting_by_priority={"publish": counts["publish"], "bulk": counts["bulk"]},
        n_working=counts["working"],
        working=[_tried(row, titles) for row in working],
        n_failed=counts["failed"],
        failed=[_tried(row, titles) for row in failed],
        n_indexed=counts["indexed"],
        corpora=dict(Corpus.objects.order_by("language").values_list("language", "n_documents")),
        empty_slots=count_empty_slots(),
        n_hidden_links=count_hidden_links(),
        hidden_links=find_hidden_links(N_SHOWN),
        last_rebuild_seconds=seconds_since_rebuild(now),
        rebuild=describe_latest_run(now),
        concerns=concerns,
    )


def oldest_waiting_seconds(priority: Priority | None = None) -> float | None:
    """How long the oldest document has waited that a worker may still take; None: none waits.

    Args:
        priority: look only at documents marked with this priority.
    """
    now = timezone.now()
    waiting = _takeable()
    if priority is not None:
        waiting = waiting.filter(priority=priority)
    oldest = waiting.aggregate(oldest=Min("marked_at"))["oldest"]
    return None if oldest is None else seconds_between(oldest, now)


def _takeable() -> QuerySet[Document]:
    """What waits and was not set aside."""
    return Document.objects.waiting().exclude(Document.tried_enough())


def _in_hand() -> Q:
    """In a worker's hands, or waiting out the pause after a failure."""
    return Q(worker_id__isnull=False) | Q(retry_at__gt=Now())


def _first(rows: QuerySet[Document]) -> Sequence[Document]:
    return list(rows.order_by("pk")[:N_SHOWN])


def _tried(row: Document, titles: dict[int, str]) -> TriedDocument:
    return TriedDocument(row.pk, row.label, titles[row.pk], row.attempts, row.error)


def count_documents() -> dict[str, int]:
    """Indexed and waiting documents; those set aside do not count as waiting."""
    waits = Q(done_rev__lt=F("want_rev"))
    failed = waits & Document.tried_enough()
    counts: dict[str, int] = Document.objects.aggregate(
        indexed=Count("pk", filter=Q(is_indexed=True)),
        working=Count("pk", filter=waits & ~failed & _in_hand()),
        failed=Count("pk", filter=failed),
        publish=Count("pk", filter=waits & ~failed & Q(priority=Priority.PUBLISH)),
        bulk=Count("pk", filter=waits & ~failed & Q(priority=Priority.BULK)),
    )
    return counts


def count_empty_slots() -> dict[str, int]:
    slots = list(Slot.objects.active().by_similarity())
    counts: dict[str, Count] = {}
    for slot in slots:
        suggested = Suggestion.objects.served().filter(slot=slot, document=OuterRef("pk"))
        approved = Decision.objects.approved().filter(slot=slot, document=OuterRef("pk"))
        counts[f"slot_{slot.pk}"] = Count("pk", filter=~Exists(suggested) & ~Exists(approved))
    found = Document.objects.indexed().aggregate(**counts) if slots else {}
    return {slot.key: found[f"slot_{slot.pk}"] for slot in slots}


def _summarize(age: float | None, n_waiting: int, n_failed: int, concerns: Sequence[str]) -> str:
    complaints = []
    if age is not None and age > conf.stale_seconds:
        complaint = _(
            "a document has waited %(duration)s (allowed: %(allowed)d s): are the workers, or "
            "process_related --loop, running?"
        )
        allowed = conf.stale_seconds
        complaints.append(complaint % {"duration": describe_duration(age), "allowed": allowed})
    if n_failed:
        complaint = ngettext(
            "%(n)d document was set aside: fix what the error says and save the article again, "
            "or retry it in the admin.",
            "%(n)d documents were set aside: fix what the errors say and save the articles again, "
            "or retry them in the admin.",
            n_failed,
        )
        complaints.append(complaint % {"n": n_failed})
    complaints.extend(concerns)
    if complaints:
        return _("Stale: %(complaints)s") % {"complaints": " ".join(complaints)}
    if n_waiting:
        behind = ngettext(
            "Behind: %(n)d document waiting, the oldest for %(duration)s.",
            "Behind: %(n)d documents waiting, the oldest for %(duration)s.",
            n_waiting,
        )
        return behind % {"n": n_waiting, "duration": describe_duration(age)}
    return _("Fresh: nothing is waiting, and every stored link matches the newest text.")
