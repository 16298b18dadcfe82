"""Fill the site's database with made-up articles: `python -m benchmarks.publish_fill 26680`."""

from __future__ import annotations

import os
import random
import sys
from datetime import UTC, datetime, timedelta

import django

WORDS_PER_ARTICLE = 300
N_WORDS = 60_000
ARTICLES_PER_STORY = 8
STORY_WORDS = 20
FIRST_DAY = datetime(2015, 1, 1, tzinfo=UTC)
BATCH = 2000


def text(chance: random.Random, story: int) -> str:
    """Words by a law of Zipf and Mandelbrot, a fifth of them those of the story."""
    own = [f"s{story}n{n}" for n in range(STORY_WORDS)]
    common = (
        f"w{int(15 * ((N_WORDS / 15) ** chance.random() - 1))}"
        for _ in range(WORDS_PER_ARTICLE * 4 // 5)
    )
    words = [*common, *chance.choices(own, k=WORDS_PER_ARTICLE // 5)]
    chance.shuffle(words)
    return " ".join(words)


def main(size: int) -> None:
    from newsroom.articles.models import Article, Status

    chance = random.Random(1)
    for start in range(0, size, BATCH):
        articles = []
        for n in range(start, min(start + BATCH, size)):
            story = chance.randrange(max(1, size // ARTICLES_PER_STORY))
            articles.append(
                Article(
                    title=f"Story {story} report {n}",
                    slug=f"report-{n}",
                    body=text(chance, story),
                    language="en",
                    status=Status.PUBLISHED,
                    published_at=FIRST_DAY + timedelta(minutes=30 * n),
                )
            )
        Article.objects.bulk_create(articles)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    django.setup()
    main(int(sys.argv[1]))
