"""Rebuilds as operators see them, and the blocks in which workers share one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from related.enums import Phase, RunStatus
from related.models.corpora import Corpus
from related.models.leases import Claimable, ClaimableQuerySet

# A block that fails this often, or kills its workers, fails its run; it may be the workers' fault
# a few times.
MAX_ATTEMPTS = 5


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
    progressed_at = models.DateTimeField(db_default=Now())  # opened, resumed, or a block completed
    finished_at = models.DateTimeField(null=True, blank=True)
    worker_id = models.BigIntegerField(null=True, editable=False)  # who opens its first blocks

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


class RebuildBlockQuerySet(ClaimableQuerySet["RebuildBlock"]):
    def open(self) -> RebuildBlockQuerySet:
        """Not completed yet, whether somebody works on it or not."""
        return self.filter(done_at=None)

    def claimable(self) -> RebuildBlockQuerySet:
        """What a worker may take now of the run that is at work, in order."""
        is_tried_again = {"attempts__lt": MAX_ATTEMPTS, "run__status": RunStatus.RUNNING}
        return super().claimable().open().filter(**is_tried_again).order_by("corpus", "pk")


class RebuildBlock(Claimable):
    """A piece of one rebuild: one phase of the documents ``first`` to ``last`` (primary keys).

    The database is the queue: a worker on any host claims a block, processes it, and writes what
    it found together with ``done_at`` in one transaction. So a worker that dies has written
    nothing, and one that comes back after it was taken for dead writes nothing.
    """

    run = models.ForeignKey(RebuildRun, on_delete=models.CASCADE, related_name="blocks")
    corpus = models.ForeignKey(Corpus, on_delete=models.CASCADE, null=True, related_name="+")
    generation = models.PositiveIntegerField(default=0)  # which is being built, with a corpus
    phase = models.CharField(max_length=10, choices=Phase)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    n_documents = models.PositiveIntegerField()
    done_at = models.DateTimeField(null=True)

    objects = RebuildBlockQuerySet.as_manager()

    class Meta(Claimable.Meta):
        indexes = [
            *Claimable.Meta.indexes,
            models.Index(
                fields=["run", "corpus", "id"],
                condition=Q(done_at=None),
                name="related_block_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_phase_display()}, documents {self.first} to {self.last}"

    @classmethod
    def max_attempts(cls) -> int:
        return MAX_ATTEMPTS
