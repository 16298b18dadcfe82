"""The article admin as tests use it: addresses, permissions, forms."""

from __future__ import annotations

from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from newsroom.articles.models import Article

LIST = "/admin/newsroom/article/"
SECTION_EDITOR, CHIEF, CONTRIBUTOR = "Section editors", "Chief editors", "Contributors"
WRITER = ["newsroom.view_article", "newsroom.add_article", "newsroom.change_article"]
PUBLISHER = [*WRITER, "newsroom.publish_article", "newsroom.edit_all_sections"]


def act(client: Client, action: str, articles: list[Article], **fields: str) -> Any:
    chosen = [article.pk for article in articles]
    return client.post(LIST, {"action": action, "_selected_action": chosen, **fields})


def messages_of(response: HttpResponse) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]  # type: ignore[attr-defined]


def article_form(article: Article | None = None, **fields: str) -> dict[str, str]:
    form = {"title": "A title", "slug": "a-title", "body": "Text.", "language": "en"}
    if article is not None:
        form |= {"title": article.title, "slug": article.slug}
        if article.published_at:
            at = article.published_at
            form |= {"published_at_0": f"{at:%Y-%m-%d}", "published_at_1": f"{at:%H:%M:%S}"}
    return form | fields


def listed_titles(client: Client, query: str) -> list[str]:
    page = LexborHTMLParser(client.get(f"{LIST}?{query}").content)
    return [node.text() for node in page.css("th.field-title")]


def change_page(article: Article) -> str:
    return reverse("admin:newsroom_article_change", args=[article.pk])
