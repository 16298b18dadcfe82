"""Links as a file names them: two ids a line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from related.domain.documents.lookup import find_documents

Links = list[tuple[str, str]]
HEADER = ("id_from", "id_to")


@dataclass(frozen=True, slots=True)
class KnownLinks:
    """Links of a file between indexed documents."""

    pairs: list[tuple[int, int]]
    unknown: list[str]  # ids in the file that name no indexed document


def read_links(lines: Iterable[str]) -> Links:
    """Pairs of ids from tab-separated lines; a header ``id_from<TAB>id_to`` and blanks are skipped.

    Raises:
        ValueError: a line has not two columns; the message gives its number.
    """
    links: Links = []
    for number, line in enumerate(lines, start=1):
        columns = tuple(column.strip() for column in line.removeprefix("\ufeff").split("\t"))
        if columns == HEADER or not any(columns):
            continue
        if len(columns) < 2 or not columns[0] or not columns[1]:
            message = _("Line %(line)d: expected two ids separated by a tab, found %(found)r.")
            raise ValueError(message % {"line": number, "found": line.strip()})
        links.append((columns[0], columns[1]))
    return links


def find_links(links: Links) -> KnownLinks:
    """The documents that links name; a link to itself is none."""
    references = sorted({reference for link in links for reference in link})
    documents = {
        reference: document.pk
        for reference, document in find_documents(references).items()
        if document.is_indexed
    }
    pairs = [
        (documents[a], documents[b])
        for a, b in links
        if a in documents and b in documents and documents[a] != documents[b]
    ]
    return KnownLinks(pairs, [name for name in references if name not in documents])
