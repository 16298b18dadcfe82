"""Small articles with known likenesses, for the tests of the plugin's work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from newsroom.articles.models import Article, Section, Status
from related.domain.rebuilds.blocks import SIZES
from related.domain.rebuilds.rebuilding import process_once
from related.models import Document, Suggestion

SMALL_BLOCKS = dict.fromkeys(SIZES, 2)

FIRST_DAY = datetime(2026, 3, 1, 8, tzinfo=UTC)

FLOOD = "The flood barrier on the river was raised after heavy rain. Engineers watched the gates."
FLOOD_UPDATE = "The river flood barrier held. Engineers lowered the gates when the rain had passed."
FLOOD_COST = "Council engineers want money for the flood barrier: its gates rust in the river."
BAKERY = "A bakery opened in the old town. Its sourdough bread and almond cakes sell out by noon."
BAKERY_PRIZE = "The old town bakery won a prize for its almond cakes; the sourdough came second."


def publish(title: str, body: str, *, day: int = 0, **fields: Any) -> Article:
    """A published article, saved as an editor would save it."""
    fields.setdefault("status", Status.PUBLISHED)
    return Article.objects.create(
        title=title, body=body, published_at=FIRST_DAY + timedelta(days=day), **fields
    )


def write_draft(title: str = "Barrier rusts", body: str = FLOOD_COST, **fields: Any) -> Article:
    """A draft, saved as an editor would save it."""
    return Article.objects.create(title=title, body=body, **fields)


def section(name: str) -> Section:
    return Section.objects.get_or_create(name=name)[0]


def work() -> None:
    """Do what the workers do, until nothing is due."""
    while process_once():
        pass


def document_of(article: Article) -> Document:
    return Document.objects.get(object_id=str(article.pk))


def suggested(article: Article, slot: str) -> list[str]:
    """Titles that the machine suggests for a slot, best first."""
    rows = Suggestion.objects.served().filter(document=document_of(article), slot__key=slot)
    keys = rows.order_by("rank").values_list("target__object_id", flat=True)
    return [Article.objects.get(pk=key).title for key in keys]


def archive() -> list[Article]:
    """Two stories of two articles each."""
    texts = {
        "Barrier raised": FLOOD,
        "Bakery opens": BAKERY,
        "Barrier holds": FLOOD_UPDATE,
        "Bakery wins": BAKERY_PRIZE,
    }
    return [publish(title, body, day=day) for day, (title, body) in enumerate(texts.items())]


def snapshot() -> list[tuple[object, ...]]:
    """Everything that is served, without the generation's number."""
    rows = Suggestion.objects.served().order_by("document", "slot", "rank")
    return list(
        rows.values_list("document", "slot", "target", "rank", "similarity", "score", "reasons")
    )


def seven_reports() -> list[Article]:
    """An archive of four stories that is processed; in blocks of two it has four of them."""
    texts = [FLOOD, BAKERY, FLOOD_UPDATE, FLOOD_COST, FLOOD, BAKERY, FLOOD_UPDATE]
    articles = [publish(f"Report {n}", text, day=n) for n, text in enumerate(texts)]
    work()
    return articles


def served() -> list[tuple[object, ...]]:
    """What is served, without scores."""
    rows = Suggestion.objects.served().order_by("document", "slot", "rank")
    return list(rows.values_list("document", "slot", "target", "rank", "similarity", "reasons"))
