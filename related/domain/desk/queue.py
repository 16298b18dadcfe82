"""Which documents wait for an editor, newest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from related.domain.decisions.permissions import may_review
from related.domain.desk.targets import Target, load_targets
from related.domain.documents.loading import load_objects
from related.enums import Verdict
from related.models import Corpus, Decision, Document, Slot, Suggestion
from related.registry import registered

# How many hits of a search by words are looked up, and how many documents are tried to find the
# next one that a user may review.
MAX_HITS = 200
MAX_TRIED = 20


class QueueState(models.TextChoices):
    """Where a document stands with the editors."""

    TO_REVIEW = "to_review", _("To review")
    PARTLY = "partly", _("Partly reviewed")
    REVIEWED = "reviewed", _("Reviewed")
    FAILED = "failed", _("Failed")
    ALL = "all", _("All")


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What an editor asked for; empty values ask for everything."""

    state: QueueState = QueueState.TO_REVIEW
    section: str = ""
    language: str = ""
    text: str = ""  # words of the title


@dataclass(frozen=True, slots=True)
class QueueRow:
    document: Document
    target: Target
    n_suggestions: int  # distinct targets that wait for a decision
    approved: list[tuple[Slot, int]] = field(default_factory=list)  # in page order

    @property
    def n_approved(self) -> int:
        return sum(n for _, n in self.approved)


def find_queue(wanted: QueueFilter, user: Any) -> QuerySet[Document]:
    """The documents of a filter, newest first; one query, and one per model to search by words.

    An editor is shown what is theirs to decide, by the section as of the last analysis; someone
    who only looks is shown everything.
    """
    documents = Document.objects.filter(_in_sections_of(user, wanted.state)).order_by(
        F("published_at").desc(nulls_last=True), "-pk"
    )
    if wanted.section:
        documents = documents.filter(section=wanted.section)
    if wanted.language:
        documents = documents.filter(language=wanted.language)
    if wanted.text:
        documents = documents.filter(_matching(wanted.text))
    if wanted.state == QueueState.FAILED:
        return documents.filter(pk__in=Document.objects.failed().values("pk"))
    documents = documents.filter(is_indexed=True)
    if wanted.state == QueueState.TO_REVIEW:
        return documents.filter(_has_open_slot(), ~_has(Verdict.APPROVED))
    if wanted.state == QueueState.PARTLY:
        return documents.filter(_has_open_slot(), _has(Verdict.APPROVED))
    if wanted.state == QueueState.REVIEWED:
        return documents.filter(~_has_open_slot(), _has(Verdict.APPROVED, Verdict.REJECTED))
    return documents


def queue_rows(documents: Sequence[Document]) -> list[QueueRow]:
    """One row each, with counts; a constant number of queries."""
    targets = load_targets(documents)
    slots = list(Slot.objects.active())
    suggested = dict(
        _undecided()
        .filter(document__in=documents)
        .values_list("document")
        .annotate(n=Count("target", distinct=True))
        .order_by()
    )
    approved: dict[tuple[int, int], int] = defaultdict(int)
    counts = Decision.objects.approved().filter(document__in=documents).order_by()
    for document_id, slot_id, n in counts.values_list("document", "slot").annotate(n=Count("pk")):
        approved[document_id, slot_id] = n
    return [
        QueueRow(
            document=document,
            target=targets[document.pk],
            n_suggestions=suggested.get(document.pk, 0),
            approved=[(slot, approved[document.pk, slot.pk]) for slot in slots],
        )
        for document in documents
    ]


def next_to_review(document: Document, user: Any) -> Document | None:
    """The document after this one in the queue that the user may review; at its end, the first."""
    queue = find_queue(QueueFilter(), user).exclude(pk=document.pk)
    older = Q(published_at__isnull=True)
    if document.published_at is not None:
        older |= Q(published_at__lt=document.published_at)
        older |= Q(published_at=document.published_at, pk__lt=document.pk)
    else:
        older &= Q(pk__lt=document.pk)
    for rows in (queue.filter(older), queue):
        tried = list(rows[:MAX_TRIED])
        objects = load_objects(tried, public=False)
        for row in tried:
            if row.pk in objects and may_review(user, row, objects[row.pk]):
                return row
    return None


def queue_sections(user: Any) -> list[str]:
    """The sections that the queue's documents are in, for the filter."""
    documents = Document.objects.indexed().filter(_in_sections_of(user))
    sections = documents.exclude(section="").order_by("section")
    return list(sections.values_list("section", flat=True).distinct())


def queue_languages() -> list[str]:
    corpora = Corpus.objects.exclude(language="").order_by("language")
    return list(corpora.values_list("language", flat=True))


def _in_sections_of(user: Any, state: QueueState = QueueState.ALL) -> Q:
    """Documents of the registered models in the sections that a user decides in."""
    shown = Q(pk__in=[])
    decides = user.has_perm("related.change_decision")
    for model, source in registered().items():
        own = Q(content_type=ContentType.objects.get_for_model(model))
        sections = source.review_sections(user) if decides else None
        if sections is not None:
            # What failed the first time has no section yet, and may be anybody's.
            unknown = [""] if state == QueueState.FAILED else []
            own &= Q(section__in=[*sections, *unknown])
        shown |= own
    return shown


def _undecided() -> QuerySet[Suggestion]:
    """Suggestions that wait for an editor, in slots that show nothing without one."""
    return (
        Suggestion.objects.served()
        .undecided()
        .filter(slot__is_active=True, slot__requires_approval=True)
    )


def _has_open_slot() -> Exists:
    """Something is suggested for a slot in which nothing is approved yet."""
    filled = Decision.objects.approved().filter(
        document=OuterRef("document"), slot=OuterRef("slot")
    )
    return Exists(_undecided().filter(~Exists(filled), document=OuterRef("pk")))


def _has(*verdicts: Verdict) -> Exists:
    return Exists(Decision.objects.filter(document=OuterRef("pk"), verdict__in=verdicts))


def _matching(text: str) -> Q:
    """Documents whose objects a site's own search finds."""
    matching = Q(pk__in=[])
    for model, source in registered().items():
        keys = [str(pk) for pk in source.search(text).values_list("pk", flat=True)[:MAX_HITS]]
        content_type = ContentType.objects.get_for_model(model)
        matching |= Q(content_type=content_type, object_id__in=keys)
    return matching
