"""Rows and querysets. docs/explanation/architecture.md says who writes which."""

from related.models.corpora import Corpus, CorpusStatistics
from related.models.decisions import Decision, DecisionLog, SlotHeading, Summary
from related.models.documents import Document, Review
from related.models.leases import Worker
from related.models.reviewing import EditorSettings, ReviewState
from related.models.runs import RebuildBlock, RebuildRun
from related.models.slots import Slot
from related.models.strength import StrengthCurve
from related.models.suggestions import Suggestion
from related.models.vectors import DocumentVector, Neighbors

__all__ = [
    "Corpus",
    "CorpusStatistics",
    "Decision",
    "DecisionLog",
    "Document",
    "DocumentVector",
    "EditorSettings",
    "Neighbors",
    "RebuildBlock",
    "RebuildRun",
    "Review",
    "ReviewState",
    "Slot",
    "SlotHeading",
    "StrengthCurve",
    "Suggestion",
    "Summary",
    "Worker",
]
