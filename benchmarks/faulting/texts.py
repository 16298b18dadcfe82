"""Made-up articles of many topics: what resembles what is clear, so results compare exactly.

An article holds more words of its topic than a search looks at, and a topic has fewer articles
than a search ranks, so the search from either side of a pair finds the other.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

WORDS_PER_TOPIC = 90
WORDS_PER_TEXT = 32
COMMON_WORDS = [f"common{n}" for n in range(30)]  # rarer words would outweigh a topic's
# Two texts of one topic are more similar than this; others, which share common words alone, are
# hardly. A search finds the former all, and of the latter what it happens to meet.
TOPICAL = 0.08
SECTIONS = ["City", "Region", "Schools", "Transport", "Culture"]
SHARE_OF_SPANISH = 0.15
SHARE_OF_COPIES = 0.05
ARTICLES_PER_TOPIC = 25  # on average; the largest topics have some hundred and the smallest few


class Writer:
    """Writes titles, bodies and languages by chance; the same seed writes the same."""

    def __init__(self, chance: random.Random, n_articles: int) -> None:
        self._chance = chance
        self._n_topics = max(3, n_articles // ARTICLES_PER_TOPIC)
        self._latest: list[str] = []

    def title(self) -> str:
        return f"Report {self._chance.randrange(10**9)}"

    def language(self) -> str:
        return "es" if self._chance.random() < SHARE_OF_SPANISH else "en"

    def section(self) -> str:
        return self._chance.choice(SECTIONS)

    def body(self) -> str:
        """A text of one topic; now and then almost the same as one before."""
        if self._latest and self._chance.random() < SHARE_OF_COPIES:
            return f"{self._chance.choice(self._latest)} update{self._chance.randrange(10**6)}"
        topic = int(self._n_topics * self._chance.random() ** 1.5)
        numbers = self._chance.sample(range(WORDS_PER_TOPIC), WORDS_PER_TEXT)
        words = [f"topic{topic}word{n}" for n in numbers]
        text = " ".join([*words, *self._chance.choices(COMMON_WORDS, k=8)])
        self._latest = [*self._latest[-50:], text]
        return text


def archive(n_articles: int, n_topics_for: int, seed: int) -> Iterator[dict[str, str]]:
    """Rows for ``import_articles``: what was published before the suite begins."""
    chance = random.Random(f"archive {seed}")
    writer = Writer(chance, n_topics_for)
    for n in range(n_articles):
        yield {
            "id": f"archive-{n}",
            "title": writer.title(),
            "body": writer.body(),
            "section": writer.section(),
            "language": writer.language(),
            "published_at": f"2025-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}",
        }
