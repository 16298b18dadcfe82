"""Rebuilds, as operators see them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from related.enums import RunStatus


class RebuildRun(models.Model):
    """One rebuild: progress, counts, times, errors. At most one is running at a time."""

    status = models.CharField(max_length=10, choices=RunStatus, default=RunStatus.RUNNING)
    phase = models.CharField(max_length=50, blank=True)
    n_documents = models.PositiveIntegerField(default=0)
    n_done = models.PositiveIntegerField(default=0)
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
