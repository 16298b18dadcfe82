"""Publish articles one after another, and print for each the seconds until the API shows its links.

An article repeats parts of two others, as an update of a story does. The slot "related" shows
suggestions without approval here, because no editor waits at the other end.
"""

from __future__ import annotations

import os
import random
import sys
import time

import django

SECONDS_BETWEEN_LOOKS = 0.01
PATIENCE = 120


def main(n_publishes: int) -> None:
    from django.test import Client
    from django.utils import timezone

    from newsroom.articles.models import Article, Status
    from related.models import Slot

    Slot.objects.filter(key="related").update(requires_approval=False)
    chance = random.Random(2)
    keys = list(Article.objects.filter(status=Status.PUBLISHED).values_list("pk", flat=True))
    client = Client(SERVER_NAME="localhost")
    for n in range(n_publishes):
        one, two = Article.objects.filter(pk__in=chance.sample(keys, 2))
        article = Article(
            title=f"{one.title}, update {n}",
            body=one.body[: len(one.body) // 2] + " " + two.body[: len(two.body) // 2],
            language=one.language,
            status=Status.PUBLISHED,
            published_at=timezone.now(),
        )
        started = time.monotonic()
        article.save()
        while not links(client, article.pk):
            if time.monotonic() - started > PATIENCE:
                raise SystemExit(f"No links after {PATIENCE} s; is a worker running?")
            time.sleep(SECONDS_BETWEEN_LOOKS)
        print(time.monotonic() - started, flush=True)


def links(client: object, key: int) -> list[object]:
    answer = client.get(f"/api/v1/links/newsroom.article/{key}/")  # type: ignore[attr-defined]
    if answer.status_code != 200:
        return []
    return answer.json()["slots"]["related"]["items"]  # type: ignore[no-any-return]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    django.setup()
    main(int(sys.argv[1]))
