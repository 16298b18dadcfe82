"""Documents: what is registered, and the work that waits for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Case, F, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from related.conf import conf
from related.enums import Priority

if TYPE_CHECKING:
    from related.registry import Source


OrderKey = tuple[bool, Any, int, str]


def order_key(published_at: datetime | None, object_id: str) -> OrderKey:
    """The total order ``(published_at, id)``; documents without a date come first.

    Keys are kept as text, so the shorter number is the smaller one.
    """
    return published_at is not None, published_at or 0, len(object_id), object_id


# The pause before another try of what was set aside doubles so many times.
_N_DOUBLINGS = 6


def is_set_aside(now: datetime) -> Q:
    """Of what waits: tried often enough, and in no worker's hands for the last of those tries.

    A second chance changes nothing about it, neither while it is tried nor when it fails.
    """
    return Q(attempts__gt=conf.max_attempts) | Q(attempts=conf.max_attempts, due_at__lte=now)


def _has_second_chance(now: datetime) -> Q:
    """Set aside a pause ago. Workers are killed for other reasons than texts, too: whatever was
    not at fault comes back by itself, and a text that kills its worker does so ever more rarely.
    """
    has_chance = Q()
    for n in range(_N_DOUBLINGS + 1):
        last_try = now - timedelta(seconds=conf.second_chance_seconds * 2**n)
        n_tries = "attempts" if n < _N_DOUBLINGS else "attempts__gte"
        has_chance |= Q(**{n_tries: conf.max_attempts + n}, due_at__lte=last_try)
    return has_chance


class DocumentQuerySet(models.QuerySet["Document"]):
    def for_objects(self, model: type[models.Model], object_ids: list[str]) -> DocumentQuerySet:
        """Documents of these primary keys (as text) of one model."""
        return self.filter(
            content_type=ContentType.objects.get_for_model(model), object_id__in=object_ids
        )

    def waiting(self) -> DocumentQuerySet:
        """Changed since their last stored result, whether claimed, set aside or neither."""
        return self.filter(done_rev__lt=F("want_rev"))

    def failed(self) -> DocumentQuerySet:
        """Set aside. An edit or a retry revives them, or a second chance that goes well."""
        return self.waiting().filter(is_set_aside(timezone.now()))

    def due(self, at: datetime | None = None) -> DocumentQuerySet:
        """What a worker may claim now, the most urgent first."""
        now = at or timezone.now()
        is_due = Q(attempts__lt=conf.max_attempts, due_at__lte=now) | _has_second_chance(now)
        return self.waiting().filter(is_due).order_by("priority", "marked_at", "pk")

    def indexed(self) -> DocumentQuerySet:
        """Part of a corpus: stored with a vector by a worker and not removed since."""
        return self.filter(is_indexed=True)

    def lock_in_order(self, *, skip_locked: bool = False) -> DocumentQuerySet:
        """The same rows, locked by primary key, so that two who mark many never wait in a circle.

        Args:
            skip_locked: leave out what another transaction holds; only background work may do so.
        """
        rows = self.order_by("pk").select_for_update(no_key=True, skip_locked=skip_locked)
        return self.model.objects.filter(pk__in=list(rows.values_list("pk", flat=True)))

    def mark(self, priority: Priority) -> int:
        """Ask for a new result: one more wanted revision, attempts forgotten; returns the count.

        Runs in the caller's transaction, so the mark and the change it stands for are one. Several
        rows are to be locked first, with ``lock_in_order``.
        """
        now = timezone.now()
        return self.update(
            want_rev=F("want_rev") + 1,
            attempts=0,
            error="",
            due_at=now,
            # What was set aside waits from now on: it is no sign that workers are missing.
            marked_at=Case(
                When(
                    done_rev__lt=F("want_rev"),
                    attempts__lt=conf.max_attempts,
                    then=F("marked_at"),
                ),
                default=now,
            ),
            priority=Case(
                When(done_rev__lt=F("want_rev"), priority__lt=priority, then=F("priority")),
                default=priority,
            ),
        )

    def claim(self) -> list[Document]:
        """Take what is due of this set for the length of a lease; counts the attempts first.

        ``due_at`` of what is returned is the end of the lease, ``was_due_at`` what it was before;
        ``attempts`` are those before this one.

        Nobody waits for another worker, or for a save that holds a row: those rows are left out.
        Where rows cannot be locked (SQLite), only one transaction at a time may write anyway.
        """
        with transaction.atomic():
            taken = list(self.due().select_for_update(skip_locked=True, no_key=True))
            lease_end = timezone.now() + timedelta(seconds=conf.lease_seconds)
            self.model.objects.filter(pk__in=[document.pk for document in taken]).update(
                attempts=F("attempts") + 1, due_at=lease_end
            )
            for document in taken:
                document.was_due_at, document.due_at = document.due_at, lease_end
        return taken


class Document(models.Model):
    """One registered object, as the plugin knows it.

    ``want_rev`` counts the changes, ``done_rev`` the one that the stored result answers; the row
    waits while ``done_rev < want_rev``. Rows are never deleted: decisions refer to them.
    """

    content_type = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, related_name="+", verbose_name=_("kind")
    )
    object_id = models.CharField(_("id of the article"), max_length=255)

    language = models.CharField(_("language"), max_length=35, blank=True)
    section = models.CharField(_("section"), max_length=255, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    url_path = models.CharField(_("path of its address"), max_length=500, blank=True)
    linked_paths = models.JSONField(
        _("paths it links to"), default=list, blank=True
    )  # paths that the body links to
    text_hash = models.CharField(
        _("hash of the text"), max_length=64, blank=True
    )  # of what was analysed
    is_indexed = models.BooleanField(_("indexed"), default=False)

    want_rev = models.BigIntegerField(_("wanted revision"), default=0)
    done_rev = models.BigIntegerField(_("stored revision"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("error"), blank=True)
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority, default=Priority.PUBLISH
    )
    marked_at = models.DateTimeField(_("waiting since"), default=timezone.now)
    due_at = models.DateTimeField(_("due at"), default=timezone.now)  # not to be claimed before
    was_due_at: datetime  # what a claim replaced; of claimed documents only, not stored

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"], name="related_one_document_per_object"
            )
        ]
        indexes = [
            models.Index(
                fields=["priority", "marked_at", "id"],
                condition=Q(done_rev__lt=F("want_rev")),
                name="related_document_waiting",
            ),
            models.Index(
                fields=["language", "section", "published_at", "id"], name="related_document_order"
            ),
            models.Index(fields=["language", "published_at", "id"], name="related_document_date"),
            models.Index(fields=["url_path"], name="related_document_path"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def kind(self) -> ContentType:
        """``content_type`` out of Django's cache, so that no query has to join it."""
        return ContentType.objects.get_for_id(self.content_type_id)

    @property
    def type_label(self) -> str:
        """``app_label.model`` of the object behind the row."""
        return f"{self.kind.app_label}.{self.kind.model}"

    @property
    def label(self) -> str:
        """``app_label.model:id``, as commands and logs name a document."""
        return f"{self.type_label}:{self.object_id}"

    @property
    def model(self) -> type[models.Model]:
        model = self.kind.model_class()
        if model is None:
            raise LookupError(f"The model {self.type_label} is no longer installed.")
        return model

    @property
    def source(self) -> Source:
        from related.registry import source_for

        return source_for(self.model)

    @property
    def is_waiting(self) -> bool:
        return self.done_rev < self.want_rev

    @property
    def is_set_aside(self) -> bool:
        """As one of ``failed()``; ``error`` says why."""
        is_last = self.attempts == conf.max_attempts and self.due_at <= timezone.now()
        return self.is_waiting and (is_last or self.attempts > conf.max_attempts)

    @property
    def order_key(self) -> OrderKey:
        return order_key(self.published_at, self.object_id)


class Review(Document):
    """Documents as the editors' queue: gives the desk its entry and its addresses in the admin."""

    class Meta:
        proxy = True
        default_permissions = ()  # see related.domain.decisions.permissions
        verbose_name = _("review")
        verbose_name_plural = _("review queue")
