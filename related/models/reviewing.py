"""The editors' queue: which article needs one and why; and how an editor wants the desk."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from related.enums import ReviewReason
from related.models.documents import Document

# Documents without a date come last. A date of its own: databases disagree on where nulls stand.
UNDATED = datetime(1, 1, 2, tzinfo=UTC)


class ReviewStateQuerySet(models.QuerySet["ReviewState"]):
    def open(self) -> ReviewStateQuerySet:
        return self.filter(is_open=True)

    def of_pages(self) -> ReviewStateQuerySet:
        """Without those of drafts: nobody has to review what is still being written."""
        return self.exclude(document__in=Document.objects.drafts().values("pk"))

    def because(self, reason: ReviewReason) -> ReviewStateQuerySet:
        """Open ones for which a reason holds, perhaps among others."""
        rows = self.open().annotate(because=F("reasons").bitand(reason.value))
        return rows.filter(because__gt=0)

    def pages(self) -> ReviewStateQuerySet:
        """Those whose document is a page that the public may see."""
        return self.filter(is_page=True)

    def newest_first(self) -> ReviewStateQuerySet:
        return self.order_by("-sorted_at", "-document_id")


class ReviewState(models.Model):
    """Whether a document's page needs an editor, and for what. Computed: written by
    ``domain/attention`` alone, which can make every row again, except what an editor closed.
    """

    document = models.OneToOneField(
        Document, on_delete=models.CASCADE, primary_key=True, related_name="review_state"
    )
    is_open = models.BooleanField(default=False)
    reasons = models.PositiveSmallIntegerField(default=0)  # sum of ReviewReason
    items = models.JSONField(default=list)  # each thing to look at, as ``attention.needs`` says it
    closed_items = models.JSONField(default=list)  # those that an editor has looked at
    slots = models.CharField(max_length=500, blank=True)  # keys of those concerned: ",a,b,"
    strength = models.FloatField(null=True)  # of the strongest link that is offered
    n_offered = models.PositiveSmallIntegerField(default=0)  # links that the page could show more
    n_approved = models.PositiveSmallIntegerField(default=0)
    # Of these, approved by a policy and not by an editor.
    n_by_policy = models.PositiveSmallIntegerField(default=0, db_default=0)
    # And of these, not public now: withdrawn or deleted, or still to come out.
    n_lost = models.PositiveSmallIntegerField(default=0, db_default=0)
    n_coming = models.PositiveSmallIntegerField(default=0, db_default=0)
    is_reviewed = models.BooleanField(default=False)  # an editor decided something, or closed it
    has_summary = models.BooleanField(default=False)
    has_stale_summary = models.BooleanField(default=False)  # also where an editor closed that
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    is_due = models.BooleanField(default=True)  # something may have changed: to be computed again
    checked_at = models.DateTimeField(default=timezone.now)

    # What stands on it, as ``attention.page_coverage`` has it; of slots that go by similarity.
    is_page = models.BooleanField(default=False, db_default=False)  # that the public may see
    filled_slots = models.CharField(max_length=500, blank=True, default="", db_default="")
    empty_slots = models.CharField(max_length=500, blank=True, default="", db_default="")
    shown = models.JSONField(null=True)  # the documents that its links lead to; None: no page
    # No page shows a link here: as the last census found, see ``attention.orphans``.
    is_orphan = models.BooleanField(default=False, db_default=False)

    # Of the document, so that the queue is read from one index in its own order.
    content_type = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    language = models.CharField(max_length=35, blank=True)
    section = models.CharField(max_length=255, blank=True)
    sorted_at = models.DateTimeField(default=UNDATED)  # when it was published

    objects = ReviewStateQuerySet.as_manager()

    class Meta:
        verbose_name = _("state of review")
        verbose_name_plural = _("states of review")
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["-sorted_at", "-document"],
                condition=models.Q(is_open=True),
                name="related_review_open",
            ),
            models.Index(fields=["-sorted_at", "-document"], name="related_review_date"),
            models.Index(
                fields=["document"], condition=models.Q(is_due=True), name="related_review_due"
            ),
            models.Index(
                fields=["-sorted_at", "-document"],
                include=["content_type", "section"],  # to be counted without the rows
                condition=models.Q(is_orphan=True, is_page=True),
                name="related_review_orphan",
            ),
            # Coverage is counted from this index alone: it holds the few values once each.
            models.Index(
                fields=["section", "filled_slots", "empty_slots"],
                condition=models.Q(is_page=True),
                name="related_review_coverage",
            ),
            models.Index(
                fields=["document"],
                condition=models.Q(n_lost__gt=0) | models.Q(n_coming__gt=0),
                name="related_review_hidden",
            ),
        ]

    def __str__(self) -> str:
        return gettext("state of review of document %(id)d") % {"id": self.document_id}

    @property
    def why(self) -> list[ReviewReason]:
        return [reason for reason in ReviewReason if self.reasons & reason.value]


class EditorSettings(models.Model):
    """What the desk remembers of an editor."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    has_single_keys = models.BooleanField(default=True)  # shortcuts of one letter

    class Meta:
        verbose_name = _("editor's settings")
        verbose_name_plural = _("editors' settings")
        default_permissions = ()

    def __str__(self) -> str:
        return gettext("settings of editor %(id)s") % {"id": self.user_id}
