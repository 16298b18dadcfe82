"""Is the work being done? The same facts for operators, probes, monitoring and the admin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from related.conf import conf
from related.domain.attention.checking import StateCheck, check_states
from related.domain.attention.states import count_due
from related.domain.clocks import clocks_off
from related.domain.documents.addresses import rule_of_keys
from related.domain.documents.titles import read_titles
from related.domain.reports.concerns import Concern, ask_for_concerns
from related.domain.reports.coverage import Coverage, measure_coverage, total
from related.domain.reports.durations import describe_duration, seconds_between
from related.domain.reports.hidden_links import (
    HiddenLink,
    count_hidden_links,
    find_coming_links,
    find_lost_links,
)
from related.domain.reports.rebuild_state import (
    RebuildState,
    describe_latest_run,
    seconds_since_rebuild,
)
from related.enums import Priority
from related.models import Corpus, Document
from related.registry import registered

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

    ``empty_slots`` says for each slot that goes by similarity how many public pages have neither an
    approved link nor an offer for it. Lists hold the first ten. The states of review that were
    checked are a sample; those that were not as they should be are computed again.
    """

    is_stale: bool
    state: str  # "fresh", "behind" or "stale"
    summary: str  # the state in one sentence
    oldest_waiting_seconds: float | None
    oldest_waiting: str  # its label, "" for none
    n_waiting: int
    waiting_by_priority: dict[str, int]
    n_waiting_drafts: int  # of those that wait
    n_working: int
    working: list[TriedDocument]
    n_failed: int
    failed: list[TriedDocument]
    n_indexed: int
    n_outdated_addresses: int  # indexed under another PAGE_PARAMETERS
    corpora: dict[str, int]  # documents by language
    empty_slots: dict[str, int]
    n_states_due: int
    n_states_checked: int
    n_states_outdated: int
    n_lost_links: int  # approved, and their target was withdrawn or deleted
    lost_links: list[HiddenLink]
    n_coming_links: int  # approved, and their target is not out yet
    coming_links: list[HiddenLink]
    last_rebuild_seconds: float | None  # since the last one that was finished
    rebuild: RebuildState | None
    concerns: list[Concern]  # of apps beside the plugin
    clocks_off: dict[str, float]  # host -> seconds ahead of the database; behind is negative


def measure_health() -> Health:
    """Count everything, in a constant number of queries per registered model."""
    health = measure_work(measure_coverage(), check_states())
    lost, coming = find_lost_links(N_SHOWN), find_coming_links(N_SHOWN)
    return replace(health, lost_links=lost, coming_links=coming, clocks_off=clocks_off())


def measure_work(coverage: Sequence[Coverage], states: StateCheck) -> Health:
    """The same without the list of hidden links, and without clocks.

    Args:
        coverage: as ``measure_coverage`` finds it.
        states: as ``check_states`` found them.

    Stale means that stored links answer old texts and will go on doing so: the oldest waiting
    document has waited longer than STALE_SECONDS, one was set aside, or one is known by the keys of
    another PAGE_PARAMETERS.
    """
    now = timezone.now()
    oldest = takeable().order_by("marked_at", "pk").first()
    age = None if oldest is None else seconds_between(oldest.marked_at, now)
    counts = count_documents()
    n_waiting = counts["publish"] + counts["bulk"]
    working, failed = _first(takeable().filter(in_hand())), _first(Document.objects.failed())
    titles = read_titles([*working, *failed])
    n_lost, n_coming = count_hidden_links()
    is_late = age is not None and age > conf.stale_seconds
    concerns = ask_for_concerns()
    bad = [f"{concern.name}: {concern.text}." for concern in concerns if concern.is_bad]
    is_stale = is_late or counts["failed"] > 0 or counts["outdated"] > 0 or bool(bad)
    return Health(
        is_stale=is_stale,
        state="stale" if is_stale else "behind" if n_waiting else "fresh",
        summary=_summarize(age, n_waiting, counts, bad),
        oldest_waiting_seconds=age,
        oldest_waiting=oldest.label if oldest else "",
        n_waiting=n_waiting,
        waiting_by_priority={"publish": counts["publish"], "bulk": counts["bulk"]},
        n_waiting_drafts=counts["drafts"],
        n_working=counts["working"],
        working=[_tried(row, titles) for row in working],
        n_failed=counts["failed"],
        failed=[_tried(row, titles) for row in failed],
        n_indexed=counts["indexed"],
        n_outdated_addresses=counts["outdated"],
        corpora=dict(Corpus.objects.order_by("language").values_list("language", "n_documents")),
        empty_slots=empty_slots(coverage),
        n_states_due=count_due(),
        n_states_checked=states.n_checked,
        n_states_outdated=states.n_outdated,
        n_lost_links=n_lost,
        lost_links=[],
        n_coming_links=n_coming,
        coming_links=[],
        last_rebuild_seconds=seconds_since_rebuild(now),
        rebuild=describe_latest_run(now),
        concerns=concerns,
        clocks_off={},
    )


