"""Rebuilds as operators see them, and the blocks in which workers share one."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from related.enums import Phase, RunStatus
from related.models.corpora import Corpus

# A block that gave no sign of life for this long may be taken by another worker.
LEASE = timedelta(seconds=90)


class RebuildRun(models.Model):
    """One rebuild: progress, counts, times, errors. At most one is running at a time."""

    status = models.CharField(
        _("status"), max_length=10, choices=RunStatus, default=RunStatus.RUNNING
    )
    phase = models.CharField(_("phase"), max_length=50, blank=True)
    n_documents = models.PositiveIntegerField(_("documents of the phase"), default=0)
    n_done = models.PositiveIntegerField(_("documents done"), default=0)
    options = models.JSONField(
        _("options"), default=dict
    )  # what was asked for, and the slots' rules then
    counts = models.JSONField(_("counts"), default=dict)
    error = models.TextField(_("error"), blank=True)
    started_at = models.DateTimeField(_("started at"), default=timezone.now)
    heartbeat_at = models.DateTimeField(_("last heartbeat"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("rebuild")
        verbose_name_plural = _("rebuilds")
        constraints = [
            models.UniqueConstraint(
                fields=["status"],
                condition=Q(status=RunStatus.RUNNING),
                name="related_one_rebuild_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return gettext("rebuild %(id)d, %(status)s") % {
            "id": self.pk,
            "status": self.get_status_display(),
        }

    @property
    def phase_name(self) -> str:
        """The phase as people read it, with the language where it belongs to one corpus."""
        phase, separator, language = self.phase.partition(" ")
        return describe_phase(phase, language if separator else None)


def describe_phase(phase: str, language: str | None) -> str:
    """A phase in words, and of which language (None: of all)."""
    label = str(Phase(phase).label) if phase in Phase.values else phase
    if language is None:
        return label
    corpus = str(Corpus(language=language))
    return gettext("%(phase)s (%(language)s)") % {"phase": label, "language": corpus}


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
        return f"{self.phase}, documents {self.first} to {self.last}"

    @property
    def phase_name(self) -> str:
        """As of the run that is at it."""
        return describe_phase(self.phase, self.corpus.language if self.corpus else None)

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
