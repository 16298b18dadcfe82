"""What the machine stores about documents: their analyzed texts and their neighbors."""

from __future__ import annotations

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from related.models.corpora import Corpus
from related.models.documents import Document


class DocumentVector(models.Model):
    """The analyzed text: hashed terms and how often each occurs; empty arrays once removed."""

    # Both are the first column of an index below.
    document = models.ForeignKey(
        Document, on_delete=models.CASCADE, related_name="vectors", db_index=False
    )
    corpus = models.ForeignKey(Corpus, on_delete=models.CASCADE, related_name="+", db_index=False)
    version = models.BigIntegerField()
    term_ids = models.BinaryField()  # little-endian uint32, ascending
    counts = models.BinaryField()  # little-endian uint16, aligned with term_ids
    words = models.TextField(blank=True)  # the word of each single-word term, one per line
    title_ids = models.BinaryField(
        default=b"", db_default=b""
    )  # little-endian uint32, those in the title
    sketch = models.BinaryField(
        default=b"", db_default=b""
    )  # little-endian uint32, to know versions by
    # Little-endian uint32: its sentences, some words with the places where they stand, and those
    # sentences that count for nothing because they repeat.
    passages = models.BinaryField(default=b"", db_default=b"")
    wording = models.BinaryField(default=b"", db_default=b"")
    omitted = models.BinaryField(default=b"", db_default=b"")

    class Meta:
        verbose_name = _("document vector")
        verbose_name_plural = _("document vectors")
        constraints = [
            models.UniqueConstraint(
                fields=["document", "corpus"], name="related_one_vector_per_corpus"
            )
        ]
        indexes = [models.Index(fields=["corpus", "version"], name="related_vector_version")]

    def __str__(self) -> str:
        return f"vector of document {self.document_id}"


class NeighborsQuerySet(models.QuerySet["Neighbors"]):
    def served(self) -> NeighborsQuerySet:
        """Those of the generation that is switched in, never of one being built."""
        return self.filter(generation=F("corpus__generation"))


class Neighbors(models.Model):
    """The most similar documents of one document in one generation, nearest first."""

    # Both are the first column of an index below.
    document = models.ForeignKey(
        Document, on_delete=models.CASCADE, related_name="neighbors", db_index=False
    )
    corpus = models.ForeignKey(Corpus, on_delete=models.CASCADE, related_name="+", db_index=False)
    generation = models.PositiveIntegerField()
    version = models.BigIntegerField()
    neighbor_ids = models.BinaryField()  # little-endian int64, Document primary keys
    similarities = models.BinaryField()  # little-endian float32, aligned with neighbor_ids
    # Whether the list holds all that resembles the document at all, so that any newcomer fits.
    is_complete = models.BooleanField()
    # How close the document was to many others when it first had a list in this generation.
    hub = models.FloatField(default=0, db_default=0)
    # Versions of one text tell the same; null until the first rebuild by a release that knows it.
    story = models.BigIntegerField(null=True)

    objects = NeighborsQuerySet.as_manager()

    class Meta:
        verbose_name = _("list of neighbors")
        verbose_name_plural = _("lists of neighbors")
        constraints = [
            models.UniqueConstraint(
                fields=["document", "corpus", "generation"],
                name="related_one_neighbors_per_generation",
            )
        ]
        indexes = [
            models.Index(
                fields=["corpus", "generation", "version"], name="related_neighbors_version"
            ),
            models.Index(fields=["story", "generation"], name="related_neighbors_story"),
        ]

    def __str__(self) -> str:
        return f"neighbors of document {self.document_id}"
