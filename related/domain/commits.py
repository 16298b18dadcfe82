"""What happens once a change is in the database for good."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction

from related.models import Document
from related.signals import links_changed


def after_commit(function: Callable[..., object], *args: Any) -> None:
    """Call a function when the transaction commits; what it raises is logged and hurts nobody.

    The change is saved by then, so a broker that is away must not become an error page.
    """

    # A function of its own: to log a failure Django asks for the name, which a partial has not.
    def call() -> None:
        function(*args)

    transaction.on_commit(call, robust=True)


def announce_changes(document_ids: Iterable[int]) -> None:
    """Send ``links_changed`` for these documents when the transaction commits."""
    keys = sorted(document_ids)
    after_commit(lambda: links_changed.send_robust(Document, document_ids=keys))
