"""Signals that a site may listen to."""

from __future__ import annotations

from django.dispatch import Signal

__all__ = [
    "documents_changed",
    "health_measured",
    "links_changed",
    "pages_changed",
    "sweeping",
]

# Sent after commit with ``document_ids`` (list of Document primary keys) when the links that the
# public may see can have changed: an editor decided, or workers stored new suggestions. None in
# place of the list says that every page can have changed, as when a slot gets another heading. A
# site with a cache in front of it purges those pages here.
links_changed = Signal()

# Both are sent inside the transaction that makes the change, with ``document_ids``: what a receiver
# stores is committed or rolled back with the change, and what it raises breaks the change. So store
# a row, and do no more. ``documents_changed``: the site saved, withdrew or deleted these.
# ``pages_changed``: what stands on the pages of these is another; None for every page.
documents_changed = Signal()
pages_changed = Signal()

# Sent by ``process_related`` each time it looks for work, outside any transaction: an app that
# keeps work of its own in the database does some of it here.
sweeping = Signal()

# Sent when the health of the work is measured. A receiver returns a list of
# ``related.domain.reports.concerns.Concern``, which the health page and ``related_health`` show.
health_measured = Signal()
