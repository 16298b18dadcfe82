"""What a site's titles, excerpts and names look like to readers and editors: as text."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import User
from django.template import Context, Template
from django.test import Client
from django.urls import reverse

from newsroom.articles.models import Article, Section
from related.domain.documents.reading import read_content
from related.domain.pages.summaries import draft_summary
from related.models import DocumentVector
from tests.related.desk_documents import make_slot
from tests.related.stories import (
    BAKERY,
    BAKERY_PRIZE,
    FLOOD,
    document_of,
    publish,
    section,
    suggested,
    work,
)

pytestmark = pytest.mark.django_db

RAW = "Caf&eacute; &#8220;Mill&#8221; wins <em>almond</em> prize &amp; more"
READ = "Café “Mill” wins almond prize & more"


@pytest.fixture
def pair() -> tuple[Article, Article]:
    """Two articles; the second as a site would have it that stores what feeds gave."""
    make_slot("related", requires_approval=False, minimum_score=0.05)
    target = publish("Prize", BAKERY_PRIZE, section=section("Food"))
    Article.objects.filter(pk=target.pk).update(title=RAW, excerpt=f"<p>{RAW}</p>")
    Section.objects.update(name="Food &amp;\n Drink")
    return publish("Bakery opens", BAKERY, day=1, section=section("Town")), target


def test_links_are_text(pair: tuple[Article, Article], client: Client) -> None:
    work()
    article, _ = pair
    api = client.get(f"/api/v1/links/newsroom.article/{article.pk}/").json()
    (item,) = api["slots"]["related"]["items"]
    assert (item["title"], item["excerpt"], item["section"]) == (READ, READ, "Food & Drink")
    template = Template('{% load related %}{% related_slot article "related" %}')
    html = template.render(Context({"article": article}))
    assert "Café “Mill” wins almond prize &amp; more" in html
    assert "eacute" not in html
    assert "&amp;amp;" not in html


def test_the_desk_and_the_documents_own_title_are_text(
    pair: tuple[Article, Article], client: Client, admin_user: User
) -> None:
    work()
    client.force_login(admin_user)
    target = pair[1]
    review = reverse("admin:related_document_review", args=["newsroom.article", str(target.pk)])
    page = client.get(review).content.decode()
    assert "Café “Mill” wins almond prize &amp; more" in page
    assert "eacute" not in page
    api = client.get(f"/api/v1/links/newsroom.article/{target.pk}/").json()
    assert api["document"]["title"] == READ


def test_references_and_tags_are_no_words(pair: tuple[Article, Article]) -> None:
    work()
    words = json.dumps(DocumentVector.objects.get(document=document_of(pair[1])).words)
    assert "almond" in words
    assert not any(word in words for word in ("eacute", "8220", "amp", '"em"'))


def test_galleries_are_told_apart_by_their_pictures() -> None:
    make_slot("related", requires_approval=False, minimum_score=0.05)
    picture = '<figure><img src="/1.jpg" alt="{}"></figure>'
    flood = publish("Monday", picture.format("The flood barrier with its rusty gates"))
    cakes = publish("Tuesday", picture.format("Almond cakes in the old town bakery"), day=1)
    story = publish("Barrier", FLOOD, day=2)
    publish("Weather", "Rain in the north, sun in the south, no wind at all until Friday.", day=3)
    work()
    assert suggested(flood, "related") == [story.title]
    assert cakes.title not in suggested(flood, "related")


def test_pictures_are_not_part_of_a_summary() -> None:
    article = publish("Monday", f'<p>{FLOOD}</p><img src="/1.jpg" alt="An engineer looks up.">')
    work()
    document = document_of(article)
    assert "looks up" in read_content(document.source, article).text

    assert "looks up" not in draft_summary(document, article)
