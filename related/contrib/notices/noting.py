"""Rows for receivers, written in the transaction of the change, and the hint that follows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from related.conf import conf
from related.contrib.notices.models import Notice
from related.domain.transactions import after_commit
from related.wakeups import send_hint

SEND_NOTICES = "related.tasks.send_notices"
ROWS_AT_ONCE = 500


def on_documents_changed(sender: Any, document_ids: Sequence[int], **kwargs: Any) -> None:
    _note(conf.notices, document_ids, Notice.What.DOCUMENT)


def on_pages_changed(sender: Any, document_ids: Sequence[int] | None, **kwargs: Any) -> None:
    if document_ids is None:
        _note(conf.notices, [None], Notice.What.EVERYTHING)
    else:
        _note(conf.notices, document_ids, Notice.What.LINKS)


def _note(receivers: Iterable[str], keys: Sequence[int | None], what: Notice.What) -> None:
    if not keys:
        return
    for name in receivers:
        rows = [Notice(receiver=name, document_id=key, what=what) for key in keys]
        Notice.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
        after_commit(send_hint, SEND_NOTICES, name)
