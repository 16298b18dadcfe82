"""Which notices are told together, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from related.conf import conf
from related.contrib.notices.contents import Changes, remember_hidden
from related.contrib.notices.models import HiddenDocument, Notice, NoticeQuerySet, Receiver
from related.contrib.notices.receivers import Kind
from related.models import Document
from related.models.leases import pause_after

TOO_MANY = 5000  # notices; a cache then forgets everything, which is less work for all
# The hosts that answer readers may be behind: a document is told once its date has passed on all.
LATER = timedelta(seconds=1)
AT_ONCE = 500  # rows


@dataclass(frozen=True, slots=True)
class Batch:
    """Notices of one message."""

    event: UUID
    notices: list[Notice]

    @property
    def documents(self) -> set[int]:
        return {n.document_id for n in self.notices if n.document_id is not None}


def waits(receiver: str) -> bool:
    return Notice.objects.filter(receiver=receiver).due().exists()


def take_batch(receiver: str, kind: Kind) -> Batch | None:
    """The next message. One that may not have arrived comes again as it was, under its number."""
    rows = Notice.objects.filter(receiver=receiver).due().order_by("pk")
    with transaction.atomic():
        sent = rows.filter(event__isnull=False).first()
        if sent is not None and sent.event is not None:
            return Batch(sent.event, list(rows.filter(event=sent.event)))
        fresh = rows.filter(attempts=0)
        if kind.forgets_all and fresh[TOO_MANY : TOO_MANY + 1].exists():
            _replace_by_everything(receiver, fresh)
        notices = list(fresh[: kind.at_once])
        if not notices and (refused := rows.first()) is not None:
            notices = list(rows.filter(document=refused.document_id))
        if not notices:
            return None
        batch = Batch(uuid4(), notices)
        Notice.objects.filter(pk__in=_keys(notices)).update(event=batch.event)
    return batch


def end_batch(receiver: str, batch: Batch, changes: Changes) -> None:
    """It was told: so was all that had been refused of the same documents before."""
    latest = max(_keys(batch.notices))
    older = Notice.objects.filter(receiver=receiver, pk__lt=latest, attempts__gt=0)
    with transaction.atomic():
        remember_hidden(receiver, changes)
        older.filter(document__in=batch.documents).delete()
        Notice.objects.filter(pk__in=_keys(batch.notices)).delete()


def refuse_batch(batch: Batch, error: BaseException) -> None:
    """Something in it is not taken: each document is told alone from now on, and at last set
    aside."""
    reason = str(error)[:2000].replace("\x00", "")
    alone = len(batch.documents) <= 1
    for notice in batch.notices:
        notice.attempts += 1
        pause = pause_after(notice.attempts, conf.max_attempts)
        Notice.objects.filter(pk=notice.pk).update(
            event=None,
            attempts=notice.attempts,
            error=reason,
            retry_at=Now() + pause if alone else None,
        )


def revive(notices: NoticeQuerySet) -> int:
    """Tell again what was set aside."""
    return notices.set_aside().update(attempts=0, retry_at=None, error="", event=None)


def thin_out(receiver: str) -> None:
    """Of what waits for a receiver that is away, keep the latest of each kind and document."""
    rows = Notice.objects.filter(receiver=receiver, event=None, attempts=0).order_by()
    latest = rows.values("document", "what").annotate(latest=Max("pk")).values("latest")
    rows.exclude(pk__in=latest).delete()


def note_dates(receiver: str) -> int:
    """Notices for documents whose date came since it was last looked; returns how many."""
    due = list(dates_that_came(receiver))
    if due:
        with transaction.atomic():
            Notice.objects.bulk_create(
                Notice(receiver=receiver, document_id=row.document_id, what=Notice.What.DOCUMENT)
                for row in due
            )
            rows = HiddenDocument.objects.filter(pk__in=[row.pk for row in due])
            rows.update(told_at=timezone.now())
    return len(due)


def dates_that_came(receiver: str) -> QuerySet[HiddenDocument]:
    rows = HiddenDocument.objects.filter(receiver=receiver)
    return rows.whose_date_came(timezone.now() - LATER)[:AT_ONCE]


def welcome(name: str) -> Receiver:
    """The row of a receiver. For a new one, what is scheduled counts as told."""
    now = timezone.now()
    with transaction.atomic():
        row, is_new = Receiver.objects.get_or_create(name=name)
        if is_new:
            keys = Document.objects.filter(published_at__gt=now).values_list("pk", flat=True)
            HiddenDocument.objects.bulk_create(
                [HiddenDocument(receiver=name, document_id=key, told_at=now) for key in keys],
                batch_size=AT_ONCE,
                ignore_conflicts=True,
            )
    return row


def _replace_by_everything(receiver: str, rows: NoticeQuerySet) -> None:
    latest = rows.order_by("-pk").values_list("pk", flat=True)[0]
    rows.filter(pk__lte=latest).order_by().delete()
    Notice.objects.create(receiver=receiver, what=Notice.What.EVERYTHING)


def _keys(notices: Iterable[Notice]) -> list[int]:
    return [notice.pk for notice in notices]
