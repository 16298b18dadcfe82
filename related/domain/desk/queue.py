"""Which documents wait for an editor, newest first; read from one row per document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from related.domain.decisions.permissions import may_review, views_hidden
from related.domain.desk.targets import Target, load_targets
from related.domain.documents.loading import load_objects
from related.domain.documents.section_names import read_section_names
from related.domain.documents.visibility import is_public
from related.enums import ReviewReason, Strength
from related.models import Corpus, Document, ReviewState
from related.models.reviewing import UNDATED, ReviewStateQuerySet
from related.registry import registered

# How many hits of a search by words are looked up, and how many documents are tried to find the
# next one that a user may review.
MAX_HITS = 200
MAX_TRIED = 20
# The least chance of a strength, as ``Strength.of`` has it.
LEAST = {Strength.STRONG.value: 0.5, Strength.FAIR.value: 0.2}


class QueueState(models.TextChoices):
    """Where a document stands with the editors."""

    TO_REVIEW = "to_review", _("To review")
    REVIEWED = "reviewed", _("Reviewed")
    NOTHING = "nothing", _("Nothing to offer")
    FAILED = "failed", _("Failed")
    ALL = "all", _("All")


class QueueAge(models.TextChoices):
    """How long ago an article was published."""

    DAY = "1", _("since yesterday")
    WEEK = "7", _("in the last week")
    MONTH = "30", _("in the last month")
    YEAR = "365", _("in the last year")


class QueueSummary(models.TextChoices):
    """What is wanting of the summary, also where nothing else is to decide."""

    MISSING = "missing", _("missing")
    STALE = "stale", _("out of date")


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What an editor asked for; empty values ask for everything."""

    state: QueueState = QueueState.TO_REVIEW
    reason: ReviewReason | None = None
    slot: str = ""  # key
    strength: str = ""  # at least
    age: str = ""  # days
    summary: str = ""  # "missing" or "stale"
    section: str = ""
    language: str = ""
    text: str = ""  # words of the title
    by_policy: bool = False  # with links that a policy approved


@dataclass(frozen=True, slots=True)
class QueueRow:
    document: Document
    target: Target
    state: ReviewState | None  # None of what was never indexed

    @property
    def why(self) -> list[str]:
        return [str(reason.label) for reason in self.state.why] if self.state else []

    @property
    def strength_word(self) -> str:
        strength = self.state.strength if self.state else None
        return "" if strength is None else str(Strength.of(strength).label)


def find_queue(wanted: QueueFilter, user: Any) -> ReviewStateQuerySet:
    """The states of a filter, newest first; one query, and one per model to search by words.

    An editor is shown what is theirs to decide, by the section as of the last analysis; someone
    who only looks is shown everything. What failed is in ``find_failed``.
    """
    rows = ReviewState.objects.of_pages().filter(in_sections_of(user), _filters(wanted))
    if wanted.reason is not None:
        rows = rows.because(wanted.reason)
    if wanted.state == QueueState.TO_REVIEW:
        rows = rows.open()
    elif wanted.state == QueueState.REVIEWED:
        rows = rows.filter(is_open=False, is_reviewed=True)
    elif wanted.state == QueueState.NOTHING:
        rows = rows.filter(is_open=False, is_reviewed=False)
    return rows.newest_first()


def find_failed(wanted: QueueFilter, user: Any) -> QuerySet[Document]:
    """The documents that were set aside; many of them are in no index, and have no state."""
    failed = Document.objects.filter(pk__in=Document.objects.failed().values("pk"), is_draft=False)
    documents = failed.filter(in_sections_of(user, "", unknown_too=True))
    if wanted.section:
        documents = documents.filter(section=wanted.section)
    if wanted.language:
        documents = documents.filter(language=wanted.language)
    if wanted.text:
        documents = documents.filter(_matching(wanted.text))
    return documents.order_by(F("published_at").desc(nulls_last=True), "-pk")


def read_queue(wanted: QueueFilter, user: Any, start: int, end: int) -> list[QueueRow]:
    """A part of a filter's list, with live titles; a constant number of queries."""
    if wanted.state == QueueState.FAILED:
        return queue_rows(list(find_failed(wanted, user)[start:end]), user)
    rows = find_queue(wanted, user).select_related("document")
    return queue_rows([row.document for row in rows[start:end]], user)


