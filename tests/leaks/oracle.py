"""What the public may see, once more and apart from the product: plain Python, no database.

Every text of every story carries a marker that exists once (``mk00012z``). A leak is then any
marker in an answer that is not among those of the stories that are out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

MARKER = re.compile(rb"mk\d{5}z")

APPROVED, REJECTED, OPEN = "approved", "rejected", "open"


@dataclass
class Story:
    """An article as the newsroom means it; its texts hold one marker each."""

    pk: int
    title: str
    slug: str
    body: str
    excerpt: str
    section: str
    status: str
    published_at: datetime | None

    def is_public(self, now: datetime) -> bool:
        """Published and scheduled stories are out from their moment on."""
        if self.status not in {"published", "scheduled"} or self.published_at is None:
            return False
        return self.published_at <= now


@dataclass
class LinkRef:
    """A slot, as far as it decides what must show."""

    count: int
    is_active: bool = True
    is_automatic: bool = False  # shows suggestions, or a fallback, without approval


@dataclass
class Oracle:
    """All stories, the editors' words about them, and the time."""

    now: datetime
    places: dict[str, LinkRef]
    stories: dict[int, Story] = field(default_factory=dict)
    words: dict[tuple[int, str, int], str] = field(default_factory=dict)  # (story, slot, target)
    summaries: dict[int, tuple[str, str]] = field(default_factory=dict)  # story: (marker, body)
    n_markers: int = 0

    def new_marker(self) -> str:
        self.n_markers += 1
        return f"mk{self.n_markers:05}z"

    def public(self) -> list[Story]:
        """What is out, newest first."""
        found = [story for story in self.stories.values() if story.is_public(self.now)]
        return sorted(found, key=lambda story: (story.published_at, story.pk), reverse=True)

    def hidden(self) -> list[Story]:
        return [story for story in self.stories.values() if not story.is_public(self.now)]

    def sections(self) -> set[str]:
        """The sections in which something is out."""
        return {story.section for story in self.public()}

    def summary_of(self, story: Story) -> str | None:
        """The marker of an approved summary, while the body is the one that it was for."""
        marker, body = self.summaries.get(story.pk, (None, None))
        return marker if body == story.body else None

    def markers(self) -> set[str]:
        """What may stand in any answer now."""
        allowed = set()
        for story in self.public():
            allowed |= {story.title, story.slug, story.body, story.excerpt}
            if summary := self.summary_of(story):
                allowed.add(summary)
        return allowed

    def approved(self, story: Story, slot: str) -> set[int]:
        """Targets that are out and that an editor approved for a slot in use."""
        if not self.places[slot].is_active:
            return set()
        return {
            target
            for (pk, key, target), word in self.words.items()
            if (pk, key, word) == (story.pk, slot, APPROVED)
            and target in self.stories
            and self.stories[target].is_public(self.now)
        }

    def must_show(self, story: Story) -> set[int]:
        """Targets that stand on the story's page for certain, in one slot or another.

        A slot with room for all of its approved links shows them, save those that stand elsewhere.
        """
        shown: set[int] = set()
        for key, place in self.places.items():
            wanted = self.approved(story, key)
            if len(wanted) <= place.count:
                shown |= wanted
        return shown

    def may_show(self, story: Story, slot: str, target: int, source: str) -> bool:
        """Whether a link may stand in a slot for the reason that the answer gives."""
        place = self.places[slot]
        if not place.is_active or target == story.pk or target not in self.stories:
            return False
        if not self.stories[target].is_public(self.now):
            return False
        if source == "automatic":
            is_rejected = any(
                (story.pk, key, target) in self.words
                and self.words[story.pk, key, target] == REJECTED
                for key in self.places
            )
            return place.is_automatic and not is_rejected
        return target in self.approved(story, slot)
