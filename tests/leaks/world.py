"""The newsroom that the machine plays with: a clock, a few stories in every state, an editor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from unittest import mock

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.test import override_settings

from newsroom.articles.models import Article, Section
from related.domain.rebuilds.rebuilding import process_once
from related.models import (
    Decision,
    Document,
    Neighbors,
    PageLinks,
    Slot,
    SlotHeading,
    Suggestion,
    Summary,
)
from tests.leaks.database_clock import database_clock
from tests.leaks.oracle import LinkRef, Oracle, Story

SECTIONS = ("harbor", "market", "court")
TOPICS = {
    "harbor": "The ferry left the harbor late. Its pilot blamed the tide and a jammed lock gate.",
    "market": "The fish market opens a new hall. Traders fear the rent, and the ferry brings few.",
    "court": "The court fined the pilot of the ferry. The lock gate was shut, a judge said.",
}
START = datetime(2031, 5, 2, 9, tzinfo=UTC)  # ahead of the real clock, which stamps some new rows
PER_PAGE = 3  # of a section page, so that a few stories fill several

# status, section, hours from now
STORIES = [
    ("published", "harbor", -72),
    ("published", "harbor", -48),
    ("scheduled", "harbor", 24),
    ("published", "harbor", 2),  # under embargo
    ("withdrawn", "court", -24),
    ("draft", "market", -12),
    ("published", "court", -6),
]


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self._now = START
        self.moved: Callable[[], None] = lambda: None

    def __call__(self) -> datetime:
        return self._now

    @property
    def now(self) -> datetime:
        return self._now

    @now.setter
    def now(self, moment: datetime) -> None:
        self._now = moment
        self.moved()


@contextmanager
def moved_clock() -> Iterator[Clock]:
    """Django's clock and the database's stand at START; section pages are short."""
    clock = Clock()
    with (
        mock.patch("django.utils.timezone.now", clock),
        override_settings(ARTICLES_PER_PAGE=PER_PAGE),
        database_clock(clock) as clock.moved,
    ):
        yield clock


def found(clock: Clock) -> Oracle:
    """Fill an empty, migrated database; the oracle knows what is in it."""
    User.objects.create(username="editor", is_staff=True)
    for name in SECTIONS:
        Section.objects.create(name=name.title(), slug=name)
    oracle = Oracle(now=clock.now, places={})
    for slot in Slot.objects.all():
        oracle.places[slot.key] = LinkRef(slot.count, is_automatic=not slot.requires_approval)
    for status, section, hours in STORIES:
        at = clock.now + timedelta(hours=hours)
        write(oracle, section, status, at).save()
        note_key(oracle)
    work()
    return oracle


def write(oracle: Oracle, section: str, status: str, published_at: datetime | None) -> Article:
    """An article, not saved, whose texts all carry new markers; the oracle knows it as pk 0."""
    title, slug, body, excerpt = (oracle.new_marker() for _ in range(4))
    oracle.stories[0] = Story(0, title, slug, body, excerpt, section, status, published_at)
    return Article(
        title=f"The ferry {title}",
        slug=slug,
        body=body_of(body, section),
        excerpt=f"In short: {excerpt}.",
        section=Section.objects.get(slug=section),
        status=status,
        published_at=published_at,
    )


def note_key(oracle: Oracle) -> None:
    """Tell the oracle under which key the story that was written last is stored."""
    story = oracle.stories.pop(0)
    story.pk = Article.objects.get(slug=story.slug).pk
    oracle.stories[story.pk] = story


def body_of(marker: str, section: str) -> str:
    """Every third text repeats the section's own, as versions do; the others share words alone."""
    text = TOPICS[section]
    if int(marker.strip("mkz")) % 3:
        text = " ".join(f"{word} hm{n}{marker[2:-1]}" for n, word in enumerate(text.split()))
    return f"<p>{text}</p><p>So says {marker} about it.</p>"


def work() -> None:
    """Do what the workers do, until nothing is due."""
    while process_once():
        pass


@contextmanager
def undone_afterwards() -> Iterator[None]:
    """Take back at the end whatever was written inside."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


def erase(keys: list[int]) -> None:
    """Remove these articles and every row about them but the log, past all the plugin's doors."""
    documents = list(
        Document.objects.for_objects(Article, [str(key) for key in keys]).values_list(
            "pk", flat=True
        )
    )
    either = Q(document__in=documents) | Q(target__in=documents)
    own = Q(document__in=documents)
    for rows in (
        Suggestion.objects.filter(either),
        Decision.objects.filter(either),
        Summary.objects.filter(own),
        SlotHeading.objects.filter(own),
        Neighbors.objects.filter(own),
        PageLinks.objects.filter(own),
        Document.objects.filter(pk__in=documents),
        Article.objects.filter(pk__in=keys),
    ):
        rows._raw_delete(rows.db)
