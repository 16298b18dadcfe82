"""Signals that a site may listen to."""

from __future__ import annotations

from django.dispatch import Signal

__all__ = ["links_changed"]

# Sent after commit with ``document_ids`` (list of Document primary keys) when the links that the
# public may see can have changed: an editor decided, or workers stored new suggestions. None in
# place of the list says that every page can have changed, as when a slot gets another heading. A
# site with a cache in front of it purges those pages here.
links_changed = Signal()
