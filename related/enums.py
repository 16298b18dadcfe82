"""The fixed vocabularies of the plugin's rows."""

from __future__ import annotations

from django.db import models


class Rule(models.TextChoices):
    """How a slot finds its targets, in the total order ``(published_at, id)``."""

    SIMILAR = "similar", "most similar"
    SIMILAR_EARLIER = "similar_earlier", "most similar, strictly earlier"
    SIMILAR_LATER = "similar_later", "most similar, strictly later"
    LATEST_IN_SECTION = "latest_in_section", "newest in the section"
    EARLIER = "earlier", "the one before, by date"
    LATER = "later", "the one after, by date"
    NONE = "none", "leave empty"

    @classmethod
    def by_date(cls) -> list[tuple[str, str]]:
        """The choices that need no similarity, and so can fill in for an empty slot."""
        return [(rule.value, rule.label) for rule in cls if not rule.is_similarity]

    @property
    def is_similarity(self) -> bool:
        """Whether workers compute this rule ahead."""
        return self in {Rule.SIMILAR, Rule.SIMILAR_EARLIER, Rule.SIMILAR_LATER}

    @property
    def is_date(self) -> bool:
        """Whether this rule is answered when a page is read."""
        return not self.is_similarity and self != Rule.NONE


class Verdict(models.TextChoices):
    """An editor's word on a pair; OPEN is a decision that was taken back."""

    OPEN = "open", "open"
    APPROVED = "approved", "approved"
    REJECTED = "rejected", "rejected"


class Action(models.TextChoices):
    """What an editor did; one entry of the decision log each."""

    APPROVE = "approve", "approved"
    REJECT = "reject", "rejected"
    PIN = "pin", "pinned"
    UNPIN = "unpin", "unpinned"
    MOVE = "move", "moved"
    REOPEN = "reopen", "reopened"
    UNDO = "undo", "undone"


class LinkSource(models.TextChoices):
    """Why a link stands on the page."""

    PINNED = "pinned", "pinned"
    APPROVED = "approved", "approved"
    AUTOMATIC = "automatic", "automatic"


class Priority(models.IntegerChoices):
    """Which waiting document is processed first; also names the Celery queue."""

    PUBLISH = 0, "publish"
    BULK = 1, "bulk"


class RunStatus(models.TextChoices):
    RUNNING = "running", "running"
    FINISHED = "finished", "finished"
    STOPPED = "stopped", "stopped"
    FAILED = "failed", "failed"


class Phase(models.TextChoices):
    """The steps of a rebuild, in their order; each is cut into blocks that any worker may take.

    The first two look at all documents. The others belong to one corpus, and of SEARCH (from
    nothing) and RESCORE (the stored neighbors under fresh statistics) a corpus takes one.
    """

    DETECT_CHANGES = "detect", "looking for changes"
    ANALYZE = "analyze", "analyzing texts"
    STATISTICS = "statistics", "counting terms"
    SEARCH = "search", "finding neighbors"
    RESCORE = "rescore", "rescoring neighbors"
    SUGGEST = "suggest", "writing suggestions"
    SWITCH = "switch", "switching over"