def queue_rows(documents: Sequence[Document], user: Any) -> list[QueueRow]:
    """One row each; a constant number of queries."""
    targets = load_targets(documents, user)
    states = ReviewState.objects.in_bulk([document.pk for document in documents])
    return [
        QueueRow(document, targets[document.pk], states.get(document.pk)) for document in documents
    ]


def next_to_review(
    document: Document, user: Any, wanted: QueueFilter | None = None, *, newer: bool = False
) -> Document | None:
    """The document after this one in a filter's list that the user may review; at its end, the
    first.

    Args:
        newer: the one before it instead, and at the beginning the last.
    """
    queue = find_queue(wanted or QueueFilter(), user).exclude(document=document)
    queue = queue.select_related("document")
    side = "gt" if newer else "lt"
    at = document.published_at or UNDATED
    beyond = Q(**{f"sorted_at__{side}": at})
    beyond |= Q(sorted_at=at, **{f"document_id__{side}": document.pk})
    if newer:
        queue = queue.order_by("sorted_at", "document_id")
    for rows in (queue.filter(beyond), queue):
        tried = [row.document for row in rows[:MAX_TRIED]]
        objects = load_objects(tried, public=False)
        for row in tried:
            if row.pk in objects and may_review(user, row, objects[row.pk]):
                return row
    return None


def place_in_queue(document_id: int, wanted: QueueFilter, user: Any) -> int:
    """How many documents of a filter's list stand before this one, or before its place."""
    row = ReviewState.objects.filter(document=document_id).first()
    if row is None:
        return 0
    before = Q(sorted_at__gt=row.sorted_at)
    before |= Q(sorted_at=row.sorted_at, document_id__gt=document_id)
    return find_queue(wanted, user).filter(before).count()


def queue_sections(user: Any) -> list[tuple[str, str]]:
    """The sections that the queue's documents are in, for the filter: keys with their names."""
    rows = ReviewState.objects.of_pages().filter(in_sections_of(user)).exclude(section="")
    newest = rows.order_by().values("section").values_list(Max("document"), flat=True)
    names = read_section_names(Document.objects.filter(pk__in=newest))
    return sorted(names.items(), key=lambda each: (each[1].casefold(), each[0]))


def queue_languages() -> list[tuple[str, str]]:
    corpora = Corpus.objects.exclude(language="").order_by("language")
    return [(code, code) for code in corpora.values_list("language", flat=True)]


def in_sections_of(user: Any, document: str = "document__", *, unknown_too: bool = False) -> Q:
    """Rows of the registered models in the sections that a user decides in; for who only looks, of
    what she may read.

    Args:
        document: how the rows come to their documents.
        unknown_too: what failed the first time has no section yet, and may be anybody's.
    """
    shown = Q(pk__in=[])
    decides = user.has_perm("related.change_decision")
    for model, source in registered().items():
        own = Q(content_type=ContentType.objects.get_for_model(model))
        sections = source.review_sections(user) if decides else None
        if sections is not None:
            own &= Q(section__in=[*sections, *([""] if unknown_too else [])])
        elif not (decides or views_hidden(user, model)):
            own &= is_public(document)
        shown |= own
    return shown


def _filters(wanted: QueueFilter) -> Q:
    conditions = {
        "section": wanted.section,
        "language": wanted.language,
        "slots__contains": wanted.slot and f",{wanted.slot},",
        "strength__gte": LEAST.get(wanted.strength),
        "n_by_policy__gte": int(wanted.by_policy),
        "sorted_at__gte": wanted.age and timezone.now() - timedelta(days=int(wanted.age)),
    }
    condition = Q(**{name: value for name, value in conditions.items() if value})
    if wanted.summary:
        is_missing = wanted.summary == QueueSummary.MISSING
        condition &= Q(has_summary=False) if is_missing else Q(has_stale_summary=True)
    if wanted.text:
        condition &= _matching(wanted.text, "document__")
    return condition


def _matching(text: str, document: str = "") -> Q:
    """Rows whose objects a site's own search finds."""
    matching = Q(pk__in=[])
    for model, source in registered().items():
        keys = [str(pk) for pk in source.search(text).values_list("pk", flat=True)[:MAX_HITS]]
        content_type = ContentType.objects.get_for_model(model)
        matching |= Q(content_type=content_type, **{f"{document}object_id__in": keys})
    return matching
