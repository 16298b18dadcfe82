"""What the machine offers for a slot."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from related.enums import Verdict
from related.models.corpora import Corpus
from related.models.decisions import Decision
from related.models.documents import Document
from related.models.slots import Slot


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def served(self) -> SuggestionQuerySet:
        """Those of the generation that is switched in, never of one being built."""
        return self.filter(generation=F("corpus__generation"))

    def undecided(self) -> SuggestionQuerySet:
        """Without those whose target an editor decided on in the slot, or rejected anywhere."""
        decided = Decision.objects.filter(
            Q(slot=OuterRef("slot"), verdict__in=[Verdict.APPROVED, Verdict.NOT_HERE])
            | Q(verdict=Verdict.REJECTED),
            document=OuterRef("document"),
            target=OuterRef("target"),
        )
        return self.exclude(Exists(decided))


class Suggestion(models.Model):
    """A neighbor offered for a slot. Written by workers only; read with ``served()``.

    Every night rewrites all of these rows, some twenty per document. So they have two indexes
    only, the unique one, by which those of a document are read, and one to delete a generation by;
    and the database does not look up four other rows for each: documents and corpora are never
    deleted, and deleting a slot deletes these.
    """

    document = models.ForeignKey(
        Document,
        on_delete=models.CASCADE,
        related_name="suggestions",
        db_index=False,
        db_constraint=False,
    )
    slot = models.ForeignKey(
        Slot,
        on_delete=models.CASCADE,
        related_name="suggestions",
        db_index=False,
        db_constraint=False,
    )
    target = models.ForeignKey(
        Document,
        on_delete=models.CASCADE,
        related_name="suggested_for",
        db_index=False,
        db_constraint=False,
    )
    corpus = models.ForeignKey(
        Corpus, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    generation = models.PositiveIntegerField()
    similarity = models.FloatField()
    score = models.FloatField()
    rank = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)  # the heaviest shared terms, as words

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["document", "slot", "rank"]
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        constraints = [
            models.UniqueConstraint(
                fields=["document", "generation", "slot", "target"],
                name="related_one_suggestion_per_target",
            )
        ]
        indexes = [models.Index(fields=["corpus", "generation"], name="related_suggestion_set")]

    def __str__(self) -> str:
        return f"{self.slot_id}: {self.document_id} -> {self.target_id}"
