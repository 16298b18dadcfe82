"""Documents: what is registered, and the work that waits for it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from related.conf import conf
from related.enums import Priority
from related.models.leases import Claimable, ClaimableQuerySet

if TYPE_CHECKING:
    from related.registry import Source


OrderKey = tuple[bool, Any, int, str]


def order_key(published_at: datetime | None, object_id: str) -> OrderKey:
    """The total order ``(published_at, id)``; without a date, before all others. Rules by date
    leave those out.

    Keys are kept as text, so the shorter number is the smaller one.
    """
    return published_at is not None, published_at or 0, len(object_id), object_id


class DocumentQuerySet(ClaimableQuerySet["Document"]):
    def for_objects(self, model: type[models.Model], object_ids: list[str]) -> DocumentQuerySet:
        """Documents of these primary keys (as text) of one model."""
        return self.filter(
            content_type=ContentType.objects.get_for_model(model), object_id__in=object_ids
        )

    def waiting(self) -> DocumentQuerySet:
        """Changed since their last stored result, whether claimed, set aside or neither."""
        return self.filter(done_rev__lt=F("want_rev"))

    def failed(self) -> DocumentQuerySet:
        """Set aside. An edit or a retry revives them, or a later try that goes well."""
        return self.waiting().filter(Document.tried_enough())

    def claimable(self) -> DocumentQuerySet:
        """What a worker may take now, the most urgent first."""
        return super().claimable().waiting().order_by("priority", "marked_at", "pk")

    def indexed(self) -> DocumentQuerySet:
        """Part of a corpus: stored with a vector by a worker and not removed since."""
        return self.filter(is_indexed=True)

    def drafts(self) -> DocumentQuerySet:
        """What is being written: links are suggested for it, and nothing knows of it else."""
        return self.filter(is_draft=True)

    def lock_in_order(self, *, skip_locked: bool = False) -> DocumentQuerySet:
        """The same rows, locked by primary key, so that two who mark many never deadlock.

        Args:
            skip_locked: leave out what another transaction holds; only background work may do so.
        """
        rows = self.order_by("pk").select_for_update(no_key=True, skip_locked=skip_locked)
        return self.model.objects.filter(pk__in=list(rows.values_list("pk", flat=True)))

    def mark(self, priority: Priority) -> int:
        """Ask for a new result: one more wanted revision, attempts forgotten; returns the count.

        A worker that has the older text in hand loses its claim: nobody has to wait for it.

        Runs in the caller's transaction, so the mark and the change it stands for are one. Several
        rows are to be locked first, with ``lock_in_order``.
        """
        return self.update(
            want_rev=F("want_rev") + 1,
            worker_id=None,
            attempts=0,
            retry_at=None,
            error="",
            # What was set aside waits from now on: it is no sign that workers are missing.
            marked_at=Case(
                When(
                    done_rev__lt=F("want_rev"),
                    attempts__lt=conf.max_attempts,
                    then=F("marked_at"),
                ),
                default=Now(),
            ),
            priority=Case(
                When(done_rev__lt=F("want_rev"), priority__lt=priority, then=F("priority")),
                default=priority,
            ),
        )


class Document(Claimable):
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
    # See related.domain.documents.addresses. None: not read since the key was introduced.
    url_key = models.BigIntegerField(_("key of its address"), null=True, editable=False)
    address_keys = models.BinaryField(_("keys of its addresses"), default=bytes, db_default=b"")
    linked_keys = models.BinaryField(_("keys of what it links to"), default=bytes, db_default=b"")
    address_rule = models.CharField(
        _("rule of its keys"), max_length=12, blank=True, default="", db_default="", editable=False
    )
    text_hash = models.CharField(
        _("hash of the text"), max_length=64, blank=True
    )  # of what was analyzed
    is_indexed = models.BooleanField(_("indexed"), default=False)
    # In ``drafts()`` of its source, when a worker last looked. It stands in no index.
    is_draft = models.BooleanField(_("draft"), default=False, db_default=False)
    # What the site itself says of the object: see ``Source.sensitivity`` and ``enums.Mark``.
    site_marks = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    # A copy of what editors ask, ``Sensitivity.marks``: the query of a page reads documents anyway.
    own_marks = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    # When the object of this key was last deleted: what was approved before is about another one.
    deleted_at = models.DateTimeField(_("deleted at"), null=True, editable=False)

    want_rev = models.BigIntegerField(_("wanted revision"), default=0)
    done_rev = models.BigIntegerField(_("stored revision"), default=0)
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority, default=Priority.PUBLISH
    )
    marked_at = models.DateTimeField(_("waiting since"), default=timezone.now)

    objects = DocumentQuerySet.as_manager()

    class Meta(Claimable.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"], name="related_one_document_per_object"
            )
        ]
        indexes = [
            *Claimable.Meta.indexes,
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
            models.Index(fields=["url_key"], name="related_document_url_key"),
            models.Index(
                fields=["language"], condition=Q(is_draft=True), name="related_document_drafts"
            ),
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
            message = gettext("The model %(model)s is no longer installed.")
            raise LookupError(message % {"model": self.type_label})
        return model

    @property
    def source(self) -> Source:
        from related.registry import source_for

        return source_for(self.model)

    @property
    def is_waiting(self) -> bool:
        return self.done_rev < self.want_rev

    @classmethod
    def max_attempts(cls) -> int:
        return conf.max_attempts

    @property
    def is_set_aside(self) -> bool:
        """As one of ``failed()``; ``error`` says why."""
        return self.is_waiting and super().is_set_aside

    def mine(self) -> DocumentQuerySet:
        """The row, as long as the claim holds and nothing newer than its revision is wanted."""
        return Document.objects.filter(pk=self.pk, worker_id=self.worker_id, want_rev=self.want_rev)

    @property
    def order_key(self) -> OrderKey:
        return order_key(self.published_at, self.object_id)


class DocumentAddress(models.Model):
    """An address that a document has or had: rows are added and stay, so that old addresses lead
    to it. Written by workers only."""

    document = models.ForeignKey(
        Document,
        on_delete=models.CASCADE,
        related_name="addresses",
        db_constraint=False,  # documents are never deleted
        verbose_name=_("document"),
    )
    key = models.BigIntegerField(_("key of the address"))  # see domain.documents.addresses

    class Meta:
        default_permissions = ()
        verbose_name = _("address of a document")
        verbose_name_plural = _("addresses of documents")
        constraints = [
            models.UniqueConstraint(fields=["key", "document"], name="related_one_row_per_address")
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.document_id}"


class Review(Document):
    """Documents as the editors' queue: gives the desk its entry and its addresses in the admin."""

    class Meta:
        proxy = True
        default_permissions = ()  # see related.domain.decisions.permissions
        verbose_name = _("review")
        verbose_name_plural = _("review queue")
