"""What search engines read of an article."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from newsroom.articles.models import Article
from tests.factories import ArticleFactory, SectionFactory, TagFactory

pytestmark = pytest.mark.django_db

SITE = "http://testserver"


def page_of(client: Client, article: Article) -> LexborHTMLParser:
    return LexborHTMLParser(client.get(article.get_absolute_url()).content)


def data_of(client: Client, article: Article) -> dict[str, Any]:
    [script] = page_of(client, article).css("script:not([src])")
    assert script.attributes["type"] == "application/ld+json"
    data: dict[str, Any] = json.loads(script.text())
    return data


def test_an_article_by_schema_org(client: Client) -> None:
    article = ArticleFactory(
        title="Flut an der Küste",
        language="de",
        excerpt="Das Wasser stieg.",
        authors=["Ana Ruiz", "Noor Haddad"],
        source="Agency",
        image_url="https://example.org/boat.jpg",
        section=SectionFactory(name="Harbor"),
    )
    article.tags.add(TagFactory(name="sea"))
    address = SITE + article.get_absolute_url()
    assert data_of(client, article) == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": address,
        "url": address,
        "mainEntityOfPage": address,
        "headline": "Flut an der Küste",
        "description": "Das Wasser stieg.",
        "inLanguage": "de",
        "image": "https://example.org/boat.jpg",
        "datePublished": article.published_at.isoformat(),
        "dateModified": article.updated_at.isoformat(),
        "author": [
            {"@type": "Person", "name": "Ana Ruiz"},
            {"@type": "Person", "name": "Noor Haddad"},
        ],
        "publisher": {
            "@type": "NewsMediaOrganization",
            "name": "The Marrowbeck Courier",
            "url": f"{SITE}/",
        },
        "articleSection": "Harbor",
        "keywords": ["sea"],
    }


def test_what_is_not_known_is_not_there(client: Client) -> None:
    article = ArticleFactory(
        published_at=None, section=None, authors=[], source="Agency", excerpt="", body="Words."
    )
    data = data_of(client, article)
    assert data.keys().isdisjoint({"datePublished", "articleSection", "image", "keywords"})
    assert data["author"] == [{"@type": "Organization", "name": "Agency"}]
    assert data["description"] == "Words."


@pytest.mark.parametrize(
    "title",
    ["</script><b>x</b>", "<!--<script>", "a & b", '"quoted" \\ back', "line\u2028end", "{{ x }}"],
)
def test_no_text_gets_out_of_the_script(client: Client, title: str) -> None:
    article = ArticleFactory()
    Article.objects.filter(pk=article.pk).update(title=title, excerpt=title, authors=[title])
    data = data_of(client, article)
    assert data["headline"] == data["author"][0]["name"] == title
    assert data["description"] == " ".join(title.split())


def test_what_networks_show_of_a_link(client: Client) -> None:
    article = ArticleFactory(excerpt="", body="<p>Fog &amp; rain.</p>", image_url="")
    Article.objects.filter(pk=article.pk).update(image_url="/static/boat.svg")
    properties = {
        meta.attributes.get("property") or meta.attributes.get("name"): meta.attributes["content"]
        for meta in page_of(client, article).css("meta[content]")
    }
    assert properties["og:image"] == f"{SITE}/static/boat.svg"
    assert properties["og:description"] == properties["description"] == "Fog & rain."
    assert properties["og:url"] == SITE + article.get_absolute_url()
    assert properties["article:published_time"] == article.published_at.isoformat()


@pytest.mark.parametrize(
    ("language", "direction"),
    [("en", "ltr"), ("ar", "rtl"), ("he-IL", "rtl"), ("ps", "rtl"), ("xx", "auto"), ("", "auto")],
)
def test_a_text_has_the_direction_of_its_language(
    client: Client, language: str, direction: str
) -> None:
    article = ArticleFactory()
    Article.objects.filter(pk=article.pk).update(language=language)
    [shown] = page_of(client, article).css("article.article")
    assert shown.attributes["dir"] == direction
