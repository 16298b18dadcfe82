"""What editors said that is no decision on a link: about two links, and about two articles."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from related.enums import Telling
from related.models.documents import Document
from related.models.slots import Slot


class KeptLink(models.Model):
    """An approved link that an editor kept although a rival is stronger: the rival is not set
    against it again. Changed only through related.domain.decisions."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="+")
    target = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    rival = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    # As they were when the editor looked: see ``domain/attention/kept_links.py``.
    rule = models.CharField(max_length=100)
    hashes = models.JSONField(default=list)  # of the texts of document, target and rival
    sketches = models.BinaryField(default=bytes)  # likewise
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    kept_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("link that was kept")
        verbose_name_plural = _("links that were kept")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["document", "slot", "target", "rival"], name="related_kept_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.slot_id}: {self.document_id} -> {self.target_id}, not {self.rival_id}"


class StoryVerdictQuerySet(models.QuerySet["StoryVerdict"]):
    def touching(self, document_ids: Iterable[int]) -> StoryVerdictQuerySet:
        """Those about one of these documents, the latest first."""
        keys = list(document_ids)
        rows = self.filter(Q(first__in=keys) | Q(second__in=keys))
        return rows.order_by("-said_at", "-pk")


class StoryVerdict(models.Model):
    """An editor's word on two articles: whether they tell the same story. It holds from then on,
    whatever their texts say. Changed only through related.domain.decisions."""

    first = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    telling = models.CharField(max_length=10, choices=Telling)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    said_at = models.DateTimeField(default=timezone.now)

    objects = StoryVerdictQuerySet.as_manager()

    class Meta:
        verbose_name = _("verdict on a story")
        verbose_name_plural = _("verdicts on stories")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="related_one_word_per_pair"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="related_pair_in_order"
            ),
        ]

    def __str__(self) -> str:
        pair = {"first": self.first_id, "second": self.second_id}
        return gettext("story of documents %(first)d and %(second)d") % pair
