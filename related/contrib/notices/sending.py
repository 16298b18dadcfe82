"""A sender: claims a receiver, tells it all that waits, and frees it."""

from __future__ import annotations

import logging
from typing import Any

from django.db.models import F
from django.utils import timezone

from related.conf import conf
from related.contrib.notices.batches import (
    Batch,
    dates_that_came,
    end_batch,
    note_dates,
    refuse_batch,
    take_batch,
    thin_out,
    waits,
    welcome,
)
from related.contrib.notices.contents import read_changes
from related.contrib.notices.models import Receiver
from related.contrib.notices.options import find_receiver
from related.contrib.notices.posting import Refused, Unavailable
from related.contrib.notices.receivers import Kind
from related.domain.leases import at_work, releasing_on_database_error

logger = logging.getLogger(__name__)

LONGEST_PAUSE = 60.0  # seconds between two tries of a receiver that is away


def on_sweep(sender: Any, **kwargs: Any) -> int:
    """Tell all receivers; those that are well come first, so that none of them waits for one that
    hangs."""
    if not conf.notices:
        return 0
    Receiver.objects.free_dead()
    known = Receiver.objects.order_by(F("attempts").asc(), "pk").values_list("name", flat=True)
    names = dict.fromkeys([*known, *conf.notices])
    return sum(send_notices(name) for name in names if name in conf.notices)


def send_notices(name: str) -> int:
    """Tell one receiver all that waits for it; returns how many messages it took.

    Nothing is done while another sender is at it, while it is left alone after a failure, or for a
    name that the settings do not have.
    """
    try:
        kind = find_receiver(name)
    except ValueError as error:  # manage.py check says so as well
        logger.warning("receiver not usable", extra={"receiver": name, "reason": str(error)})
        return 0
    if kind is None:
        return 0
    row = Receiver.objects.filter(name=name).first() or welcome(name)
    n_told = 0
    while _is_due(row):
        with at_work() as worker:
            claimed = Receiver.objects.filter(pk=row.pk).claim(worker)
            if not claimed:
                break
            with releasing_on_database_error(claimed):
                n_told += _tell_all(claimed[0], kind)
    return n_told


def _is_due(row: Receiver) -> bool:
    """Looking takes no lock, and mostly there is nothing."""
    if not Receiver.objects.filter(pk=row.pk).claimable().exists():
        return False
    return waits(row.name) or dates_that_came(row.name).exists()


def _tell_all(row: Receiver, kind: Kind) -> int:
    n_told = 0
    note_dates(row.name)
    while (batch := take_batch(row.name, kind)) is not None:
        try:
            _tell(row.name, kind, batch)
            n_told += 1
        except Refused as error:
            logger.warning("notice refused", extra={"receiver": row.name, "reason": str(error)})
            refuse_batch(batch, error)
        except Unavailable as error:
            logger.warning("receiver away", extra={"receiver": row.name, "reason": str(error)})
            thin_out(row.name)
            pause = max(min(2.0 ** min(row.attempts, 10), LONGEST_PAUSE), error.retry_after)
            row.pause(error, pause)
            return n_told
    row.finish(timezone.now() if n_told else None)
    return n_told


def _tell(name: str, kind: Kind, batch: Batch) -> None:
    changes = read_changes(name, batch.event, batch.notices)
    if changes:
        kind.tell(changes)
    end_batch(name, batch, changes)
    logger.info(
        "notice sent",
        extra={
            "receiver": name,
            "event": str(batch.event),
            "n_documents": len(changes.documents),
            "everything": changes.everything,
        },
    )
