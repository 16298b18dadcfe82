"""Rebuilds as operators see them, and the blocks in which workers share one."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import timezone

from related.enums import Phase, RunStatus
from related.models.corpora import Corpus

# A block that gave no sign of life for this long may be taken by another worker.
LEASE = timedelta(seconds=90)


class RebuildRun(models.Model):
    """One rebuild: progress, counts, times, errors. At most one is running at a time."""

    status = models.CharField(max_length=10, choices=RunStatus, default=RunStatus.RUNNING)
    phase = models.CharField(max_length=50, blank=True)
    n_documents = models.PositiveIntegerField(default=0)
    n_done = models.PositiveIntegerField(default=0)
    options = models.JSONField(default=dict)  # what was asked for, and the slots' rules then
    counts = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    heartbeat_at = models.DateTimeField(default=timezone.now)  # last sign of life
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["status"],
                condition=Q(status=RunStatus.RUNNING),
                name="related_one_rebuild_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"rebuild {self.pk}, {self.status}"


class RebuildBlockQuerySet(models.QuerySet["RebuildBlock"]):
    def open(self) -> RebuildBlockQuerySet:
        """Not completed yet, whether somebody works on it or not."""
        return self.filter(done_at=None)

    def claimable(self) -> RebuildBlockQuerySet:
        """What a worker may take now: never taken, or taken by a worker that fell silent."""
        free = Q(claimed_until=None) | Q(claimed_until__lte=timezone.now())
        return self.open().filter(free, run__status=RunStatus.RUNNING)

    def claim(self) -> RebuildBlock | None:
        """Take the first free block of this set for the length of a lease; None: there is none.

        The attempt is counted before the work starts. On PostgreSQL no worker waits for another
        (SKIP LOCKED); where rows cannot be locked, the conditional update decides.
        """
        skips = connection.features.has_select_for_update_skip_locked
        with transaction.atomic():
            rows = self.claimable().select_for_update(skip_locked=skips, of=("self",), no_key=True)
            block = rows.order_by("corpus", "pk").first()
            if block is None:
                return None
            taken = block.mine().update(
                attempts=block.attempts + 1, claimed_until=timezone.now() + LEASE
            )
            block.attempts += 1
        if not taken:
            return None
        block.tell()
        return block


class RebuildBlock(models.Model):
    """A piece of one rebuild: one phase of the documents ``first`` to ``last`` (primary keys).

    The database is the queue: a worker on any host claims a block, works it out, and writes what
    it found together with ``done_at`` in one transaction. So a worker that dies has written
    nothing, and one that comes back after its lease ran out (``attempts`` went on) writes nothing.
    """

    run = models.ForeignKey(RebuildRun, on_delete=models.CASCADE, related_name="blocks")
    corpus = models.ForeignKey(Corpus, on_delete=models.CASCADE, null=True, related_name="+")
    generation = models.PositiveIntegerField(default=0)  # which is being built, with a corpus
    phase = models.CharField(max_length=10, choices=Phase)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    n_documents = models.PositiveIntegerField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    objects = RebuildBlockQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["run", "corpus", "id"],
                condition=Q(done_at=None),
                name="related_block_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_phase_display()}, documents {self.first} to {self.last}"

    def mine(self) -> RebuildBlockQuerySet:
        """This block, as long as nobody claimed it since this worker did."""
        return RebuildBlock.objects.open().filter(pk=self.pk, attempts=self.attempts)

    def keep(self) -> bool:
        """Give a sign of life in the middle of a long block; False: another worker has it now."""
        is_mine = self.renew()
        if is_mine:
            self.tell()
        return is_mine

    def renew(self) -> bool:
        """``keep`` for the block alone, in a transaction that must not hold the run's row."""
        return bool(self.mine().update(claimed_until=timezone.now() + LEASE))

    def tell(self) -> None:
        """Give a sign of life of the run."""
        run = RebuildRun.objects.filter(pk=self.run_id, status=RunStatus.RUNNING)
        run.update(heartbeat_at=timezone.now())
