"""Public objects are read as the site's own queryset would read them, whatever it is like."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F, Q, QuerySet, Value
from django.utils import timezone

from newsroom.articles.models import Article
from related.domain.documents.cards import Cards
from related.registry import Source, source_for
from tests.related.stored_articles import make_article

pytestmark = pytest.mark.django_db

Queryset = Callable[[], QuerySet[Article]]

PUBLIC: dict[str, Queryset] = {
    "everything": Article.objects.all,
    "nothing": Article.objects.none,
    "conditions": lambda: Article.objects.visible().select_related("section"),
    "either": lambda: Article.objects.filter(Q(title="A") | Q(section__name="Sport")),
    "not": lambda: Article.objects.exclude(title="A"),
    "not in another table": lambda: Article.objects.exclude(tags__name="hidden"),
    "subquery": lambda: Article.objects.filter(pk__in=Article.objects.filter(title="A")),
    "annotated": lambda: Article.objects.annotate(one=Value(1)).filter(one=1),
    "distinct": lambda: Article.objects.filter(section__isnull=False).distinct(),
    "union": lambda: Article.objects.filter(pk__in=Article.objects.filter(title="B").values("pk")),
    "ordered by another table": lambda: Article.objects.order_by("section__name"),
    "deferred": lambda: Article.objects.defer("body"),
    "prefetched": lambda: Article.objects.prefetch_related("tags"),
    "two fields": lambda: Article.objects.filter(created_at__lte=F("updated_at")),
}


class SiteSource(Source):
    """The newsroom's own, with another idea of what is public."""

    def __init__(self, public: Queryset, fields: tuple[str, ...]) -> None:
        super().__init__(Article)
        self.of = source_for(Article)
        self._public = public
        self.card_fields = fields

    def public(self) -> QuerySet[Article]:
        return self._public()

    def title(self, obj: Any) -> str:
        return obj.title

    def url(self, obj: Any) -> str:
        return self.of.url(obj)

    def section_name(self, obj: Any) -> str:
        return self.of.section_name(obj)


@pytest.mark.parametrize("fields", [(), ("title", "slug", "section__name")])
@pytest.mark.parametrize("name", PUBLIC)
def test_as_the_queryset_itself(name: str, fields: tuple[str, ...]) -> None:
    for title, section in (("A", "City"), ("B", "Sport"), ("C", "")):
        make_article(title, section=section)
    articles = Article.objects.in_bulk()
    source = SiteSource(PUBLIC[name], fields)
    for _again in range(2):
        cards = Cards()
        cards.ask((source, str(pk)) for pk in articles)
        allowed = set(PUBLIC[name]().values_list("pk", flat=True))
        assert {pk for pk in articles if (source, str(pk)) in cards} == allowed
        for pk in allowed:
            card = cards.card((source, str(pk)))
            assert (card.title, card.url) == (articles[pk].title, articles[pk].get_absolute_url())
            assert card.section == (articles[pk].section.name if articles[pk].section else "")


def test_the_clock_of_the_site_is_asked_each_time() -> None:
    moment = timezone.now()
    clock = [moment - timedelta(days=2)]
    source = SiteSource(lambda: Article.objects.visible(clock[0]), ("title", "slug"))
    article = make_article("A", days_old=1)
    key = source, str(article.pk)
    for now, is_out in ((clock[0], False), (moment, True), (clock[0], False)):
        clock[0] = now
        cards = Cards()
        cards.ask([key])
        assert (key in cards) is is_out


def test_a_card_follows_its_object() -> None:
    article = make_article("A")
    key = source_for(Article), str(article.pk)
    for title in ("A", "B", "A"):
        Article.objects.filter(pk=article.pk).update(title=title)
        cards = Cards()
        cards.ask([key])
        assert cards.card(key).title == title
