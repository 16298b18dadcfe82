"""The lease: which rows are work, who has them in hand, and when a failed try is repeated.

A claim holds for as long as its worker lives, however long the work takes; its heartbeat tells. All
times are the database's own, so that the clocks of hosts do not matter.
"""

from __future__ import annotations

import os
import socket
from datetime import timedelta
from typing import Any, Self, TypeVar

from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from related.conf import conf

# The pause before the next try doubles at most so many times.
N_DOUBLINGS = 6


class WorkerQuerySet(models.QuerySet["Worker"]):
    def alive(self) -> WorkerQuerySet:
        return self.filter(heartbeat_at__gte=silence_began())

    def dead(self) -> WorkerQuerySet:
        """Killed, frozen, or cut off from the database; one that comes back finds its row gone."""
        return self.filter(heartbeat_at__lt=silence_began())


class Worker(models.Model):
    """A process at work: from before it claims rows until it has none in hand any more.

    What is held by a worker that is dead, or has no row here, is free for others.
    """

    host = models.CharField(_("host"), max_length=255)  # for people
    pid = models.PositiveIntegerField(_("process"))  # likewise
    heartbeat_at = models.DateTimeField(_("last heartbeat"), db_default=Now())

    objects = WorkerQuerySet.as_manager()

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")

    def __str__(self) -> str:
        return f"worker {self.pk}, process {self.pid} on {self.host}"

    @classmethod
    def register(cls) -> Worker:
        return cls.objects.create(host=socket.gethostname()[:255], pid=os.getpid())

    def beat(self) -> bool:
        """Give a heartbeat; False: this worker was taken for dead, and what it held is free."""
        return bool(Worker.objects.filter(pk=self.pk).update(heartbeat_at=Now()))


def silence_began() -> CombinedExpression:
    return Now() - timedelta(seconds=conf.silence_seconds)


Row_co = TypeVar("Row_co", bound="Claimable", covariant=True)


class ClaimableQuerySet(models.QuerySet[Row_co]):
    def claimable(self) -> Self:
        """What a worker may take now."""
        return self.filter(Q(retry_at=None) | Q(retry_at__lte=Now()), worker_id=None)

    def claim(self, worker: Worker, limit: int | None = None) -> list[Row_co]:
        """Take what is claimable of this set; counts each attempt before the work starts.

        Nobody waits for another worker, or for a save that holds a row: those rows are left out.
        Where rows cannot be locked (SQLite), only one transaction at a time may write anyway.
        """
        with transaction.atomic():
            if not worker.beat():
                return []
            free = self.claimable().select_for_update(skip_locked=True, of=("self",), no_key=True)
            taken = list(free[:limit])
            self.model._base_manager.filter(pk__in=[row.pk for row in taken]).update(
                worker_id=worker.pk, attempts=F("attempts") + 1
            )
        for row in taken:
            row.worker_id = worker.pk
            row.attempts += 1
        return taken

    def free_dead(self) -> list[Row_co]:
        """Free what dead workers hold, each as after a failed try; returns those rows."""
        alive = Worker.objects.alive().values("pk")
        abandoned = self.filter(worker_id__isnull=False).exclude(worker_id__in=alive)
        if not abandoned.exists():  # mostly; and looking takes no lock
            return []
        with transaction.atomic():
            rows = abandoned.select_for_update(skip_locked=True, of=("self",), no_key=True)
            freed = [row for row in rows if row.record_failure()]
        Worker.objects.dead().delete()
        return freed


class Claimable(models.Model):
    """A row that is work: claimed by one worker at a time, and tried again when a try failed."""

    worker_id = models.BigIntegerField(null=True, editable=False)  # whose row may be gone
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)  # with the one being made
    retry_at = models.DateTimeField(null=True, editable=False)  # not to be claimed before
    error = models.TextField(
        _("error"), blank=True
    )  # of the latest try that failed and could say why

    class Meta:
        abstract = True
        indexes = [
            models.Index(
                fields=["worker_id"],
                condition=Q(worker_id__isnull=False),
                name="related_%(class)s_worker",
            )
        ]

    @classmethod
    def max_attempts(cls) -> int:
        """After so many tries without a result, a row is set aside."""
        raise NotImplementedError

    @classmethod
    def tried_enough(cls) -> Q:
        """What is set aside: in no worker's hands for the last of its tries.

        A later try changes nothing about it, neither while it lasts nor when it fails.
        """
        n = cls.max_attempts()
        return Q(attempts__gt=n) | Q(attempts=n, worker_id=None)

    @property
    def is_set_aside(self) -> bool:
        """As one of ``tried_enough()``."""
        n = self.max_attempts()
        return self.attempts > n or (self.attempts == n and self.worker_id is None)

    def mine(self) -> models.QuerySet[Any]:
        """This row, as long as the claim that it was loaded by holds."""
        return type(self)._base_manager.filter(pk=self.pk, worker_id=self.worker_id)

    def record_failure(self, error: BaseException | None = None) -> bool:
        """Free the row after a failed try: the first tries are repeated soon, later ones rarely.

        Returns False, having done nothing, when the claim no longer holds.
        """
        pause = pause_after(self.attempts, self.max_attempts())
        return self._free(error, retry_at=Now() + pause)

    def release(self, error: BaseException) -> bool:
        """Free the row as if it had not been tried, but let others go first for a moment."""
        pause = pause_after(self.attempts, self.attempts + 1)
        return self._free(error, retry_at=Now() + pause, attempts=F("attempts") - 1)

    def _free(self, error: BaseException | None, **fields: Any) -> bool:
        if error is not None:
            fields["error"] = f"{type(error).__name__}: {error}"[:2000].replace("\x00", "")
        return bool(self.mine().update(worker_id=None, **fields))


def pause_after(attempts: int, max_attempts: int) -> timedelta:
    """The one retry rule: seconds at first; once a row is set aside, ``SECOND_CHANCE_SECONDS``.

    Workers are killed for other reasons than texts, too: what was not at fault comes back by
    itself, and a text that kills its worker does so ever more rarely.
    """
    if attempts < max_attempts:
        return timedelta(seconds=2 ** min(attempts, N_DOUBLINGS))
    n = min(attempts - max_attempts, N_DOUBLINGS)
    return timedelta(seconds=conf.second_chance_seconds * 2**n)
