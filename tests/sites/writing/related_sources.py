from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

import related
from tests.sites.writing.models import Story


@related.register(Story)
class StorySource(related.Source):
    def queryset(self) -> QuerySet[Story]:
        return Story.objects.filter(is_out=True)

    def public(self) -> QuerySet[Story]:
        return Story.objects.filter(is_out=True)

    def drafts(self) -> QuerySet[Story]:
        return Story.objects.filter(is_out=False)

    def title(self, obj: Any) -> str:
        return str(obj.title)

    def text(self, obj: Any) -> str:
        return str(obj.body)

    def url(self, obj: Any) -> str:
        assert obj.is_out, "nobody asks for the address of a draft"
        return f"/stories/{obj.pk}/"

    def language(self, obj: Any) -> str:
        return "en"