def oldest_waiting_seconds(priority: Priority | None = None) -> float | None:
    """How long the oldest document has waited that a worker may still take; None: none waits.

    Args:
        priority: look only at documents marked with this priority.
    """
    now = timezone.now()
    waiting = takeable()
    if priority is not None:
        waiting = waiting.filter(priority=priority)
    oldest = waiting.aggregate(oldest=Min("marked_at"))["oldest"]
    return None if oldest is None else seconds_between(oldest, now)


def takeable() -> QuerySet[Document]:
    """What waits and was not set aside."""
    return Document.objects.waiting().exclude(Document.tried_enough())


def in_hand() -> Q:
    """In a worker's hands, or waiting out the pause after a failure."""
    return Q(worker_id__isnull=False) | Q(retry_at__gt=Now())


def _first(rows: QuerySet[Document]) -> Sequence[Document]:
    return list(rows.order_by("pk")[:N_SHOWN])


def _tried(row: Document, titles: dict[int, str]) -> TriedDocument:
    return TriedDocument(row.pk, row.label, titles[row.pk], row.attempts, row.error)


def count_documents() -> dict[str, int]:
    """Indexed and waiting documents; those set aside do not count as waiting. ``outdated`` are
    those whose keys of addresses are of another rule."""
    failed = Document.tried_enough()
    counts: dict[str, int] = Document.objects.waiting().aggregate(
        working=Count("pk", filter=~failed & in_hand()),
        failed=Count("pk", filter=failed),
        drafts=Count("pk", filter=~failed & Q(is_draft=True)),
        publish=Count("pk", filter=~failed & Q(priority=Priority.PUBLISH)),
        bulk=Count("pk", filter=~failed & Q(priority=Priority.BULK)),
    )
    return counts | Document.objects.indexed().aggregate(
        indexed=Count("pk"), outdated=Count("pk", filter=_is_outdated())
    )


def _is_outdated() -> Q:
    """What a rebuild would read again: a model that was taken out has rows and no objects."""
    kinds = ContentType.objects.get_for_models(*registered()).values()
    return Q(content_type__in=kinds) & ~Q(address_rule=rule_of_keys())


def empty_slots(coverage: Sequence[Coverage]) -> dict[str, int]:
    """Public pages with neither an approved link nor an offer, by key of the slot."""
    return {each.slot.key: each.n_empty for each in total(coverage)}


def _summarize(
    age: float | None, n_waiting: int, counts: dict[str, int], concerns: Sequence[str]
) -> str:
    n_failed, n_outdated = counts["failed"], counts["outdated"]
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
    if n_outdated:
        complaint = ngettext(
            "%(n)d document is known by its address under another PAGE_PARAMETERS: run "
            "rebuild_related.",
            "%(n)d documents are known by their addresses under another PAGE_PARAMETERS: run "
            "rebuild_related.",
            n_outdated,
        )
        complaints.append(complaint % {"n": n_outdated})
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
