from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

import related
from tests.sites.pages.models import Event, Recipe, Story


class PageSource(related.Source):
    def queryset(self) -> QuerySet[Any]:
        return self.model._default_manager.select_related("parent")

    def public(self) -> QuerySet[Any]:
        return self.queryset().filter(is_live=True)

    def title(self, obj: Any) -> str:
        return str(obj.title)

    def url(self, obj: Any) -> str:
        return str(obj.path())

    def language(self, obj: Any) -> str:
        return "en"


@related.register(Story)
class StorySource(PageSource):
    def text(self, obj: Any) -> str:
        return str(obj.body)


@related.register(Event)
class EventSource(PageSource):
    def text(self, obj: Any) -> str:
        return str(obj.about)


@related.register(Recipe)
class RecipeSource(related.Source):
    def queryset(self) -> QuerySet[Any]:
        return Recipe.objects.all()

    def public(self) -> QuerySet[Any]:
        return Recipe.objects.all()

    def title(self, obj: Any) -> str:
        return str(obj.title)

    def text(self, obj: Any) -> str:
        return str(obj.steps)

    def url(self, obj: Any) -> str:
        return f"/recipes/{obj.pk}/"

    def language(self, obj: Any) -> str:
        return "en"
