"""Texts that kill their worker: published, watched, and edited once they are set aside."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from django.db import DatabaseError, connection

from benchmarks.faulting.apps import DEADLY
from benchmarks.faulting.journal import Journal
from newsroom.articles.models import Article, Status
from newsroom.articles.publishing import publish
from related.conf import conf
from related.domain.reports.health import measure_health
from related.models import Document

Save = Callable[[str, Callable[[], int | None]], int | None]

SECONDS_BETWEEN_LOOKS = 1.0


class DeadlyTexts:
    """Every file that the suite puts into ``wishes`` asks for one more deadly text."""

    def __init__(self, save: Save, journal: Journal, wishes: Path) -> None:
        self._save = save
        self._journal = journal
        self._wishes = wishes
        self._wishes.mkdir(exist_ok=True)
        self._watched: dict[int, float] = {}  # article -> published at (time.time())
        self._next_look = 0.0
        self._n = 0

    def look(self) -> None:
        """Publish what is wished for; edit what was set aside."""
        for wish in sorted(self._wishes.iterdir()):
            wish.unlink()
            self._publish(f"Deadly {wish.name}")
        if time.monotonic() < self._next_look:
            return
        self._next_look = time.monotonic() + SECONDS_BETWEEN_LOOKS
        try:
            for key in self._set_aside():
                self._revive(key)
        except DatabaseError:
            connection.close()

    def are_over(self) -> bool:
        return not self._watched and not any(self._wishes.iterdir())

    def _publish(self, title: str) -> None:
        """A new article, or an edit of one that is known to the index: one after the other."""
        self._n += 1

        def new() -> int | None:
            article = Article.objects.filter(title=title).first() or Article(title=title)
            article.body = f"{DEADLY} {title}"
            article.save()
            publish(article)
            return article.pk

        def edited() -> int | None:
            # A try before may have been saved after all: then it is this one again.
            harmless = Article.objects.filter(status=Status.PUBLISHED).exclude(
                body__contains=DEADLY
            )
            known = Article.objects.filter(title=title).first()
            article = known or harmless.order_by("pk").first()
            if article is None:
                return new()
            if DEADLY not in article.body:
                article.title, article.body = title, f"{article.body} {DEADLY}"
                article.save()
            return article.pk

        key = self._save("publish a deadly text", edited if self._n % 2 else new)
        if key is not None:
            self._watched[key] = time.time()

    def _set_aside(self) -> list[int]:
        if not self._watched:
            return []
        rows = Document.objects.for_objects(Article, [str(key) for key in self._watched])
        return [int(row.object_id) for row in rows.failed()]

    def _revive(self, key: int) -> None:
        """The edit that brings a document back; before it, what operators and editors see."""
        (row,) = Document.objects.for_objects(Article, [str(key)])
        health = measure_health()
        self._journal.write(
            "set aside",
            article=key,
            tries=row.attempts,
            is_right=row.attempts >= conf.max_attempts,
            is_visible=health.is_stale and health.n_failed > 0,
            seconds=time.time() - self._watched[key],
        )

        def edit() -> int | None:
            article = Article.objects.get(pk=key)
            article.title = article.title.replace("Deadly", "Harmless")
            article.body = article.body.replace(DEADLY, "harmless")
            article.save()
            return article.pk

        self._save("edit a deadly text", edit)
        del self._watched[key]
