"""Operations in bulk: which links each changes, and how far it is."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from related.enums import BulkKind, BulkState


class BulkOperationQuerySet(models.QuerySet["BulkOperation"]):
    def begun(self) -> BulkOperationQuerySet:
        return self.exclude(state=BulkState.PREVIEWED)

    def running(self) -> BulkOperationQuerySet:
        return self.filter(state=BulkState.RUNNING)

    def light(self) -> BulkOperationQuerySet:
        """Without the set of links, which may take megabytes."""
        return self.defer("links")


class BulkOperation(models.Model):
    """One operation on many links, in the name of one editor.

    ``links`` is the set that the editor was shown, in the order in which it is worked through, as
    ``domain/operations/sets.py`` packs it. ``n_done`` says how many of them are dealt with; it
    moves in the transaction that changes the decisions, so a worker that dies leaves nothing half
    done.
    """

    # Also the operation of its entries in the decision log.
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=BulkKind)
    state = models.CharField(
        _("state"), max_length=10, choices=BulkState, default=BulkState.PREVIEWED
    )
    options = models.JSONField(_("options"), default=dict)  # what was asked for
    undoes = models.UUIDField(_("undone operation"), null=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("editor"),
    )
    links = models.BinaryField(default=bytes)
    n_links = models.PositiveIntegerField(_("links"), default=0)
    n_done = models.PositiveIntegerField(_("done"), default=0)
    n_changed = models.PositiveIntegerField(_("changed"), default=0)
    n_left = models.PositiveIntegerField(_("left as they are"), default=0)  # changed since the look
    n_refused = models.PositiveIntegerField(_("not theirs to decide"), default=0)
    n_kept = models.PositiveIntegerField(default=0)  # not in the set, as ``planning.Plan`` says
    created_at = models.DateTimeField(_("previewed at"), default=timezone.now)
    started_at = models.DateTimeField(_("started at"), null=True)
    progressed_at = models.DateTimeField(_("last progress"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    objects = BulkOperationQuerySet.as_manager()

    class Meta:
        verbose_name = _("operation in bulk")
        verbose_name_plural = _("operations in bulk")
        default_permissions = ()
        indexes = [
            models.Index(fields=["-created_at"], name="related_bulk_created"),
            models.Index(fields=["undoes"], name="related_bulk_undoes"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.n_links}"

    @property
    def can_go_on(self) -> bool:
        """Whether links of its set are left; operations of commands have none."""
        return self.n_done < self.n_links and self.state != BulkState.FINISHED
