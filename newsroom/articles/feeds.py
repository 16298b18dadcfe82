"""The feeds of the newest articles, as RSS and as Atom."""

from __future__ import annotations

from datetime import datetime

from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.urls import reverse_lazy
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext_lazy as _

from newsroom.articles.cleaning import clean
from newsroom.articles.models import Article
from newsroom.articles.templatetags.newsroom import newsroom_name, teaser

N_ITEMS = 30


class LatestArticles(Feed):
    """Texts are cleaned once more: what other code stored must not cost all readers the feed."""

    link = reverse_lazy("newsroom:front")
    description = _("The newest articles.")

    def title(self) -> str:
        return newsroom_name()

    def items(self) -> QuerySet[Article]:
        return Article.objects.visible().listed()[:N_ITEMS]

    def item_title(self, item: Article) -> str:
        return clean(item.title)

    def item_description(self, item: Article) -> str:
        return clean(teaser(item))

    def item_pubdate(self, item: Article) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Article) -> datetime:
        return item.updated_at

    def item_categories(self, item: Article) -> list[str]:
        return [clean(item.section.name)] if item.section else []


class LatestArticlesAsAtom(LatestArticles):
    feed_type = Atom1Feed
    subtitle = LatestArticles.description
