"""Rows and querysets. docs/explanation/architecture.md says who writes which."""

from related.models.clocks import HostClock
from related.models.corpora import Corpus, CorpusStatistics
from related.models.coverage import DailyCoverage
from related.models.decisions import Decision, DecisionLog, SlotHeading, Summary
from related.models.documents import Document, DocumentAddress, Review
from related.models.leases import Worker
from related.models.operations import BulkOperation
from related.models.pages import PageLinks
from related.models.passages import RepeatedPassage
from related.models.policies import Policy
from related.models.rerankers import Reranker
from related.models.reviewing import EditorSettings, ReviewState
from related.models.runs import RebuildBlock, RebuildRun
from related.models.sensitivity import SectionRule, SectionRuleLog, Sensitivity
from related.models.slots import Slot
from related.models.strength import StrengthCurve
from related.models.suggestions import Suggestion
from related.models.vectors import DocumentVector, Neighbors
from related.models.verdicts import KeptLink, StoryVerdict

__all__ = [
    "BulkOperation",
    "Corpus",
    "CorpusStatistics",
    "DailyCoverage",
    "Decision",
    "DecisionLog",
    "Document",
    "DocumentAddress",
    "DocumentVector",
    "EditorSettings",
    "HostClock",
    "KeptLink",
    "Neighbors",
    "PageLinks",
    "Policy",
    "RebuildBlock",
    "RebuildRun",
    "RepeatedPassage",
    "Reranker",
    "Review",
    "ReviewState",
    "SectionRule",
    "SectionRuleLog",
    "Sensitivity",
    "Slot",
    "SlotHeading",
    "StoryVerdict",
    "StrengthCurve",
    "Suggestion",
    "Summary",
    "Worker",
]
