"""A newsroom at work: writes, publishes, edits, withdraws, schedules, deletes, by seeded chance.

    python -m benchmarks.faulting.process publishing JOURNAL --count 10000 --pace 0.05 --seed 1

Runs beside the workers as the web server does. A save that the database refuses is made again,
as an editor would press the button again; every try is written down with its seconds.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone

from benchmarks.faulting.deadly import DeadlyTexts
from benchmarks.faulting.journal import Journal
from benchmarks.faulting.texts import Writer
from newsroom.articles.models import Article, Section, Status
from newsroom.articles.publishing import (
    PublishingError,
    publish,
    return_to_draft,
    schedule,
    withdraw,
)

READ_EVERY = 10
PAUSE_BEFORE_RETRY = 0.3  # seconds
TRIES = 200


class Newsdesk:
    """The people who write."""

    def __init__(self, seed: int, journal: Journal, n_topics_for: int) -> None:
        self._chance = random.Random(f"newsdesk {seed}")
        self._writer = Writer(self._chance, n_topics_for)
        self._journal = journal
        self._client = Client(SERVER_NAME="localhost")
        self._sections = list(Section.objects.all())
        self._changes: list[tuple[Callable[[], int | None], int]] = [
            (self.publish, 30),
            (self.edit, 34),
            (self.withdraw, 12),
            (self.publish_again, 6),
            (self.schedule, 6),
            (self.delete, 12),
            (self.write, 6),
            (self.publish_draft, 4),
            (self.return_to_draft, 2),
        ]

    def change(self) -> None:
        """One change, tried until the database takes it."""
        functions, weights = zip(*self._changes, strict=True)
        (function,) = self._chance.choices(functions, weights)
        self.save(function.__name__, function)

    def save(self, name: str, function: Callable[[], int | None]) -> int | None:
        for _ in range(TRIES):
            started = time.time()
            article, error = None, ""
            try:
                article = function()
            except PublishingError:
                pass  # a try before was saved after all, or the save took until the date had passed
            except DatabaseError as failure:
                error = f"{type(failure).__name__}: {failure}"
            seconds = time.time() - started
            self._journal.write("save", what=name, began=started, seconds=seconds, error=error)
            if not error:
                return article
            connection.close()
            time.sleep(PAUSE_BEFORE_RETRY)
        raise RuntimeError(f"Not saved after {TRIES} tries: {error}")

    def read(self) -> None:
        """The links of some article, as a reader's browser asks for them."""
        started = time.time()
        try:
            key = Article.objects.visible().order_by("?").values_list("pk", flat=True).first()
            status = self._client.get(f"/api/v1/links/newsroom.article/{key}/").status_code
        except DatabaseError:
            connection.close()
            status = 500
        self._journal.write("read", began=started, status=status, seconds=time.time() - started)

    # Changes: each returns the article's key.

    def write(self) -> int:
        """A draft, which stays one for a while."""
        return self._written().pk

    def publish(self) -> int:
        article = self._written()
        publish(article, at=timezone.now() - timedelta(hours=self._chance.randrange(2000)))
        return article.pk

    def publish_draft(self) -> int | None:
        article = self._any(Status.DRAFT)
        if article is not None:
            publish(article)
        return article and article.pk

    def return_to_draft(self) -> int | None:
        article = self._any(Status.PUBLISHED)
        if article is not None:
            return_to_draft(article)
        return article and article.pk

    def edit(self) -> int | None:
        article = self._any(Status.PUBLISHED, Status.DRAFT)
        if article is None:
            return None
        match self._chance.randrange(10):
            case 0:
                article.language = self._writer.language()
            case 1:
                article.section = self._chance.choice(self._sections)
            case 2:
                article.title = self._writer.title()
            case _:
                article.body = self._writer.body()
        article.save()
        return article.pk

    def withdraw(self) -> int | None:
        article = self._any(Status.PUBLISHED)
        if article is not None:
            withdraw(article)
        return article and article.pk

    def publish_again(self) -> int | None:
        article = self._any(Status.WITHDRAWN)
        if article is not None:
            publish(article)
        return article and article.pk

    def schedule(self) -> int | None:
        article = Article(title=self._writer.title(), body=self._writer.body())
        article.save()
        schedule(article, timezone.now() + timedelta(seconds=self._chance.randrange(2, 600)))
        return article.pk

    def delete(self) -> int | None:
        article = self._any(*Status)
        if article is not None:
            article.delete()
        return None

    def _written(self) -> Article:
        return Article.objects.create(
            title=self._writer.title(),
            body=self._writer.body(),
            language=self._writer.language(),
            section=self._chance.choice(self._sections),
        )

    def _any(self, *statuses: Status) -> Article | None:
        """Some article in one of these states; deadly texts have their own editor."""
        rows = Article.objects.filter(status__in=statuses).exclude(title__startswith="Deadly")
        n = rows.count()
        return rows.order_by("pk")[self._chance.randrange(n)] if n else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("journal", type=Path)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--pace", type=float, required=True, help="seconds from save to save")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--topics-for", type=int, required=True, help="articles in all")
    options = parser.parse_args()
    journal = Journal(options.journal)
    desk = Newsdesk(options.seed, journal, options.topics_for)
    deadly = DeadlyTexts(desk.save, journal, options.journal.parent / "deadly")
    due = time.monotonic()
    for n in range(options.count):
        desk.change()
        deadly.look()
        if n % READ_EVERY == 0:
            desk.read()
        due = max(due + options.pace, time.monotonic() - 5 * options.pace)
        time.sleep(max(0.0, due - time.monotonic()))
    journal.write("traffic over")
    while not deadly.are_over():
        deadly.look()
        time.sleep(0.5)
    journal.write("over")
