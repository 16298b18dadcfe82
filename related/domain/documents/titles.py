"""Titles of documents for operators: of whatever is still there, public or not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from related.domain.documents.loading import load_stored
from related.domain.documents.texts import title_of
from related.models import Document


def read_titles(documents: Iterable[Document]) -> dict[int, str]:
    """The live title of each document, by document id; its label where there is none to read.

    One query per model. A page that lists what failed must not fail with it: the site's own
    ``title()`` may be the very thing that is broken.
    """
    wanted = {document.pk: document for document in documents}
    objects = load_stored(wanted.values())
    return {
        pk: _read_title(document, objects[pk]) if pk in objects else document.label
        for pk, document in wanted.items()
    }


def _read_title(document: Document, obj: Any) -> str:
    try:
        title = title_of(document.source, obj)
    except Exception:  # noqa: BLE001 - the site's own code ran here
        title = ""
    return title or document.label
