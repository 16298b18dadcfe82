"""What the demo has to show."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from newsroom import demo_pages
from newsroom.articles.models import Article
from newsroom.demo import SAMPLE
from related.domain.decisions.summaries import approve_summary
from tests.factories import ArticleFactory, EditorFactory, SectionFactory
from tests.related.stored_articles import approve, row_of, store

IDS = [json.loads(line)["id"] for line in SAMPLE.read_text().splitlines()]


def test_every_article_of_the_sample_has_a_small_picture_and_no_other_is_there() -> None:
    paths = {name: finders.find(demo_pages.PICTURE.format(name)) for name in IDS}
    assert [name for name, path in paths.items() if path is None] == []
    folder = Path(str(paths[IDS[0]])).parent
    assert {path.stem for path in folder.iterdir()} == set(IDS)
    assert max(path.stat().st_size for path in folder.iterdir()) < 10_000
    for path in folder.iterdir():
        assert not any(part in path.read_text() for part in ("<script", "href", "style"))


@pytest.mark.django_db
def test_pictures_are_hung_where_they_belong(client: Client) -> None:
    drawn = ArticleFactory(external_id=IDS[0])
    own = ArticleFactory(external_id="own-1", image_url="https://example.org/i.jpg")
    demo_pages.hang_pictures()
    addresses = [Article.objects.get(pk=article.pk).image_url for article in (drawn, own)]
    assert addresses == [f"/static/newsroom/sample/{IDS[0]}.svg", "https://example.org/i.jpg"]
    drawn.refresh_from_db()
    drawn.full_clean()
    assert f'src="{addresses[0]}"' in client.get(drawn.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_the_page_to_open_is_the_first_one_with_every_slot_filled() -> None:
    section = SectionFactory()
    empty = ArticleFactory(section=section)
    some, full, later = (ArticleFactory(section=section) for _ in range(3))
    target = {slot: ArticleFactory(section=None) for slot in demo_pages.SLOTS}
    for article in (empty, some, full, later, *target.values()):
        store(article)
    for article, slots in (
        (some, ["related"]),
        (full, demo_pages.SLOTS),
        (later, demo_pages.SLOTS),
    ):
        for slot in slots:
            approve(article, slot, target[slot])
    for article in (full, later):
        approve_summary(row_of(article), article, "Short.", user=EditorFactory(), version=0)
    assert demo_pages.fullest_page([empty, some, full, later]) == full
    assert demo_pages.fullest_page([empty, some]) == some
    assert demo_pages.fullest_page([]) is None
