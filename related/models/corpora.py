"""A corpus: the documents of one language, which are compared with each other."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Corpus(models.Model):
    """One row per language; locking it puts the workers that change the corpus in one order.

    Every stored batch raises ``version`` while it holds the row's lock, so a worker that has
    read all rows up to a version has missed nothing. ``generation`` names the statistics,
    neighbors and suggestions that are served; a rebuild writes the next generation beside it and
    switches over in one transaction.
    """

    language = models.CharField(max_length=35, unique=True)
    version = models.BigIntegerField(default=0)
    generation = models.PositiveIntegerField(default=0)
    # Above ``generation`` while vectors are stored that only a rebuild will find neighbors for.
    wanted_generation = models.PositiveIntegerField(default=0)
    n_documents = models.PositiveIntegerField(default=0)
    # Raised with every change of the corpus' repeated passages.
    passages_version = models.BigIntegerField(default=0, db_default=0)
    # Tells a worker that the database under it was replaced (restored, emptied) while it ran.
    token = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        verbose_name = _("corpus")
        verbose_name_plural = _("corpora")

    def __str__(self) -> str:
        return self.language or gettext("(no language)")


class CorpusStatistics(models.Model):
    """Document frequencies of one generation, and what its lists say, frozen until the next.

    A rebuild writes them before anything else of its generation. ``version`` says which vectors
    they count: those stored up to it; later ones are caught up with when the rebuild switches over.
    """

    corpus = models.ForeignKey(Corpus, on_delete=models.CASCADE, related_name="statistics")
    generation = models.PositiveIntegerField()
    version = models.BigIntegerField(default=0, db_default=0)
    n_documents = models.PositiveIntegerField()
    term_ids = models.BinaryField()  # little-endian uint32, ascending
    document_frequencies = models.BinaryField()  # little-endian uint32, aligned with term_ids
    # What the lists of the generation say, known before its first suggestion: the median hub, and
    # closeness in time, as ``related.similarity.order`` reads them.
    typical_hub = models.FloatField(default=0, db_default=0)
    time_curve = models.JSONField(default=list, db_default=[])
    # Documents that tell a story which another began, and those stories: little-endian int64.
    # Then those whose story fell apart since the generation before.
    story_documents = models.BinaryField(default=b"", db_default=b"")
    stories = models.BinaryField(default=b"", db_default=b"")
    divided_documents = models.BinaryField(default=b"", db_default=b"")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("corpus statistics")
        verbose_name_plural = _("corpus statistics")
        constraints = [
            models.UniqueConstraint(
                fields=["corpus", "generation"], name="related_one_statistics_per_generation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.corpus_id}, generation {self.generation}: {self.n_documents} documents"
