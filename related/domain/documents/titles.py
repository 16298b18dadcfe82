"""Titles of documents for operators: of whatever is still there, public or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from related.models import Document
from related.registry import registered


def read_titles(documents: Iterable[Document]) -> dict[int, str]:
    """The live title of each document, by document id; its label where there is none to read.

    One query per model. A page that lists what failed must not fail with it: the site's own
    ``title()`` may be the very thing that is broken.
    """
    titles = {}
    by_model: dict[type[Model], dict[Any, Document]] = defaultdict(dict)
    for document in documents:
        titles[document.pk] = document.label
        model = document.kind.model_class()
        if model in registered():
            by_model[model][model._meta.pk.to_python(document.object_id)] = document
    for model, rows in by_model.items():
        source = registered()[model]
        for obj in model._base_manager.filter(pk__in=list(rows)):
            document = rows[obj.pk]
            try:
                title = " ".join(str(source.title(obj)).split())
            except Exception:  # noqa: BLE001 - the site's own code ran here
                title = ""
            titles[document.pk] = title or document.label
    return titles
