"""What receivers are still to be told, and how they are getting on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from related.conf import conf
from related.models import Document
from related.models.leases import Claimable, ClaimableQuerySet

ENOUGH = 1000  # tries are not counted any further: a receiver may be away for months


class Receiver(Claimable):
    """One that is told, by its name in the settings; its row says how that is getting on.

    Claimed by one sender at a time, so that it is told in order. It is never set aside: one that
    was away for a week is tried every minute, and told all.
    """

    name = models.CharField(_("name"), max_length=100, unique=True)
    told_at = models.DateTimeField(_("last told at"), null=True, editable=False)

    objects = ClaimableQuerySet["Receiver"].as_manager()

    class Meta(Claimable.Meta):
        default_permissions = ()
        verbose_name = _("receiver")
        verbose_name_plural = _("receivers")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def max_attempts(cls) -> int:
        return 2 * ENOUGH

    def pause(self, error: BaseException, seconds: float) -> None:
        """Free it after a failure, for another sender to try after so many seconds."""
        retry_at = Now() + timedelta(seconds=seconds)
        self._free(error, retry_at=retry_at, attempts=min(self.attempts, ENOUGH))

    def finish(self, told_at: datetime | None) -> None:
        """Free it with everything told; None: there was nothing after all."""
        fields: dict[str, Any] = {} if told_at is None else {"told_at": told_at}
        self.mine().update(worker_id=None, attempts=0, retry_at=None, error="", **fields)


class NoticeQuerySet(models.QuerySet["Notice"]):
    def waiting(self) -> NoticeQuerySet:
        """To be told, now or later."""
        return self.filter(attempts__lt=conf.max_attempts)

    def due(self) -> NoticeQuerySet:
        return self.waiting().filter(Q(retry_at=None) | Q(retry_at__lte=Now()))

    def set_aside(self) -> NoticeQuerySet:
        """Refused by their receiver, each on its own, as often as is tried."""
        return self.filter(attempts__gte=conf.max_attempts)


class Notice(models.Model):
    """One receiver is to be told that one document changed. Deleted once it was.

    Written in the transaction of the change. Rows are only added there, never changed, so that no
    save waits for another's notice, or for the receiver. Several of one document are told as one.
    """

    class What(models.TextChoices):
        DOCUMENT = "document", _("the document itself")
        LINKS = "links", _("the links of its page")
        EVERYTHING = "everything", _("every page")

    receiver = models.CharField(_("receiver"), max_length=100)
    what = models.CharField(_("what changed"), max_length=10, choices=What)
    document = models.ForeignKey(
        Document,
        on_delete=models.CASCADE,
        null=True,
        db_constraint=False,  # documents are never deleted, and the key's check would lock them
        db_index=False,
        related_name="+",
        verbose_name=_("document"),
    )
    noted_at = models.DateTimeField(_("changed at"), db_default=Now(), editable=False)
    # The message that it is told in: the same one again when nobody knows whether it arrived.
    event = models.UUIDField(_("event"), null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("refused"), default=0)
    retry_at = models.DateTimeField(null=True, editable=False)
    error = models.TextField(_("error"), blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        default_permissions = ("view", "change")
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [models.Index(fields=["receiver", "id"], name="related_notice_order")]

    def __str__(self) -> str:
        return f"{self.receiver}: {self.what} {self.document_id or ''}".rstrip()


class HiddenQuerySet(models.QuerySet["HiddenDocument"]):
    def whose_date_came(self, now: datetime) -> HiddenQuerySet:
        """Since they were told. Nothing is saved then, so nobody but the clock says so."""
        return self.filter(document__published_at__gt=F("told_at"), document__published_at__lte=now)


class HiddenDocument(models.Model):
    """A document that was not public when a receiver was last told of it.

    When it is, the pages that link to it show it from now on: they are told as well.
    """

    receiver = models.CharField(max_length=100)
    document = models.ForeignKey(
        Document, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    told_at = models.DateTimeField()  # as the clock of the sender had it

    objects = HiddenQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["receiver", "document"], name="related_one_row_per_hidden"
            )
        ]

    def __str__(self) -> str:
        return f"{self.receiver}: {self.document_id}"
