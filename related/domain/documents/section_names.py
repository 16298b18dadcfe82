"""What a site calls its sections, of which documents keep the keys."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Max

from related.domain.documents.loading import load_objects
from related.domain.documents.texts import section_name_of
from related.models import Document


def names_of_sections(keys: Iterable[str]) -> dict[str, str]:
    """What the newest document in each of these sections says of it, as ``read_section_names``."""
    wanted = set(keys)
    documents = Document.objects.indexed().filter(section__in=wanted - {""}).order_by()
    newest = documents.values("section").values_list(Max("pk"), flat=True)
    names = read_section_names(Document.objects.filter(pk__in=newest))
    return {key: names.get(key, key) for key in wanted}


def read_section_names(documents: Iterable[Document]) -> dict[str, str]:
    """The name of each section that some of these documents are in, by its key; the key itself
    where the site says nothing. One query per model."""
    rows = [document for document in documents if document.section]
    objects = load_objects(rows, public=False)
    names = {}
    for row in rows:
        obj, source = objects.get(row.pk), row.source
        # One that was moved since the workers looked says the name of another section.
        is_there = obj is not None and source.section(obj) == row.section
        names[row.section] = (is_there and section_name_of(source, obj)) or row.section
    return names
