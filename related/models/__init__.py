"""Rows and querysets. docs/explanation/architecture.md says who writes which."""

from related.models.corpora import Corpus, CorpusStatistics
from related.models.coverage import DailyCoverage
from related.models.decisions import Decision, DecisionLog, SlotHeading, Summary
from related.models.documents import Document, DocumentAddress, Review
from related.models.leases import Worker
from related.models.pages import PageLinks
from related.models.passages import RepeatedPassage
from related.models.rerankers import Reranker
from related.models.reviewing import EditorSettings, ReviewState
from related.models.runs import RebuildBlock, RebuildRun
from related.models.slots import Slot
from related.models.strength import StrengthCurve
from related.models.suggestions import Suggestion
from related.models.vectors import DocumentVector, Neighbors

__all__ = [
    "Corpus",
    "CorpusStatistics",
    "DailyCoverage",
    "Decision",
    "DecisionLog",
    "Document",
    "DocumentAddress",
    "DocumentVector",
    "EditorSettings",
    "Neighbors",
    "PageLinks",
    "RebuildBlock",
    "RebuildRun",
    "RepeatedPassage",
    "Reranker",
    "Review",
    "ReviewState",
    "Slot",
    "SlotHeading",
    "StrengthCurve",
    "Suggestion",
    "Summary",
    "Worker",
]
