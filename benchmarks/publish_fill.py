"""Fill the site's database with made-up articles: `python -m benchmarks.publish_fill 26680`.

With `--file PATH` they become an archive for `import_articles` instead.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django
import numpy as np

# Together some 300 words with 190 distinct terms, as press releases of the US Congress have.
N_SINGLE_WORDS = 50
N_PHRASES = 40
N_STORY_PHRASES = 15
VOCABULARY = 60_000
ARTICLES_PER_STORY = 8
WORDS_PER_STORY = 20
SECTIONS = ["World", "Politics", "Economy", "Science", "Culture", "Sport"]
FIRST_DAY = datetime(2015, 1, 1, tzinfo=UTC)
BATCH = 2000


@dataclass(frozen=True)
class MadeUp:
    """An article to be stored; ``number`` is its own."""

    number: int
    title: str
    body: str
    section: str
    published_at: datetime


def made_up_articles(n: int, seed: int = 1) -> Iterator[MadeUp]:
    """``n`` articles in stories of eight on average; another seed gives other stories."""
    random = np.random.default_rng(seed)
    for number in range(n):
        story = seed * 10_000_000 + int(random.integers(max(1, n // ARTICLES_PER_STORY)))
        yield MadeUp(
            number=number,
            title=f"Story {story} report {number}",
            body=_text(random, story),
            section=SECTIONS[story % len(SECTIONS)],
            published_at=FIRST_DAY + timedelta(minutes=30 * number),
        )


def _text(random: np.random.Generator, story: int) -> str:
    """Words and phrases by a law of Zipf and Mandelbrot, and phrases of the story between them.

    A stop word stands behind each, so that only the words of a phrase are a pair.
    """
    ranks = 15 * ((VOCABULARY / 15) ** random.random(N_SINGLE_WORDS + N_PHRASES) - 1)
    words = ranks.astype(int).tolist()
    pieces = [f"w{rank}" for rank in words[:N_SINGLE_WORDS]]
    pieces += [f"w{rank} w{rank * 7919 % VOCABULARY}" for rank in words[N_SINGLE_WORDS:]]
    own = random.integers(WORDS_PER_STORY, size=N_STORY_PHRASES).tolist()
    pieces += [f"s{story}n{n} s{story}n{(n + 1) % WORDS_PER_STORY}" for n in own]
    random.shuffle(pieces)
    return " the ".join(pieces)


def fill(n: int) -> None:
    """Store articles as a site's own code might, by `bulk_create`; a rebuild finds them.

    The slot "related" shows suggestions without approval, because no editor waits at the end.
    """
    from newsroom.articles.models import Article, Section, Status
    from related.models import Slot

    Slot.objects.filter(key="related").update(requires_approval=False)
    sections = {name: Section.objects.create(name=name) for name in SECTIONS}
    batch = []
    for made_up in made_up_articles(n):
        batch.append(
            Article(
                title=made_up.title,
                slug=f"report-{made_up.number}",
                body=made_up.body,
                section=sections[made_up.section],
                language="en",
                status=Status.PUBLISHED,
                published_at=made_up.published_at,
            )
        )
        if len(batch) == BATCH:
            Article.objects.bulk_create(batch)
            batch = []
    Article.objects.bulk_create(batch)


def write_archive(path: Path, n: int) -> None:
    """Other articles, in stories of their own, as JSON Lines."""
    with path.open("w") as lines:
        for made_up in made_up_articles(n, seed=2):
            row = {
                "id": f"archive-{made_up.number}",
                "title": made_up.title,
                "body": made_up.body,
                "section": made_up.section,
                "language": "en",
                "published_at": made_up.published_at.isoformat(),
            }
            lines.write(json.dumps(row) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", type=int)
    parser.add_argument("--file", type=Path)
    options = parser.parse_args()
    if options.file:
        write_archive(options.file, options.size)
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    django.setup()
    fill(options.size)


if __name__ == "__main__":
    main()
