"""Pages whose approved links came or went without a signal: by SQL, by a date that passed, with a
model that the site took out. The sweeper looks for them again and again.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import timedelta
from time import monotonic

from django.db.models import F, Model
from django.db.models.functions import Now

from related.domain.attention.states import AT_ONCE, refresh_states
from related.domain.bulk_rows import chunked
from related.domain.documents.marking import mark_in_background, remember_deleted
from related.domain.documents.visibility import is_known, is_public
from related.enums import Priority, ReviewReason
from related.models import Decision, Document, ReviewState
from related.registry import registered

# How long a date that passed is looked at; afterwards the nightly rebuild has seen it.
RECENTLY = timedelta(days=2)
# The sweeper looks this often, and takes no more than this share of its time for it.
SECONDS_BETWEEN_LOOKS = 10
SHARE_OF_TIME = 0.02


class Watch:
    """When to look again."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._next = -math.inf

    def look(self) -> int:
        """``notice_vanished``, if it is time for it; returns how many pages changed."""
        started = self._clock()
        if started < self._next:
            return 0
        n_changed = notice_vanished()
        ended = self._clock()
        pause = max(SECONDS_BETWEEN_LOOKS, (ended - started) / SHARE_OF_TIME)
        self._next = ended + pause
        return n_changed


watch = Watch()


def notice_vanished(limit: int = AT_ONCE) -> int:
    """Compute the pages whose approved links went, came back or came out unnoticed.

    What went is also sent to the workers, and what is not in the database any more is remembered
    as deleted: an article that is made under its key later is another one.

    Returns:
        How many pages say something else than before.
    """
    lost = _lost_links()
    first = _pages_that_do_not_say(lost)
    others = (_pages_that_say_too_much(lost) | _pages_of_what_came_out()) - first
    some = [*sorted(first), *_longest_ago(others, limit)][:limit]
    before = _items_of(some)
    _tell_workers({target for _, _, target in lost})
    refresh_states(some)
    after = _items_of(some)
    return sum(after[pk] != before.get(pk) for pk in after)


Lost = set[tuple[int, str, int]]  # document, key of the slot, target


def _lost_links() -> Lost:
    links = Decision.objects.approved().filter(slot__is_active=True, document__is_indexed=True)
    gone = links.filter(~is_public("target__")).filter(~is_known("target__"))
    return set(gone.values_list("document", "slot__key", "target"))


def _pages_that_do_not_say(lost: Lost) -> set[int]:
    known: dict[int, set[str]] = defaultdict(set)
    for keys in chunked(sorted({document for document, _, _ in lost})):
        rows = ReviewState.objects.filter(document__in=keys)
        for pk, items, closed in rows.values_list("document", "items", "closed_items"):
            known[pk] = {*items, *closed}
    return {
        document
        for document, slot, target in lost
        if f"lost:{slot}:{target}" not in known[document]
    }


def _pages_that_say_too_much(lost: Lost) -> set[int]:
    said = {(document, f"lost:{slot}:{target}") for document, slot, target in lost}
    rows = ReviewState.objects.because(ReviewReason.LOST).values_list("document", "items")
    return {
        document
        for document, items in rows
        for item in items
        if item.startswith("lost:") and (document, item) not in said
    }


def _pages_of_what_came_out() -> set[int]:
    """Pages that were computed before the date of an approved target, which has passed now."""
    links = Decision.objects.approved().filter(
        target__published_at__gt=Now() - RECENTLY,
        target__published_at__lte=Now(),
        document__review_state__checked_at__lt=F("target__published_at"),
    )
    return set(links.values_list("document", flat=True))


def _longest_ago(document_ids: Collection[int], limit: int) -> list[int]:
    """Those that were not computed for the longest time: each gets its turn."""
    rows = ReviewState.objects.filter(document__in=document_ids).order_by("checked_at", "document")
    return list(rows.values_list("document", flat=True)[:limit])


def _items_of(document_ids: Collection[int]) -> dict[int, list[str]]:
    rows = ReviewState.objects.filter(document__in=document_ids)
    return dict(rows.values_list("document", "items"))


def _tell_workers(target_ids: Iterable[int]) -> None:
    """Of what is still in the index, and of whose disappearance no worker knows."""
    for keys in chunked(sorted(target_ids)):
        rows = Document.objects.indexed().filter(pk__in=keys, done_rev=F("want_rev"))
        by_model: dict[type[Model], list[str]] = defaultdict(list)
        documents = list(rows)
        for document in documents:
            model = document.kind.model_class()
            if model in registered():
                by_model[model].append(document.object_id)
        for model, object_ids in by_model.items():
            there = model._base_manager.filter(pk__in=object_ids).values_list("pk", flat=True)
            for object_id in {*object_ids} - {str(pk) for pk in there}:
                remember_deleted(model, object_id)
        mark_in_background([document.pk for document in documents], Priority.PUBLISH)
