"""Rebuilds as operators see them, and the blocks in which workers share one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from related.enums import Phase, RunStatus
from related.models.corpora import Corpus
from related.models.leases import Claimable, ClaimableQuerySet

# A block that fails this often, or kills its workers, fails its run; it may be the workers' fault
# a few times.
MAX_ATTEMPTS = 5


class RebuildRun(models.Model):
    """One rebuild: progress, counts, times, errors. At most one is running at a time."""

    status = models.CharField(
        _("status"), max_length=10, choices=RunStatus, default=RunStatus.RUNNING
    )
    phase = models.CharField(_("phase"), max_length=50, blank=True)
    n_documents = models.PositiveIntegerField(_("documents of the phase"), default=0)
    n_done = models.PositiveIntegerField(_("documents done"), default=0)
    # What was asked for, and the slots' rules then.
    options = models.JSONField(_("options"), default=dict, db_default={})
    counts = models.JSONField(_("counts"), default=dict)
    error = models.TextField(_("error"), blank=True)
    started_at = models.DateTimeField(_("started at"), db_default=Now())
    # Opened, resumed, or a block completed.
    progressed_at = models.DateTimeField(_("last progress"), db_default=Now())
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    worker_id = models.BigIntegerField(null=True, editable=False)  # who opens its first blocks

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
        return f"{self.phase}, documents {self.first} to {self.last}"

    @property
    def phase_name(self) -> str:
        """As of the run that is at it."""
        return describe_phase(self.phase, self.corpus.language if self.corpus else None)

    @classmethod
    def max_attempts(cls) -> int:
        return MAX_ATTEMPTS
