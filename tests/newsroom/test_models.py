"""What saving an article does, and who may see it."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from newsroom.articles.address_validators import picture_address
from newsroom.articles.models import Article, Section, Status
from tests.factories import ArticleFactory, SectionFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Lifeboat crew tow dredger", "lifeboat-crew-tow-dredger"),
        ("À la criée de Saint-Aubin", "a-la-criee-de-saint-aubin"),
        ("Путин и COVID-19", "путин-и-covid-19"),
        ("Straße gesperrt", "straße-gesperrt"),
        ("東京の天気", "東京の天気"),
        ("हिन्दी में समाचार", "हिन्दी-में-समाचार"),
        ("กรุงเทพขึ้นค่ารถไฟฟ้า", "กรุงเทพขึ้นค่ารถไฟฟ้า"),
        ("Bundes\u00adtag &amp; <b>Rat</b>", "bundestag-rat"),
        ("Sun \u2600\ufe0f out", "sun-out"),
        ("İstanbul'da ışık KESİNTİSİ", "istanbulda-ışık-kesintisi"),
        ("🎉🎉🎉", "article"),
        ("?!", "article"),
    ],
)
def test_slug_is_made_from_the_title(title: str, slug: str) -> None:
    article = ArticleFactory(title=title)
    assert article.slug == slug
    assert Article.objects.get(slug=slug).get_absolute_url().startswith("/articles/")


def test_equal_titles_get_different_slugs() -> None:
    slugs = [ArticleFactory(title="Weather").slug for _ in range(12)]
    assert slugs[:3] == ["weather", "weather-2", "weather-3"]
    assert slugs[8] == "weather-9"
    assert len(set(slugs)) == 12


def test_long_title_makes_a_slug_that_fits() -> None:
    slugs = [ArticleFactory(title="word " * 60).slug for _ in range(3)]
    assert all(len(slug) <= 200 for slug in slugs)
    assert len(set(slugs)) == 3


def test_slug_stays_when_the_title_changes() -> None:
    article = ArticleFactory(title="First title")
    article.title = "Second title"
    article.save()
    assert article.slug == "first-title"


def test_saving_strips_what_no_database_can_hold() -> None:
    article = ArticleFactory(
        title="A\x00 title\ud800\nin two lines",
        excerpt="\x00excerpt\x01",
        body="body\x00\udfff",
        authors=["Ann\x00", "", " Bob "],
        external_id="",
    )
    article.refresh_from_db()
    assert article.title == "A title in two lines"
    assert article.excerpt == "excerpt"
    assert article.body == "body"
    assert article.authors == ["Ann", "Bob"]
    assert article.external_id is None


def test_saving_sanitizes_html() -> None:
    article = ArticleFactory(body='<p onclick="x()">Hello<script>alert(1)</script></p>')
    assert article.body == "<p>Hello</p>"


@pytest.mark.parametrize("field", ["image_url", "origin_url"])
@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://example.org/a", "data:,x"])
def test_addresses_are_http(field: str, address: str) -> None:
    article = ArticleFactory.build(section=None, slug="a", **{field: address})
    with pytest.raises(ValidationError) as caught:
        article.full_clean()
    assert field in caught.value.message_dict


def test_database_refuses_a_scheduled_article_without_a_date() -> None:
    article = ArticleFactory(draft=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(status=Status.SCHEDULED)


def test_without_a_date_an_article_is_out_and_last() -> None:
    undated = ArticleFactory(published_at=None)
    old = ArticleFactory(published_at=timezone.now() - timedelta(days=20_000))
    new = ArticleFactory()
    second = ArticleFactory(published_at=None)
    assert undated.is_visible
    assert list(Article.objects.visible()) == [new, old, second, undated]
    assert list(Article.objects.visible().reverse()) == [undated, second, old, new]
    assert not Article.objects.upcoming()


def test_visible_follows_status_and_clock() -> None:
    now = timezone.now()
    minute = timedelta(minutes=1)
    shown = [
        ArticleFactory(published_at=now - minute),
        ArticleFactory(status=Status.SCHEDULED, published_at=now - minute),
    ]
    later = ArticleFactory(scheduled=True, published_at=now + minute)
    hidden = [
        later,
        ArticleFactory(draft=True),
        ArticleFactory(withdrawn=True),
        ArticleFactory(published_at=now + minute),
    ]
    assert set(Article.objects.visible()) == set(shown)
    assert all(article.is_visible for article in shown)
    assert not any(article.is_visible for article in hidden)
    assert later in Article.objects.visible(at=now + 2 * minute)
    assert set(Article.objects.outgoing()) == {*shown, later, hidden[3]}


def test_newest_first_and_ids_break_ties() -> None:
    at = timezone.now()
    first, second = ArticleFactory.create_batch(2, published_at=at)
    older = ArticleFactory(published_at=at - timedelta(days=1))
    assert list(Article.objects.all()) == [second, first, older]


def test_a_section_with_articles_is_kept() -> None:
    article = ArticleFactory()
    with pytest.raises(ProtectedError):
        article.section.delete()


def test_section_slugs_are_unique_too() -> None:
    assert SectionFactory(name="Arts & Culture").slug == "arts-culture"
    assert SectionFactory(name="Arts Culture").slug == "arts-culture-2"
    assert str(Section.objects.first()) == "Arts & Culture"


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("https://example.org/boat.jpg", True),
        ("/static/boat.svg", True),
        ("//example.org/boat.jpg", False),
        ("/\\example.org/boat.jpg", False),
        ("/a b.jpg", False),
        ("boat.jpg", False),
        ("/boat.jpg\n", False),
    ],
)
def test_a_picture_is_on_the_web_or_on_this_site(address: str, is_one: bool) -> None:
    with nullcontext() if is_one else pytest.raises(ValidationError):
        picture_address(address)


def test_what_is_published_now_is_out_at_once() -> None:
    for _ in range(30):
        article = ArticleFactory(published_at=timezone.now())
        assert Article.objects.visible().filter(pk=article.pk).exists()
