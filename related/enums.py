"""The fixed vocabularies of the plugin's rows."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Rule(models.TextChoices):
    """How a slot finds its targets, in the total order ``(published_at, id)``."""

    SIMILAR = "similar", _("most similar")
    SIMILAR_EARLIER = "similar_earlier", _("most similar, strictly earlier")
    SIMILAR_LATER = "similar_later", _("most similar, strictly later")
    LATEST_IN_SECTION = "latest_in_section", _("newest in the section")
    EARLIER = "earlier", _("the one before, by date")
    LATER = "later", _("the one after, by date")
    NONE = "none", _("leave empty")

    @classmethod
    def by_date(cls) -> list[tuple[str, str]]:
        """The choices that need no similarity, and so can fill in for an empty slot."""
        return [(rule.value, str(rule.label)) for rule in cls if not rule.is_similarity]

    @property
    def is_similarity(self) -> bool:
        """Whether workers compute this rule ahead."""
        return self in {Rule.SIMILAR, Rule.SIMILAR_EARLIER, Rule.SIMILAR_LATER}

    @property
    def is_date(self) -> bool:
        """Whether this rule is answered when a page is read."""
        return not self.is_similarity and self != Rule.NONE


class Verdict(models.TextChoices):
    """An editor's word on a pair; OPEN is a decision that was taken back.

    A rejected target is offered to the document in no slot; one that is not wanted here may still
    stand in another slot.
    """

    OPEN = "open", _("open")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")
    NOT_HERE = "not_here", _("not in this slot")


class Action(models.TextChoices):
    """What an editor did; one entry of the decision log each."""

    APPROVE = "approve", _("approved")
    REJECT = "reject", _("rejected")
    PIN = "pin", _("pinned")
    UNPIN = "unpin", _("unpinned")
    MOVE = "move", _("moved")
    REOPEN = "reopen", _("reopened")
    UNDO = "undo", _("undone")
    NOT_HERE = "not_here", _("kept out of the slot")
    HEADING = "heading", _("changed the heading")
    SUMMARY = "summary", _("changed the summary")
    DONE = "done", _("called the page done")
    SENSITIVE = "sensitive", _("changed the sensitivity")
    KEEP = "keep", _("kept a link against a better match")
    STORY = "story", _("said what tells the same story")


class Telling(models.TextChoices):
    """An editor's word on two articles."""

    SAME = "same", _("the same story")
    DIFFERENT = "different", _("not the same story")


class ReviewReason(models.IntegerChoices):
    """Why an article needs an editor; a ``ReviewState`` keeps the sum of those that hold."""

    NEW = 1, _("new")
    MORE = 2, _("a slot could show more")
    LOST = 4, _("an approved link does not show")
    BETTER = 8, _("a better match was found")
    SUMMARY = 16, _("the text changed after its summary was approved")
    BARRED = 32, _("an approved link must not be shown")
    READERS = 64, _("readers pass a link by")


class Mark(models.IntegerChoices):
    """What is asked of a sensitive article or section; rows keep the sum of those that hold.

    LIGHT makes nothing sensitive: it is what NOTHING_LIGHT keeps away. SENSITIVE is a site's own
    word for an article that fills nothing by itself.
    """

    NO_LINKS = 1, _("no links here")
    NEVER_SUGGEST = 2, _("never suggest this")
    NOTHING_LIGHT = 4, _("nothing light beside this")
    LIGHT = 8, _("light")
    SENSITIVE = 16, _("sensitive")

    @classmethod
    def of(cls, marks: int) -> list[Mark]:
        """Those that a sum holds."""
        return [mark for mark in cls if marks & mark.value]


class LinkSource(models.TextChoices):
    """Why a link stands on the page."""

    PINNED = "pinned", _("pinned")
    APPROVED = "approved", _("approved")
    AUTOMATIC = "automatic", _("automatic")


class Strength(models.TextChoices):
    """A chance of approval in a word."""

    STRONG = "strong", pgettext_lazy("strength of a link", "strong")
    FAIR = "fair", pgettext_lazy("strength of a link", "fair")
    WEAK = "weak", pgettext_lazy("strength of a link", "weak")

    @property
    def least(self) -> float:
        """The lowest chance that the word stands for."""
        return {Strength.STRONG: 0.5, Strength.FAIR: 0.2, Strength.WEAK: 0.0}[self]

    @classmethod
    def of(cls, chance: float) -> Strength:
        """Strong: rather approved than not. Fair: approved more than one time in five."""
        return next(each for each in cls if chance >= each.least or each == cls.WEAK)


class Priority(models.IntegerChoices):
    """Which waiting document is processed first; also names the Celery queue."""

    PUBLISH = 0, _("publish")
    BULK = 1, _("bulk")


class RunStatus(models.TextChoices):
    RUNNING = "running", _("running")
    FINISHED = "finished", _("finished")
    STOPPED = "stopped", _("stopped")
    FAILED = "failed", _("failed")


class Phase(models.TextChoices):
    """The steps of a rebuild, in their order; each is cut into blocks that any worker may take.

    The first two look at all documents. The others belong to one corpus, and of SEARCH (from
    scratch) and RESCORE (the stored neighbors under fresh statistics) a corpus takes one. Texts
    whose passages turn out to repeat, or no longer do, are analyzed once more (ANALYZE).
    """

    DETECT_CHANGES = "detect", _("looking for changes")
    ANALYZE = "analyze", _("analyzing texts")
    PASSAGES = "passages", _("finding repeated passages")
    STATISTICS = "statistics", _("counting terms")
    SEARCH = "search", _("finding neighbors")
    RESCORE = "rescore", _("rescoring neighbors")
    LEARN = "learn", _("learning from neighbors")
    SUGGEST = "suggest", _("writing suggestions")
    SWITCH = "switch", _("switching over")


class BulkKind(models.TextChoices):
    """What an operation in bulk does with its links."""

    APPROVE = "approve", _("approve")
    REJECT = "reject", _("reject")
    REOPEN = "reopen", _("reopen")
    REVERT = "revert", _("put back what stood before")
    UNDO = "undo", _("take an operation back")


class BulkState(models.TextChoices):
    """How far an operation in bulk is; PREVIEWED ones changed nothing yet."""

    PREVIEWED = "previewed", _("not begun")
    RUNNING = "running", _("running")
    STOPPED = "stopped", _("stopped")
    FINISHED = "finished", _("finished")
