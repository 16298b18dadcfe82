"""A button that an editor pressed, with what it sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from related.domain.decisions.writing import LinkRef
from related.domain.desk.page import title_of
from related.models import Document, Slot


@dataclass(frozen=True, slots=True)
class Click:
    """A button pressed by an editor, with what its form sent."""

    document: Document
    obj: Any
    user: Any
    data: dict[str, Any]

    @property
    def slot(self) -> Slot:
        slot: Slot = self.data["slot"]
        return slot

    @property
    def place(self) -> LinkRef:
        return LinkRef(self.document, self.slot, self.data["target"])

    @property
    def seen(self) -> dict[str, Any]:
        """Who decides, and the version that was on the page."""
        return {"user": self.user, "version": self.data["version"]}

    @property
    def names(self) -> dict[str, str]:
        """For the message: the title of the target and the heading of the slot."""
        return {"title": title_of(self.data["target"]), "slot": self.slot.name}
