"""What people chose before the plugin was there becomes approvals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from related.domain.decisions.evidence import evidence_of
from related.domain.decisions.writing import Change, LinkRef, setting
from related.domain.decisions.writing_many import change_each
from related.enums import Action
from related.models import Document, Slot


def approve_undecided(
    document: Document, slot: Slot, targets: Sequence[Document], *, user: Any
) -> int:
    """Approve targets in a slot, in their order; what anybody decided on already stays, and what
    sensitive articles keep away is passed over.

    Returns:
        How many were approved, all of them by one operation of the log.
    """
    links = [LinkRef(document, slot, target) for target in targets if target.pk != document.pk]
    changes = [
        Change(link, Action.APPROVE, setting(new | {"position": position}), 0)
        for position, (link, new) in enumerate(zip(links, evidence_of(links), strict=True))
    ]
    return change_each(changes, user=user, operation=uuid4())[0]
