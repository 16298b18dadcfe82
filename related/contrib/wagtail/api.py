"""The links of pages in Wagtail's own API: ``APIField("related_links", RelatedLinksField())``."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Model
from rest_framework import serializers

from related.api.serializers import SlotSerializer
from related.domain.documents.originals import original_of
from related.domain.pages.placing import Page, place_links
from related.registry import source_for

PAGES = "related_pages"


class RelatedLinksField(serializers.Field[Any, Any, Any, Any]):
    """The slots of a page with their links, as the plugin's own API has them.

    In a list all pages are read together, in a constant number of queries per page type.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, source="*", **kwargs)

    def to_representation(self, value: Any) -> dict[str, Any]:
        page = self._pages().get(value.pk) or _read([value])[value.pk]
        return {key: SlotSerializer(slot).data for key, slot in page.slots.items()}

    def _pages(self) -> dict[Any, Page]:
        """The pages of a list; none where one page alone is asked for."""
        serializer: Any = self.parent
        among = getattr(serializer, "parent", None)
        if not isinstance(among, serializers.ListSerializer):
            return {}
        context: Any = self.context
        if PAGES not in context:
            context[PAGES] = _read(list(among.instance or ()))
        pages: dict[Any, Page] = context[PAGES]
        return pages


def _read(objects: list[Any]) -> dict[Any, Page]:
    originals = [original_of(obj) for obj in objects]
    keys: dict[type[Model], list[Any]] = defaultdict(list)
    for obj in originals:
        keys[type(obj)].append(obj.pk)
    # With all that their sources read of them; the site's API asks for less.
    whole = {
        obj.pk: obj
        for model, some in keys.items()
        for obj in source_for(model).queryset().filter(pk__in=some)
    }
    pages = place_links([whole.get(obj.pk, obj) for obj in originals])
    return dict(zip((obj.pk for obj in objects), pages, strict=True))
