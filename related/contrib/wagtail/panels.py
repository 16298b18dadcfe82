"""``RelatedLinksPanel``: what stands and what would stand on a page, in Wagtail's editor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel

from related.contrib.wagtail.desk import may_use_desk, review_url
from related.domain.documents.marking import document_of
from related.domain.documents.originals import original_of
from related.domain.pages.placing import Link, place_links
from related.enums import LinkSource
from related.registry import is_registered


class RelatedLinksPanel(Panel):  # type: ignore[misc]  # Wagtail has no types
    """The slots of a page with their approved and suggested links, and the way to its review.

    For those who may review, on pages that are stored. Deciding is done at the desk.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"heading": _("Related articles"), **kwargs})

    class BoundPanel(Panel.BoundPanel):  # type: ignore[misc]
        template_name = "related/wagtail_panel.html"

        def is_shown(self) -> bool:
            page = self.instance
            return (
                page is not None
                and page.pk is not None
                and is_registered(type(page))
                and self.request is not None
                and may_use_desk(self.request.user)
            )

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            original = original_of(self.instance)
            document = document_of(original)
            return {
                **context,
                "slots": _slots_of(original),
                "review_url": review_url(document) if document else "",
            }


def _slots_of(page: Any) -> list[tuple[str, list[tuple[Link, str]]]]:
    """Heading and links of each slot that has any, with what became of each link so far."""
    [shown] = place_links([page])
    [possible] = place_links([page], preview=True)
    return [
        (slot.heading, [(link, _state_of(link, shown.slots[key].items)) for link in slot.items])
        for key, slot in possible.slots.items()
        if slot.items
    ]


def _state_of(link: Link, shown: Sequence[Link]) -> str:
    is_shown = any((link.type, link.id) == (other.type, other.id) for other in shown)
    if link.source == LinkSource.AUTOMATIC and not is_shown:
        return gettext("suggested")
    return str(LinkSource(link.source).label)
