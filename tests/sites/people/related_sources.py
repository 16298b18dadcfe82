from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

import related
from tests.sites.people.models import Story


@related.register(Story)
class StorySource(related.Source):
    def queryset(self) -> QuerySet[Story]:
        return Story.objects.all()

    def public(self) -> QuerySet[Story]:
        return Story.objects.all()

    def title(self, obj: Any) -> str:
        return str(obj.title)

    def text(self, obj: Any) -> str:
        return str(obj.body)

    def url(self, obj: Any) -> str:
        return f"/stories/{obj.pk}/"

    def language(self, obj: Any) -> str:
        return "en"
