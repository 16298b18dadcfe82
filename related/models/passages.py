"""Passages that repeat across the stories of a corpus."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from related.models.corpora import Corpus


class RepeatedPassage(models.Model):
    """A sentence, by its hash, that texts of several stories have: it weighs nothing in any.

    Added with the text that makes it so, in one transaction; taken out by a rebuild.
    """

    corpus = models.ForeignKey(Corpus, on_delete=models.CASCADE, related_name="+", db_index=False)
    passage = models.BigIntegerField()  # an unsigned number of 32 bits

    class Meta:
        verbose_name = _("repeated passage")
        verbose_name_plural = _("repeated passages")
        constraints = [
            models.UniqueConstraint(
                fields=["corpus", "passage"], name="related_one_repeated_passage"
            )
        ]

    def __str__(self) -> str:
        return f"{self.passage:08x} in corpus {self.corpus_id}"
