"""A text that kills or freezes its worker: for the fault suite alone."""

from __future__ import annotations

import os
import signal

from django.apps import AppConfig
from django.conf import settings

# A body that holds this word ends the worker that analyzes it, as running out of memory does.
DEADLY = "deadlytextforworkers"


class FaultingConfig(AppConfig):
    """Comes after the newsroom, whose source it replaces by one that dies of deadly texts."""

    name = "benchmarks.faulting"
    label = "faulting"

    def ready(self) -> None:
        from newsroom.articles.models import Article
        from newsroom.articles.related_sources import ArticleSource
        from related.domain.corpus.cache import corpus_cache
        from related.registry import register, unregister

        class DeadlySource(ArticleSource):
            def text(self, obj: Article) -> str:
                if settings.FAULTS_TEXTS_SEND and DEADLY in obj.body:
                    os.kill(os.getpid(), signal.Signals[settings.FAULTS_TEXTS_SEND])
                return super().text(obj)

        unregister(Article)
        register(Article)(DeadlySource)
        corpus_cache.min_shared = settings.FAULTS_MIN_SNAPSHOT
