"""Addresses of the public API."""

from __future__ import annotations

from newsroom.articles.models import Article

LINKS = "/api/v1/links/"


def address_of(article: Article) -> str:
    return f"{LINKS}newsroom.article/{article.pk}/"
