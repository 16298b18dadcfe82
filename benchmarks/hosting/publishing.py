"""The web host's part: publishes articles and prints of each its key and when its save began.

    python -m benchmarks.hosting.publishing --count 200 --every 0.5 --seed 1

The time is the machine's monotonic clock, which all its hosts share. An article repeats parts of
two others, as an update of a story does. All texts are read before the first save.
"""

from __future__ import annotations

import argparse
import os
import random
import time

import django


def main() -> None:
    from django.utils import timezone

    from newsroom.articles.models import Article, Status

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--every", type=float, required=True, help="seconds between saves")
    parser.add_argument("--seed", type=int, required=True)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    published = Article.objects.filter(status=Status.PUBLISHED).order_by("pk")
    keys = list(published.values_list("pk", flat=True))
    chosen = {chance.choice(keys) for _ in range(2 * options.count)}
    rows = list(published.filter(pk__in=chosen).select_related("section"))
    print("ready", flush=True)
    planned = time.monotonic()
    for n in range(options.count):
        one, two = chance.sample(rows, 2)
        article = Article(
            title=f"{one.title}, update {options.seed} {n}",
            body=one.body[: len(one.body) // 2] + " " + two.body[: len(two.body) // 2],
            section=one.section,
            language=one.language,
            status=Status.PUBLISHED,
            published_at=timezone.now(),
        )
        time.sleep(max(0.0, planned - time.monotonic()))
        began = time.monotonic()
        article.save()
        print(article.pk, f"{began:.4f}", f"{time.monotonic() - began:.4f}", flush=True)
        planned += options.every


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    django.setup()
    main()
