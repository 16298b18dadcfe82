"""What others read of an article's page: search engines, and networks that show its links."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from newsroom.articles.models import Article
from newsroom.articles.teasers import teaser_of
from related.addresses import web_address

# Nothing but these could end a script element, or open a comment in it.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&"}


@dataclass(frozen=True)
class SeenFromOutside:
    """An article by whole addresses and in a few words."""

    article: Article
    url: str
    front_url: str
    picture_url: str  # empty without a picture
    description: str

    @classmethod
    def of(cls, article: Article, request: HttpRequest) -> SeenFromOutside:
        picture = web_address(article.image_url)
        return cls(
            article,
            url=request.build_absolute_uri(article.get_absolute_url()),
            front_url=request.build_absolute_uri(reverse("newsroom:front")),
            picture_url=request.build_absolute_uri(picture) if picture else "",
            description=teaser_of(article.excerpt, article.body),
        )

    def json_ld(self) -> SafeString:
        """The article by schema.org, as a script element. It is data, so that the policy against
        inline scripts does not concern it."""
        written = json.dumps(self.structured(), ensure_ascii=False).translate(_ESCAPES)
        return format_html('<script type="application/ld+json">{}</script>', SafeString(written))

    def structured(self) -> dict[str, Any]:
        """schema.org's NewsArticle, without what is not known."""
        article = self.article
        paper = {"@type": "NewsMediaOrganization", "name": settings.NEWSROOM_NAME}
        persons = [{"@type": "Person", "name": name} for name in article.authors]
        agency = {"@type": "Organization", "name": article.source or settings.NEWSROOM_NAME}
        known = {
            "headline": article.title,
            "description": self.description,
            "inLanguage": article.language,
            "image": self.picture_url,
            "datePublished": article.published_at and article.published_at.isoformat(),
            "dateModified": article.updated_at.isoformat(),
            "author": persons or [agency],
            "publisher": {**paper, "url": self.front_url},
            "articleSection": article.section and article.section.name,
            "keywords": [tag.name for tag in article.tags.all()],
        }
        return {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "@id": self.url,
            "url": self.url,
            "mainEntityOfPage": self.url,
            **{name: value for name, value in known.items() if value},
        }
